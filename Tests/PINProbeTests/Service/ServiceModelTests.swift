import AssessmentModel
import PINProbe
import ProbeKit
import TestSupport
import Testing

@Suite("The description of a PIN service")
struct ServiceModelTests {
  static let good = """
    service: zpk-translate
    production: false
    adapter: payshield
    at: tcp://127.0.0.1:9
    header: SSSS
    timeout-ms: 50
    reconnect-wait-ms: 50
    rate: 1000
    max-attempts: 3
    keys:
      source: {algorithm: TDES-2K, clear: "file:src.hex", device: "U00000000000000000000000000000001"}
      destination: {algorithm: TDES-2K, clear: "file:src.hex", device: "U00000000000000000000000000000002"}
      pvk: {algorithm: TDES-2K, clear: "file:src.hex", device: "89AB"}
    formats: {"01": 0, "05": 1, "34": 2, "47": 3, "48": 4, "02": non-iso}
    accounts: [{pan: "6200005627553195", pin: "file:pin.txt", pvv: "1234"}]
    commands: {translate: CA, verify: DC, diagnose: NC}

    """

  /// What is replaced, by what, and what the fault says.
  static let faults: [(String, String, String)] = [
    ("header: SSSS", "headr: SSSS", "unknown key \"headr\""),
    ("adapter: payshield", "adapter: thales", "unknown value \"thales\""),
    ("tcp://127.0.0.1:9", "http://127.0.0.1:9", "must be tcp://HOST:PORT or tls://HOST:PORT"),
    ("tcp://127.0.0.1:9", "tcp://127.0.0.1:0", "must be tcp://HOST:PORT"),
    ("tcp://127.0.0.1:9", "tcp://127.0.0.1", "must be tcp://HOST:PORT"),
    ("rate: 1000", "rate: 0", "1 to 10000 expected"),
    ("max-attempts: 3", "max-attempts: 100000", "1 to 1000 expected"),
    (
      "TDES-2K, clear: \"file:src.hex\", device: \"89AB\"",
      "DES, clear: \"file:src.hex\", device: x", "not a key"
    ),
    (
      "clear: \"file:src.hex\", device: \"89AB\"",
      "clear: \"0123456789ABCDEF0123456789ABCDEF\", device: x", "must be a reference"
    ),
    ("pin: \"file:pin.txt\"", "pin: \"4071\"", "must be a reference"),
    ("pin: \"file:pin.txt\"", "pin: \"file:none.txt\"", "cannot be read"),
    ("\"48\": 4", "\"48\": 7", "must be 0, 1, 2, 3, 4 or non-iso"),
    ("pan: \"6200005627553195\"", "pan: \"62000056\"", "12 to 19 digits"),
    ("translate: CA", "translate: XQ", "no command XQ is known"),
    ("translate: CA", "translate: {code: ZA, request: \"{blok}\"}", "did you mean {block}"),
    (
      "translate: CA", "translate: {code: ZA, request: \"{block}\", response: [\"block:x\"]}",
      "must be block"
    ),
    ("header: SSSS", "header: SSSS\nresponse: {}", "belongs to the adapter http"),
    ("tcp://127.0.0.1:9", "tlcp://127.0.0.1:9", "TLCP is not spoken to PIN services"),
    ("tcp://127.0.0.1:9", "tls://127.0.0.1:9", "needs \"tls\" with \"trust\""),
    ("header: SSSS", "header: SSSS\ntls: {trust: pin.txt}", "belongs to https"),
    (
      "tcp://127.0.0.1:9", "tls://127.0.0.1:9\ntls: {trust: pin.txt}",
      "\"trust\" has no certificate in PEM"
    ),
    ("tcp://127.0.0.1:9", "tls://127.0.0.1:9\ntls: {trust: none.pem}", "cannot be read"),
    (
      "tcp://127.0.0.1:9", "tls://127.0.0.1:9\ntls: {trust: pin.txt, certificate: pin.txt}",
      "belong together"
    ),
    (
      "tcp://127.0.0.1:9",
      "tls://127.0.0.1:9\ntls: {trust: pin.txt, certificate: pin.txt, key: \"secret\"}",
      "must be a reference"
    ),
  ]

  private func files(_ text: String) throws -> Folder {
    let folder = try Folder()
    try folder.write("0123456789ABCDEFFEDCBA9876543210\n", to: "src.hex")
    try folder.write("4071\n", to: "pin.txt")
    try folder.write(text, to: "service.yaml")
    return folder
  }

  @Test("is refused with the place of its fault", arguments: faults)
  func fault(found: String, replacement: String, message: String) async throws {
    let folder = try files(Self.good.replacing(found, with: replacement))
    let inspected = await inspectService(folder.path("service.yaml"))
    let unavailable = try #require(inspected.observation.unavailable)
    #expect(unavailable.reason == .malformed)
    #expect(unavailable.detail.contains(message), "\(unavailable.detail)")
    #expect(unavailable.detail.contains("service.yaml:"))
    #expect(!unavailable.detail.contains("0123456789ABCDEF"))
    #expect(!unavailable.detail.contains("4071"))
    #expect(inspected.observation.facts == [:])
  }

  @Test("is accepted as the reference writes it")
  func accepted() async throws {
    let folder = try files(Self.good)
    let inspected = await inspectService(folder.path("service.yaml"), seconds: 5)
    #expect(inspected.observation.unavailable?.reason == .refused)
    #expect(
      PINServiceProbe.places(describedAt: folder.path("service.yaml")) == ["tcp://127.0.0.1:9"])
  }

  @Test("names a place beyond loopback in vain, unless its address was checked")
  func elsewhere() async throws {
    let folder = try files(Self.good.replacing("127.0.0.1:9", with: "hsm.bank.example:1500"))
    let inspected = await inspectService(folder.path("service.yaml"))
    #expect(inspected.observation.unavailable?.reason == .unauthorised)
    #expect(inspected.observation.facts == [:])
    let pinned = await inspectService(folder.path("service.yaml"), address: "127.0.0.1", seconds: 5)
    #expect(pinned.observation.unavailable?.reason != .unauthorised)
  }

  private static func transaction(at place: String) -> String {
    "transaction: {at: \"\(place)\", request: {path: /pay}, response: {code: /code}}\n"
  }

  @Test("names the place of its transactions to be checked as well")
  func transactionPlace() async throws {
    let other = "https://10.9.8.7:443"
    let folder = try files(Self.good + Self.transaction(at: "http://10.9.8.7:81"))
    let path = folder.path("service.yaml")
    #expect(
      PINServiceProbe.places(describedAt: path) == ["tcp://127.0.0.1:9", "http://10.9.8.7:81"])
    // By hand, without a check, nothing is sent to either.
    let inspected = await inspectService(path)
    #expect(inspected.observation.unavailable?.reason == .unauthorised)
    #expect(inspected.observation.unavailable?.detail.contains("10.9.8.7") == true)
    for (place, words) in [
      ("http://pay.bank.example:81", "must be that of the service, or an address"),
      (other, "needs \"tls\" with \"trust\""), ("tcp://127.0.0.1:9", "must be http://HOST:PORT"),
    ] {
      let refused = try files(Self.good + Self.transaction(at: place))
      let inspected = await inspectService(refused.path("service.yaml"))
      #expect(inspected.observation.unavailable?.reason == .malformed)
      #expect(inspected.observation.unavailable?.detail.contains(words) == true)
    }
  }

  @Test("is needed, and the probe takes no parameter")
  func nothing() async throws {
    let inspected = await inspectService("")
    #expect(inspected.observation.unavailable?.reason == .unreadable)
    #expect(throws: ParameterError.self) { try PINServiceProbe(parameters: ["x": 1]) }
  }
}
