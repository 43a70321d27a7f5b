import Assessment
import AssessmentModel
import Foundation
import Gating
import ResultStore
import Sealing
import Testing

/// A bank in a temporary folder: controls, scope, answers, out folder and store. Removed with the test.
final class Bench: Sendable {
  /// 2026-12-03 12:00 in Shanghai.
  static let noon = 1_796_270_400.0

  let folder: String
  let world: World

  init(_ world: World = World(), scope: Scope = Scope()) throws {
    folder =
      FileManager.default.temporaryDirectory.appending(path: "assess-\(UUID().uuidString)").path
    self.world = world
    for (name, text) in SmallControls.files { try write(text, to: "Controls/\(name)") }
    try write(scope.text(world: world.name), to: "scope.yaml")
  }

  deinit {
    world.close()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// The scope's text, part by part.
  struct Scope: Sendable {
    var targets = "127.0.0.0/8"
    var from = "2026-12-01"
    var to = "2026-12-31"
    /// Places of the channels `gw-1`, `gw-2`…
    var channels = ["tls://127.0.0.1:4431", "tls://127.0.0.1:4432"]
    /// More keys of every channel, and of its parameters.
    var keys = ""
    var parameters = ""
    var inspections = 4
    var isAuthorised = true
    var more = ""

    func text(world: String) -> String {
      var lines = ["system: {zh: 示例, en: Example, level: 3, operator: 示例银行}"]
      if isAuthorised {
        lines.append(
          "authorisation: {document: 授权书-1, from: \"\(from)\", to: \"\(to)\", targets: [\(targets)]}"
        )
      }
      lines += ["limits: {inspections: \(inspections), deadline: 20s}", "objects:"]
      for (index, place) in channels.enumerated() {
        lines.append(
          "  - {id: gw-\(index + 1), kind: channel, at: \"\(place)\"\(keys), "
            + "parameters: {world: \(world)\(parameters)}}")
      }
      lines.append(
        "  - {id: keys, kind: asset-store, path: keys, serves: [gw-1], parameters: {world: \(world)}}"
      )
      if !channels.isEmpty {
        lines.append("  - {id: acct-data, kind: data, travels: [gw-1]}")
      }
      return lines.joined(separator: "\n") + "\n" + more
    }
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  func write(_ text: String, to name: String) throws {
    let url = URL(filePath: path(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  func request(
    resume: AssessmentRequest.Resume = .no, at time: Double = noon
  ) -> AssessmentRequest {
    AssessmentRequest(
      scopePath: path("scope.yaml"), controlsFolder: path("Controls"), gate: .none,
      out: path("out"), resume: resume, toolVersion: "0.0.1",
      probes: [LookProbe.self, StoreProbe.self], now: { time })
  }

  func run(
    _ request: AssessmentRequest? = nil,
    report: @escaping @Sendable (AssessmentEvent) -> Void = { _ in }
  ) async throws -> AssessmentOutcome {
    let request = request ?? self.request()
    // A task of its own, so that a test can interrupt the run and not itself.
    let work = Task { () async -> Result<AssessmentOutcome, AssessmentError> in
      do throws(AssessmentError) {
        return .success(try await assess(request, report: report))
      } catch {
        return .failure(error)
      }
    }
    return try await work.value.get()
  }

  /// What the assessment refused to do.
  func refusal(_ request: AssessmentRequest? = nil) async throws -> AssessmentError {
    let error = await #expect(throws: AssessmentError.self) { try await self.run(request) }
    return try #require(error)
  }

  var store: RunStore { get throws { try RunStore(path: path("miping.db")) } }

  var runs: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path("out"))) ?? []).sorted()
  }

  func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path)))
  }
}

extension Bench {
  /// Inspections of `serial`.
  static let serialTotal = 5

  /// A bank whose five inspections are made one after the other, with every answer given.
  static func serial() throws -> Bench {
    let bench = try Bench(
      scope: Scope(
        channels: (1...4).map { "tls://127.0.0.1:\($0)" }, inspections: 1,
        more: "attestations: attest\n"))
    try bench.write(SelectionTests.answers, to: "attest/a.yaml")
    return bench
  }
}

/// Interrupts the run whose task calls this, as a signal would.
func interrupt() { withUnsafeCurrentTask { $0?.cancel() } }

extension AssessmentOutcome {
  func finding(_ requirement: String, _ object: String?) throws -> Finding {
    try #require(
      result.findings.first { $0.requirement == requirement && $0.object == object },
      "\(result.findings.map { "\($0.requirement) \($0.object ?? "-")" })")
  }

  /// A file of the run, as text; what names this run and its times is blotted out.
  func text(of name: String) throws -> String {
    var text = String(
      decoding: try Data(contentsOf: URL(filePath: "\(folder)/\(name)")), as: UTF8.self)
    for own in [result.run.id, result.run.started, result.run.ended] {
      text = text.replacingOccurrences(of: own, with: "#")
    }
    return text
  }
}

extension AssessmentError {
  var faults: [Fault] {
    switch self {
    case .faults(let faults), .unauthorised(let faults): faults
    case .noControls, .store, .sealing, .wrongUse, .failed: []
    }
  }

  var isUnauthorised: Bool { if case .unauthorised = self { true } else { false } }

  var wrongUse: String? { if case .wrongUse(let message) = self { message.en } else { nil } }
}
