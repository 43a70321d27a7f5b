import Foundation
import Settings
import Testing

@Suite("Places of objects")
struct LocatorTests {
  @Test(
    "scheme, host and port",
    arguments: [
      ("tls://10.1.2.3:443", "tls", "10.1.2.3", 443),
      ("tlcp://pay.bank.example:1", "tlcp", "pay.bank.example", 1),
      ("any://[fd00::1]:65535", "any", "fd00::1", 65535),
      ("tls://[::ffff:10.1.2.3]:8443", "tls", "::ffff:10.1.2.3", 8443),
      ("tls://host_1:0443", "tls", "host_1", 443),
    ])
  func read(text: String, scheme: String, host: String, port: Int) throws {
    let locator = try #require(Locator(text))
    #expect(locator.scheme == scheme && locator.host == host && locator.port == port)
  }

  @Test(
    "anything else is refused",
    arguments: [
      "", "://", "tls://", "tls://:443", "tls://host", "tls://host:", "tls://host:0",
      "tls://host:65536",
      "tls://host:99999999999999999999", "tls://host:-1", "tls://host:+443", "tls://host:443/x",
      "tls://host:4 43", "tls://ho st:443", "tls://host/x:443", "tls://user@host:443",
      "://host:443",
      "host:443", "10.1.2.3:443", "tls:/host:443", "tls//host:443", "tls://fd00::1:443",
      "tls://[fd00::1]",
      "tls://[fd00::1:443", "tls://fd00::1]:443", "tls://[]:443", "tls://[host]:443",
      "tls://[10.1.2.3]:443",
      "tls://[fe80::1%25eth0]:443", "tls://ho\u{0}st:443", "tls://ho\nst:443", "tls://支付:443",
      "tls://ho?st:443", "tls://ho#st:443", "tls://<b>:443", "tls://a://b:443", "t ls://host:443",
      "tls://\u{202E}host:443", "tls://host:٤٤٣",
      "tls://" + String(repeating: "a", count: 254) + ":443",
    ])
  func refused(text: String) {
    #expect(Locator(text) == nil)
  }

  @Test("a random string is never more than refused")
  func random() {
    var state: UInt64 = 2026
    let alphabet = Array("tls:/[]@.0123456789abcdef-_%é\u{0}\u{202E} ")
    for _ in 0..<5_000 {
      var text = ""
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      for _ in 0..<(state >> 60) + 3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text.append(alphabet[Int(state >> 33) % alphabet.count])
      }
      if let locator = Locator("tls://" + text) {
        #expect((1...65535).contains(locator.port) && !locator.host.isEmpty)
        #expect(locator.host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
      }
    }
  }

  @Test(
    "durations",
    arguments: [
      ("30s", 30_000), ("500ms", 500), ("2m", 120_000), ("1h", 3_600_000), ("0s", nil), ("30", nil),
      ("s", nil),
      ("-1s", nil), ("+1s", nil), ("1.5s", nil), ("1 s", nil), ("", nil), ("9999999999s", nil),
      ("1d", nil),
    ] as [(String, Int?)])
  func durations(text: String, milliseconds: Int?) {
    #expect(duration(text) == milliseconds)
  }
}

@Suite("The controls folder")
struct ControlsFolderTests {
  @Test("is found in the documented order")
  func order() throws {
    let manager = FileManager.default
    let root = manager.temporaryDirectory.appending(path: "find-\(UUID().uuidString)")
    defer { try? manager.removeItem(at: root) }
    for folder in [
      "prefix/bin", "prefix/share/miping/Controls", "work/Controls/Rules", "work/deep/deeper",
      "build/Controls/Rules", "build/debug/bin", "empty/deep",
    ] {
      try manager.createDirectory(
        at: root.appending(path: folder), withIntermediateDirectories: true)
    }
    func find(
      _ explicit: String?, _ environment: [String: String], _ folder: String, _ binary: String
    ) -> String? {
      ControlsFolder.find(
        explicit: explicit, environment: environment,
        workingFolder: root.appending(path: folder).path,
        binary: root.appending(path: binary).path
      ).map { $0.replacingOccurrences(of: root.path + "/", with: "") }
    }
    let named = ["MIPING_CONTROLS": "/elsewhere"]
    #expect(find("mine", named, "work", "prefix/bin/miping") == "work/mine")
    #expect(find("/mine", named, "work", "prefix/bin/miping") == "/mine")
    #expect(find(nil, named, "work", "prefix/bin/miping") == "/elsewhere")
    #expect(
      find(nil, ["MIPING_CONTROLS": ""], "work", "prefix/bin/miping")
        == "prefix/share/miping/Controls")
    #expect(find(nil, [:], "work/deep/deeper", "build/debug/bin/miping") == "work/Controls")
    #expect(find(nil, [:], "empty/deep", "build/debug/bin/miping") == "build/Controls")
    #expect(find(nil, [:], "empty/deep", "empty/miping") == nil)
  }
}
