import Foundation
import TestSupport
import Testing

/// One slip in a file a person wrote: `before` is replaced by `after`, and the error is expected at the place
/// of `mark` in the changed text.
struct Slip: Sendable, CustomTestStringConvertible {
  var before: String
  var after: String
  var mark: String

  init(_ before: String, _ after: String, at mark: String) {
    self.before = before
    self.after = after
    self.mark = mark
  }

  var testDescription: String { after }

  /// The changed text and `LINE:COL` of the mark, columns in characters.
  func apply(to text: String) throws -> (text: String, place: String) {
    let first = try #require(text.range(of: before), "\(before) is not in the file")
    let changed = text.replacingCharacters(in: first, with: after)
    let start = try #require(changed.range(of: mark)?.lowerBound, "\(mark)")
    let lines = changed[..<start].split(separator: "\n", omittingEmptySubsequences: false)
    return (changed, "\(lines.count):\((lines.last?.unicodeScalars.count ?? 0) + 1)")
  }
}

@Suite("Faults in what people write")
struct FaultTests {
  @Test(
    "a slip in a scope is refused at its place, by plan and assess alike, and nothing is sent",
    arguments: [
      Slip("level: 3", "level: 5", at: "5}"),
      Slip("level: 3", "level: three", at: "three"),
      Slip("level: 3", "levle: 3", at: "levle"),
      Slip("level: 3", "level: 3, level: 4", at: "level: 4"),
      Slip("kind: channel", "kind: chanel", at: "chanel"),
      Slip("kind: channel, ", "", at: "{id: one"),
      Slip("objects:", "objets:", at: "objets"),
      Slip("2099-12-31", "2019-12-31", at: "\"2019-12-31\""),
      Slip("2099-12-31", "31.12.2099", at: "\"31.12.2099\""),
      Slip("127.0.0.0/8\"]", "127.0.0.0/80\"]", at: "\"127.0.0.0/80\""),
      Slip("deadline: 10s", "deadline: soon", at: "soon"),
      Slip("inspections: 64", "inspections: 0", at: "0}"),
      Slip("sni: pay.bank.test", "sni: *name", at: "*name"),
      Slip("sni: pay.bank.test", "sni: !secret x", at: "!secret"),
      Slip("any://127", "any:/127", at: "\"any:/127"),
      Slip("sni: pay.bank.test", "serves: [two]", at: "two"),
      Slip("id: one", "id: \"one two\"", at: "\"one two\""),
    ])
  func scopes(slip: Slip) async throws {
    let folder = try Folder()
    let listener = try Loopback.Listener(.closes)
    let (text, place) = try slip.apply(to: scope([("one", listener.port)]))
    try folder.write(text, to: "scope.yaml")
    for verb in ["plan", "assess"] {
      let run = try await Miping.run([verb, "scope.yaml"], in: folder)
      #expect(run.code == 2)
      #expect(run.errText.contains("scope.yaml:\(place): error: "), "\(run.errText)")
      #expect(run.out.isEmpty)
    }
    #expect(listener.count == 0)
    #expect(folder.names(in: "out").isEmpty)
  }

  @Test("every fault is reported at once, in order")
  func several() async throws {
    let folder = try Folder()
    try folder.write(
      """
      system: {zh: 测试, en: Test, level: 3}
      objects:
        - {id: one, kind: chanel}
        - {id: one, kind: room, owned: me}
      not-applicable: [{unit: net.cof, reason: none}]

      """, to: "scope.yaml")
    let run = try await Miping.run(["plan", "scope.yaml"], in: folder)
    #expect(run.code == 2)
    let places = run.errText.split(separator: "\n").map { line in
      line.split(separator: ":", maxSplits: 3).prefix(3).joined(separator: ":")
    }
    #expect(
      places == ["scope.yaml:3:21", "scope.yaml:4:10", "scope.yaml:4:27", "scope.yaml:5:25"],
      "\(run.errText)")
    #expect(run.errText.contains("channel"))
    #expect(run.errText.contains("net.conf"))
  }

  @Test(
    "a slip in answers or waivers is refused at its place",
    arguments: [
      ("attest/answers.yaml", Slip("verdict: met", "verdict: mett", at: "mett")),
      ("attest/answers.yaml", Slip("object: one", "object: two", at: "two")),
      (
        "attest/answers.yaml",
        Slip("ask: net.conf-product", "ask: net.conf-prodct", at: "net.conf-p")
      ),
      ("waivers.yaml", Slip("expires: \"2026-06-30\"", "expires: never", at: "never")),
      ("waivers.yaml", Slip("id: W-1", "idd: W-1", at: "idd")),
      ("waivers.yaml", Slip("code: \"7.2\"", "cod: \"7.2\"", at: "cod")),
    ])
  func otherFiles(file: String, slip: Slip) async throws {
    let folder = try Folder()
    let closed = try Loopback.ClosedPort()
    try folder.write(
      scope([("one", closed.port)]) + "attestations: attest\nwaivers: waivers.yaml\n",
      to: "scope.yaml")
    let ask = try await firstQuestion(in: folder)
    var texts = [
      "attest/answers.yaml": """
      assessor: 张三（虚构）
      date: "2026-01-15"
      answers:
        - {ask: net.conf-product, object: one, verdict: met, method: document, observed: seen}

      """.replacingOccurrences(of: "net.conf-product", with: ask),
      "waivers.yaml": """
      - id: W-1
        match: {code: "7.2", object: one}
        reason: moving
        approved-by: Li Si (fictitious)
        effective: "2026-01-15"
        expires: "2026-06-30"

      """,
    ]
    for (name, text) in texts { try folder.write(text, to: name) }
    let sound = try await Miping.run(["plan", "scope.yaml"], in: folder)
    #expect(sound.code == 0, "\(sound.errText)")

    var slip = slip
    if slip.before.hasPrefix("ask:") {
      slip = Slip("ask: \(ask)", "ask: \(ask)x", at: "\(ask)x")
    }
    let (text, place) = try slip.apply(to: try #require(texts[file]))
    texts[file] = text
    try folder.write(text, to: file)
    let run = try await Miping.run(["plan", "scope.yaml"], in: folder)
    #expect(run.code == 2)
    #expect(run.errText.contains("\(file):\(place): error: "), "\(run.errText)")
  }

  /// A question about the channel, by the plan itself.
  private func firstQuestion(in folder: Folder) async throws -> String {
    try folder.write("[]\n", to: "waivers.yaml")
    try folder.write("assessor: A\ndate: \"2026-01-15\"\nanswers: []\n", to: "attest/answers.yaml")
    let plan = try await Miping.run(["plan", "scope.yaml", "-f", "json"], in: folder)
    let asks = try JSON(reading: plan.out)["asks"].items
    return try #require(asks.first { $0["object"] == "one" }?["ask"].string)
  }

  @Test(
    "a slip in the catalog is refused at its place",
    arguments: [
      Slip("probe: tls.endpoint", "probe: tls.endpont", at: "tls.endpont"),
      Slip("fact: tls.protected", "fact: tls.protectd", at: "tls.protectd"),
      Slip("code: net.auth", "cod: net.auth", at: "cod:"),
      Slip("none-of: unsafe.tls-protocols", "none-of: unsafe.tls-protocol", at: "unsafe.tls-p"),
      Slip("high-risk: \"7.1\"", "high-risk: \"77.1\"", at: "\"77.1\""),
      Slip("obligation: {\"3\": shall", "obligation: {\"3\": shal", at: "shal,"),
    ])
  func catalogs(slip: Slip) async throws {
    let folder = try Folder()
    try FileManager.default.copyItem(
      atPath: "\(packageRoot)/Controls", toPath: folder.path("Controls"))
    let file = "Controls/GBT-39786-2021/net.yaml"
    let (text, place) = try slip.apply(to: try folder.text(file))
    try folder.write(text, to: file)
    let run = try await Miping.run(["catalog", "check", "Controls"], in: folder)
    #expect(run.code == 2)
    #expect(run.errText.contains("\(file):\(place): error: "), "\(run.errText)")
    #expect(run.out.isEmpty)
  }

  @Test("a catalog is checked where there is no other, near the folder or the program")
  func lonelyCatalog() async throws {
    let folder = try Folder()
    try FileManager.default.copyItem(atPath: Miping.binary, toPath: folder.path("miping"))
    try FileManager.default.copyItem(atPath: "\(packageRoot)/Controls", toPath: folder.path("mine"))
    let run = try await Program.run(
      folder.path("miping"), ["catalog", "check", "mine"], in: folder.path)
    #expect(run.code == 0, "\(run.errText)")
    #expect(!run.errText.contains("--controls"), "\(run.errText)")
    try FileManager.default.removeItem(atPath: folder.path("mine/Rules/algorithms.yaml"))
    let broken = try await Program.run(
      folder.path("miping"), ["catalog", "check", "mine"], in: folder.path)
    #expect(broken.code == 2)
    #expect(broken.errText.contains("mine:1:1: error: "), "\(broken.errText)")
  }
}
