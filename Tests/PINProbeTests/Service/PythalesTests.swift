import AssessmentModel
import Foundation
import PINProbe
import TestSupport
import Testing

/// pythales, an HSM simulator with known defects, installed from PyPI into a folder of the test's.
private final class Pythales {
  static let header = "SSSS"
  /// The simulator's own master key, which it publishes.
  private static let master = "deafbeedeafbeedeafbeedeafbeedeaf"

  let folder: Folder
  let port: Int
  private let program: Program

  /// Listens on 127.0.0.1 only, and starts anew after each of its crashes, fifty times.
  private static let launcher = """
    import socket, sys
    import pythales.hsm as hsm
    hsm.trace = lambda *a, **k: None
    class Loopback(hsm.HSM):
        def init_connection(self):
            self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.sock.bind(('127.0.0.1', self.port))
            self.sock.listen(5)
    for _ in range(50):
        device = Loopback(header='SSSS', key=sys.argv[2], skip_parity=True, port=int(sys.argv[1]))
        try:
            device.run()
        except (Exception, SystemExit):
            for name in ('conn', 'sock'):
                if hasattr(device, name):
                    getattr(device, name).close()
    """

  init() async throws {
    folder = try Folder()
    port = try Loopback.freePort()
    // Its own requirements name a package that no longer builds, so each is named here.
    let installed = try await Program.run(
      "/usr/bin/env",
      [
        "python3", "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder.path("site"),
        "pythales==0.74", "pynblock==0.26", "tracetools==1.26", "pycryptodome",
      ])
    guard installed.code == 0 else { throw SupportError(installed.errText) }
    try folder.write(Self.launcher, to: "launch.py")
    program = try Program(
      "/usr/bin/env", ["python3", folder.path("launch.py"), "\(port)", Self.master],
      environment: ["PYTHONPATH": folder.path("site"), "PYTHONUNBUFFERED": "1"])
    for _ in 0..<100 where !Loopback.answers(port) {
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  func stop() async { await program.stop() }

  /// The text of a key: enciphered under the master key.
  private static func deviceText(_ key: [UInt64]) throws -> String {
    let words = [0xDEAF_BEED_EAFB_EEDE as UInt64, 0xAFBE_EDEA_FBEE_DEAF]
    let cipher = try PINKeyCipher(.tdes2, key: words.flatMap(Self.bytes))
    let sealed = try key.map { try cipher.encipher($0) }
    return "U" + sealed.flatMap(Self.bytes).map { String(format: "%02X", $0) }.joined()
  }

  private static func bytes(_ word: UInt64) -> [UInt8] {
    withUnsafeBytes(of: word.bigEndian) { Array($0) }
  }

  func describe() throws -> String {
    let source: [UInt64] = [0x1334_5779_9BBC_DFF1, 0x0E32_9232_EA6D_0D73]
    let destination: [UInt64] = [0x3849_67C2_5854_F137, 0x7CA1_1045_4A1A_6E57]
    for (name, key) in [("src.hex", source), ("dst.hex", destination)] {
      try folder.write(
        key.flatMap(Self.bytes).map { String(format: "%02X", $0) }.joined(), to: name)
    }
    try folder.write("408271", to: "pin.txt")
    try folder.write(
      """
      service: pythales
      adapter: payshield
      at: tcp://127.0.0.1:\(port)
      header: \(Self.header)
      timeout-ms: 2000
      reconnect-wait-ms: 3000
      rate: 500
      max-attempts: 30
      keys:
        source: {algorithm: TDES-2K, clear: "file:src.hex", device: "\(try Self.deviceText(source))"}
        destination: {algorithm: TDES-2K, clear: "file:dst.hex", device: "\(try Self.deviceText(destination))"}
        pvk: {algorithm: TDES-2K, device: "0123456789ABCDEFFEDCBA9876543210"}
      formats: {"01": 0, "05": 1, "34": 2, "47": 3, "48": 4, "02": non-iso}
      accounts: [{pan: "6200005627553195", pin: "file:pin.txt", pvv: "1234"}]
      commands: {translate: CA, verify: DC, diagnose: NC}

      """, to: "service.yaml")
    return folder.path("service.yaml")
  }
}

@Suite(
  "pythales", .enabled(if: ProcessInfo.processInfo.environment["MIPING_PEERS"] != nil),
  .timeLimit(.minutes(5)))
struct PythalesTests {
  @Test("shows its known defects, and its crashes are survived")
  func defects() async throws {
    let peer = try await Pythales()
    let inspected = await inspectService(try peer.describe())
    await peer.stop()
    let expected = [
      "PIN-01": "insecure translation-wrong", "PIN-02": "insecure service-crash",
      "PIN-06": "insecure pan-binding-absent", "PIN-09": "insecure pin-length-not-checked",
      "PIN-10": "insecure fill-not-checked", "PIN-11": "secure",
      "PIN-16": "insecure no-guess-limit", "PIN-23": "insecure service-crash",
    ]
    for (id, result) in expected {
      #expect(
        inspected.results[id] == result,
        "\(id): \(inspected.details(id).map(JSONText.pretty) ?? "")")
    }
    #expect(
      inspected.details("PIN-10")?["findings"] == ["fill-not-checked", "control-not-checked"])
    #expect(inspected.observation.unavailable == nil)
  }
}
