import AssessmentModel
import ProbeKit

@testable import TLSProbe

/// How the probe looks at a server of the demonstration bank.
enum DemoTarget {
  static let now = 1_795_000_000.0  // 2026-11-18
  static let name = "pay.example-bank.test"

  /// - Parameters:
  ///   - scheme: of the locator, `tls` or `tlcp`.
  ///   - showsPair: whether the probe has a client pair.
  static func inspect(
    _ scheme: String, port: Int, showsPair: Bool = false, parameters: [String: FactValue] = [:],
    within time: Duration = .seconds(40)
  ) async throws -> Observation {
    var all: [String: FactValue] = ["sni": .text(name)]
    if showsPair { for (name, value) in TestPKI.pairParameters { all[name] = .text(value) } }
    let probe = try TLSEndpointProbe(
      parameters: all.merging(parameters) { $1 }, source: .system,
      now: { "2026-11-18T12:00:00Z" })
    let object = AssessmentObject(
      id: "gw", kind: .channel, locator: "\(scheme)://127.0.0.1:\(port)")
    return await probe.inspect(object, until: .now + time)
  }
}
