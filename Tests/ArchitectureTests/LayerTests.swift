import Testing

/// The layers of the package: a module may use lower layers only.
@Suite("Layers")
struct LayerTests {
  static let layers: [Set<String>] = [
    ["AssessmentModel", "Bytes", "COpenSSL", "CLibYAML", "CPcap", "CPostgres"],
    [
      "YAMLDocument", "NationalCrypto", "Connections", "ProbeKit", "Judging", "Scoring", "Gating",
      "Comparing", "Reporting",
    ],
    ["Settings", "ControlCatalog", "Planning", "Running", "ResultStore", "Sealing"],
    ["Assessment", "ProbeRegistry", "DemoBank"],
    ["miping"],
  ]

  /// What a module may use beside lower layers.
  static let beside: [String: Set<String>] = ["Running": ["Planning"]]

  /// The one outside package of a module; no other module sees its types.
  static let packages = [
    "Connections": "swift-nio", "ResultStore": "GRDB.swift", "AuditLogProbe": "GRDB.swift",
    "PINProbe": "GRDB.swift", "Reporting": "swift-mustache", "miping": "swift-argument-parser",
  ]

  /// Every probe is in layer 2: `Probes/` holds nothing else but the registry.
  static func layer(of name: String, probes: Set<String>) -> Int? {
    probes.contains(name) ? 2 : layers.firstIndex { $0.contains(name) }
  }

  private func modules() async throws -> (modules: [Manifest.Target], probes: Set<String>) {
    let modules = try await Manifest.load().targets.filter {
      $0.type != "test" && $0.path?.hasPrefix("Tests/") != true
    }
    let probes = modules.filter { $0.path?.hasPrefix("Probes/") == true }.map(\.name)
    return (modules, Set(probes).subtracting(["ProbeRegistry"]))
  }

  @Test("every module has a layer and uses lower ones only")
  func layering() async throws {
    let (modules, probes) = try await modules()
    #expect(modules.count >= 20 && probes.count >= 2)
    for module in modules {
      let layer = try #require(
        Self.layer(of: module.name, probes: probes), "\(module.name) has no layer")
      for name in module.dependencies.compactMap(\.module) {
        let other = try #require(Self.layer(of: name, probes: probes), "\(name) has no layer")
        #expect(
          other < layer || Self.beside[module.name, default: []].contains(name),
          "\(module.name) (layer \(layer)) uses \(name) (layer \(other))")
      }
    }
  }

  @Test("probes never use each other, and only the registry knows which there are")
  func probes() async throws {
    let (modules, probes) = try await modules()
    for module in modules where module.name != "ProbeRegistry" {
      let used = module.dependencies.compactMap(\.module).filter(probes.contains)
      #expect(used.isEmpty, "\(module.name) uses \(used)")
    }
    let registry = try #require(modules.first { $0.name == "ProbeRegistry" })
    let listed = Set(registry.dependencies.compactMap(\.module))
    #expect(listed.isSuperset(of: probes))
  }

  @Test("a module has at most one outside package, the one it is there for")
  func outside() async throws {
    for module in try await modules().modules {
      for package in Set(module.dependencies.compactMap(\.package)) {
        #expect(Self.packages[module.name] == package, "\(module.name) uses \(package)")
      }
    }
  }

  @Test("only tests use what is made for tests")
  func support() async throws {
    for module in try await modules().modules {
      #expect(!module.dependencies.contains { $0.module == "TestSupport" }, "\(module.name)")
    }
  }
}
