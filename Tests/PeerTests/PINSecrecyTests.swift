import Foundation
import TestSupport
import Testing

@Suite("PIN data in logs", .enabled(if: peersAreWanted), .timeLimit(.minutes(3)))
struct PINSecrecyTests {
  private static let pan = "6225886526752942"
  private static let pin = "489571"
  private static let field = "06489571FFFFFFFF"
  private static let wideField = "46148711AAAAAAAA749D4077911C20FA"
  private static let block = "1A2B3C4D5E6F7081"
  private static let key = "29F1EF7FF146E5251662BC58C71AB032"

  /// The PIN field of format 0 with the account in it.
  private static func clearBlock() throws -> String {
    guard let word = UInt64(field, radix: 16),
      let account = UInt64(pan.dropLast().suffix(12), radix: 16)
    else { throw SupportError("no block") }
    return "0" + String(word ^ account, radix: 16, uppercase: true)
  }

  /// What may be nowhere, in hexadecimal and in Base64.
  private static func secrets() throws -> [String] {
    let values = [field, wideField, block, key, try clearBlock()]
    let encoded = values.map { value in
      let digits = Array(value)
      let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(digits[$0...$0 + 1]), radix: 16)
      }
      return Data(bytes).base64EncodedString()
    }
    return [pan, pin] + values + encoded
  }

  @Test(
    "no PIN, key, full PAN or block is in what a run prints, reports, keeps as evidence or stores")
  func secrecy() async throws {
    let folder = try Folder()
    let secrets = try Self.secrets()
    let lines =
      secrets.dropFirst(2).map { "pan=\(Self.pan) pin=\(Self.pin) value=\($0)" }
      + ["DE52=\(Self.block)", "clear key=\(Self.key)", "\(Self.pan) \(Self.pin)"]
    try FileManager.default.createDirectory(
      atPath: folder.path("logs"), withIntermediateDirectories: true)
    try folder.write(lines.joined(separator: "\n") + "\n", to: "logs/switch-\(Self.pan).log")
    try folder.write(
      """
      keys: [{id: zpk, algorithm: TDES-2K, role: pin, value: \(Self.key)}]
      transactions: [{id: t1, pan: "\(Self.pan)", pin: "\(Self.pin)", format: 0, key: zpk}]
      """, to: "canaries.yaml")
    try folder.write(
      """
      service: zpk-translate
      production: true
      adapter: payshield
      at: tcp://127.0.0.1:1500
      header: SSSS
      logs: [logs]
      """, to: "service.yaml")
    try folder.write(
      scope([]).replacing(
        "objects:\n",
        with: "objects:\n  - {id: pin, kind: pin-service, service: service.yaml, logs: logs, "
          + "canaries: canaries.yaml}\n"), to: "scope.yaml")
    let probe = ["probe", "run", "pin.logs", "logs", "--param", "canaries=canaries.yaml"]
    let json = try await Miping.run(probe + ["-f", "json"], in: folder)
    let table = try await Miping.run(probe, in: folder)
    let run = try await Miping.run(
      ["assess", "scope.yaml", "-f", "table", "-f", "json:r.json", "-f", "html:r.html"]
        + ["-f", "junit:r.xml"], in: folder)
    #expect(run.code == 0 || run.code == 1, "\(run.errText)")
    #expect(try JSON(reading: json.out)["facts"]["pin.leak-forms"].items.count >= 4)

    var outputs = [
      json.out, json.err, table.out, table.err, run.out, run.err,
    ].enumerated().map { (name: "output \($0.offset)", bytes: $0.element) }
    let given = ["canaries.yaml", "service.yaml", "scope.yaml"]
    for case let name as String in FileManager.default.enumerator(atPath: folder.path) ?? .init() {
      guard !name.hasPrefix("logs"), !given.contains(name),
        let data = FileManager.default.contents(atPath: folder.path(name))
      else { continue }
      outputs.append((name, Array(data)))
    }
    #expect(outputs.contains { $0.name.contains("evidence/") && $0.name.hasSuffix(".json") })
    #expect(outputs.contains { $0.name.hasSuffix(".db") })
    for (name, bytes) in outputs {
      let text = String(decoding: bytes, as: UTF8.self).uppercased()
      for secret in secrets { #expect(!text.contains(secret.uppercased()), "\(name)") }
    }
    let shown = outputs.filter {
      String(decoding: $0.bytes, as: UTF8.self).contains("622588******2942")
    }
    #expect(shown.contains { $0.name.contains("evidence/") })
  }
}
