// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "miping",
  products: [.executable(name: "miping", targets: ["miping"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
  ],
  targets: [
    // Layer 0: vocabulary and bindings.
    .systemLibrary(
      name: "COpenSSL", path: "Sources/COpenSSL", pkgConfig: "openssl",
      providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
      name: "CLibYAML", path: "Sources/CLibYAML", pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(
      name: "CPcap", path: "Sources/CPcap", pkgConfig: "libpcap",
      providers: [.apt(["libpcap-dev"])]),
    .systemLibrary(
      name: "CPostgres", path: "Sources/CPostgres", pkgConfig: "libpq",
      providers: [.apt(["libpq-dev"])]),
    module("AssessmentModel"),
    module("Bytes"),

    // Layer 1: one job each, over layer 0.
    module("YAMLDocument", ["AssessmentModel", "CLibYAML"]),
    module("NationalCrypto", ["AssessmentModel", "Bytes", "COpenSSL"]),
    module("Connections", ["Bytes"], packages: [nio("NIOCore"), nio("NIOPosix")]),
    module("ProbeKit", ["AssessmentModel"]),
    module("Judging", ["AssessmentModel"]),
    module("Scoring", ["AssessmentModel"]),
    module("Gating", ["AssessmentModel"]),
    .target(
      name: "Reporting",
      dependencies: [
        "AssessmentModel", .product(name: "Mustache", package: "swift-mustache"),
      ],
      path: "Reports", exclude: ["Schema", "Samples"],
      resources: [
        .embedInCode("Templates/page.mustache"), .embedInCode("Templates/style.css"),
        .embedInCode("Templates/script.js"),
      ]),

    // Layer 2: the pipeline's stages and the probes.
    module("Settings", ["AssessmentModel", "YAMLDocument"]),
    module(
      "ControlCatalog",
      ["AssessmentModel", "Bytes", "NationalCrypto", "ProbeKit", "YAMLDocument"]),
    module("Planning", ["AssessmentModel", "ProbeKit"]),
    module("Running", ["AssessmentModel", "Planning", "ProbeKit"]),
    module(
      "ResultStore", ["AssessmentModel"],
      packages: [.product(name: "GRDB", package: "GRDB.swift")]),
    module("Sealing", ["AssessmentModel", "Bytes", "NationalCrypto"]),
    probe(
      "TLSProbe",
      ["AssessmentModel", "Bytes", "COpenSSL", "CPcap", "Connections", "NationalCrypto"]),
    probe("AlgorithmProbe", ["AssessmentModel", "Bytes", "NationalCrypto"]),
    probe(
      "AuditLogProbe",
      ["AssessmentModel", "Bytes", "COpenSSL", "CPostgres", "NationalCrypto", "YAMLDocument"],
      packages: [.product(name: "GRDBSQLite", package: "GRDB.swift")]),
    probe(
      "PINProbe",
      ["AssessmentModel", "Bytes", "COpenSSL", "Connections", "NationalCrypto", "YAMLDocument"],
      packages: [.product(name: "GRDBSQLite", package: "GRDB.swift")]),

    // Layer 3: the pipeline in one function, the list of probes, the built-in bank.
    .target(
      name: "ProbeRegistry",
      dependencies: ["AlgorithmProbe", "AuditLogProbe", "PINProbe", "ProbeKit", "TLSProbe"],
      path: "Probes/ProbeRegistry"),
    module(
      "Assessment",
      [
        "AssessmentModel", "Bytes", "Connections", "ControlCatalog", "Gating", "Judging",
        "NationalCrypto", "Planning", "ProbeKit", "Reporting", "ResultStore", "Running", "Scoring",
        "Sealing", "Settings",
      ]),
    module("DemoBank", ["AssessmentModel", "Bytes", "COpenSSL", "NationalCrypto"]),

    // Layer 4: the command line.
    .executableTarget(
      name: "miping",
      dependencies: [
        "Assessment", "AssessmentModel", "ControlCatalog", "DemoBank", "Gating", "NationalCrypto",
        "Planning", "ProbeKit", "ProbeRegistry", "Reporting", "ResultStore", "Scoring", "Sealing",
        "Settings", "YAMLDocument",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/miping"),

    // Tests.
    tests("AssessmentModelTests", ["AssessmentModel"]),
    tests("BytesTests", ["Bytes"]),
    tests("YAMLDocumentTests", ["AssessmentModel", "YAMLDocument"]),
    tests("NationalCryptoTests", ["AssessmentModel", "Bytes", "NationalCrypto"], fixtures: true),
    tests("ConnectionsTests", ["Connections"]),
    tests("ProbeKitTests", ["ProbeKit"]),
    tests(
      "JudgingTests",
      ["AssessmentModel", "ControlCatalog", "Judging", "ProbeKit", "ProbeRegistry"]),
    tests("ScoringTests", ["AssessmentModel", "Scoring"], fixtures: true),
    tests("ReportingTests", ["AssessmentModel", "Reporting"]),
    tests("SettingsTests", ["AssessmentModel", "Scoring", "Settings", "YAMLDocument"]),
    tests(
      "ControlCatalogTests", ["AssessmentModel", "ControlCatalog", "ProbeKit", "ProbeRegistry"]),
    tests(
      "ResultStoreTests", ["AssessmentModel", "ResultStore"],
      packages: [.product(name: "GRDB", package: "GRDB.swift")], fixtures: true),
    tests("SealingTests", ["AssessmentModel", "Sealing"], fixtures: true),
    tests(
      "TLSProbeTests",
      [
        "AssessmentModel", "Bytes", "Connections", "DemoBank", "NationalCrypto", "ProbeKit",
        "TLSProbe",
      ],
      fixtures: true),
    tests(
      "AlgorithmProbeTests", ["AlgorithmProbe", "AssessmentModel", "NationalCrypto", "ProbeKit"],
      fixtures: true),
    tests(
      "PINProbeTests",
      [
        "AssessmentModel", "Bytes", "COpenSSL", "Connections", "DemoBank", "NationalCrypto",
        "PINProbe", "ProbeKit",
      ],
      packages: [.product(name: "GRDBSQLite", package: "GRDB.swift")], fixtures: true),
    tests(
      "AuditLogProbeTests",
      [
        "AssessmentModel", "AuditLogProbe", "Bytes", "NationalCrypto", "ProbeKit",
        "YAMLDocument",
      ],
      packages: [.product(name: "GRDB", package: "GRDB.swift")], fixtures: true),
    tests(
      "DemoBankTests",
      [
        "AssessmentModel", "AuditLogProbe", "COpenSSL", "ControlCatalog", "DemoBank",
        "NationalCrypto", "ProbeKit", "ProbeRegistry", "Settings",
      ]),
    tests("PlanningTests", ["AssessmentModel", "Planning", "ProbeKit"]),
    tests("RunningTests", ["AssessmentModel", "Planning", "ProbeKit", "Running"]),
    tests("GatingTests", ["AssessmentModel", "Gating"]),
    tests(
      "AssessmentTests",
      [
        "Assessment", "AssessmentModel", "Gating", "ProbeKit", "Reporting", "ResultStore",
        "Sealing",
      ]),
    tests(
      "mipingTests",
      ["Assessment", "AssessmentModel", "Gating", "ResultStore", "Sealing", "miping"],
      packages: [.product(name: "ArgumentParser", package: "swift-argument-parser")]),
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    tests("ArchitectureTests", ["AssessmentModel", "ProbeKit", "ProbeRegistry"]),
    tests("PeerTests", []),
    .executableTarget(
      name: "miping-benchmarks",
      dependencies: [
        "AssessmentModel", "AuditLogProbe", "Bytes", "ControlCatalog", "Judging",
        "NationalCrypto", "PINProbe", "ProbeKit", "ProbeRegistry", "Reporting", "Scoring",
        nio("NIOCore"), nio("NIOPosix"), .product(name: "GRDB", package: "GRDB.swift"),
      ],
      path: "Tests/Benchmarks"),
  ],
  swiftLanguageModes: [.v6]
)

func module(
  _ name: String, _ modules: [String] = [], packages: [Target.Dependency] = []
) -> Target {
  .target(
    name: name, dependencies: modules.map { .byName(name: $0) } + packages,
    path: "Sources/\(name)")
}

/// A probe family: one folder, one module.
func probe(
  _ name: String, _ modules: [String], packages: [Target.Dependency] = []
) -> Target {
  .target(
    name: name, dependencies: (["ProbeKit"] + modules).map { .byName(name: $0) } + packages,
    path: "Probes/\(name)", exclude: ["Facts.md"])
}

/// Tests of one module, or of the whole (`PeerTests`, `ArchitectureTests`). Fixtures are found by path.
func tests(
  _ name: String, _ modules: [String], packages: [Target.Dependency] = [], fixtures: Bool = false
) -> Target {
  .testTarget(
    name: name, dependencies: (modules + ["TestSupport"]).map { .byName(name: $0) } + packages,
    path: "Tests/\(name)", exclude: fixtures ? ["Fixtures"] : [])
}

func nio(_ product: String) -> Target.Dependency { .product(name: product, package: "swift-nio") }

// `make fuzz` alone: the target can only be linked with `-sanitize=fuzzer`.
if Context.environment["MIPING_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "miping-fuzz",
      dependencies: ["AssessmentModel", "Bytes", "NationalCrypto", "PINProbe", "TLSProbe"],
      path: "Tests/Fuzz"))
}

// Every target of ours is strict: Swift 6, the upcoming rules on, warnings are errors.
for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
  ]
}
