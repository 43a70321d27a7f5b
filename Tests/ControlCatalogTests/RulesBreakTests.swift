import AssessmentModel
import Foundation
import Testing

@Suite("Breaks in units and rules")
struct RulesBreakTests {
  @Test("are refused at that very place and nowhere else", arguments: Self.breaks)
  func refused(broken: Break) throws {
    let copy = try ControlsCopy(["GBT-39786-2021", "Rules"])
    let (text, places) = try broken.applied(to: copy.text(of: broken.file))
    try copy.write(text, to: broken.file)
    let outcome = copy.read()
    #expect(outcome.catalog == nil)
    #expect(outcome.places == places, "\(outcome.faults.prefix(5).map(\.description))")
  }

  @Test(
    "a file that is missing is one fault of the folder",
    arguments: ["Rules/algorithms.yaml", "Rules/high-risk-2021.yaml"])
  func missingFile(file: String) throws {
    let copy = try ControlsCopy(["GBT-39786-2021", "Rules"])
    try copy.remove(file)
    #expect(copy.read().places == [".:1:1"])
    #expect(copy.read().faults.count == 1)
  }

  @Test("a folder without rules lacks all of them")
  func missingRules() throws {
    let outcome = try ControlsCopy(["GBT-39786-2021"]).read()
    #expect(outcome.faults.count == 4)
    #expect(outcome.places == [".:1:1"])
  }

  @Test("an empty folder is a fault of its own")
  func emptyFolder() throws {
    let outcome = try ControlsCopy([]).read()
    #expect(outcome.places == [".:1:1"] && outcome.catalog == nil)
  }

  @Test("bytes that are not UTF-8 are refused where they stand, without faults in other files")
  func notUTF8() throws {
    let copy = try ControlsCopy(["GBT-39786-2021", "Rules"])
    let file = copy.folder.appending(path: "GBT-39786-2021/net.yaml")
    var bytes = try Data(contentsOf: file)
    bytes.insert(contentsOf: [0xFF], at: 0)
    try bytes.write(to: file)
    #expect(copy.read().places == ["GBT-39786-2021/net.yaml:1:1"])
  }

  @Test("a file that cannot be parsed does not hide faults in other files")
  func unparsedBesideOthers() throws {
    let copy = try ControlsCopy(["GBT-39786-2021", "Rules"])
    try copy.write(
      copy.text(of: Self.net).replacingOccurrences(of: "gbt43206: \"6.2.1\"", with: "gbt43206: *x"),
      to: Self.net)
    let unknown = Sketch.text.replacingOccurrences(of: "[net.conf]", with: "[net.conf, net.cnof]")
    try copy.write(unknown, to: Sketch.file)
    let places = copy.read().places
    #expect(places == ["GBT-39786-2021/net.yaml:11:15", "sketch.yaml:14:27"])
  }

  @Test("a file too large to be read is one fault: what it defines is not missed elsewhere")
  func oversized() throws {
    let copy = try ControlsCopy()
    let file = "GBT-39786-2021/eme.yaml"
    try copy.write(
      copy.text(of: file) + "# " + String(repeating: "x", count: 5_000_000) + "\n", to: file)
    #expect(copy.read().places == ["\(file):1:1"])
  }

  @Test("a unit without its code is one fault: it may be any of those named elsewhere")
  func unnamedUnit() throws {
    let copy = try ControlsCopy()
    let file = "GBT-39786-2021/eme.yaml"
    try copy.write(
      copy.text(of: file).replacingOccurrences(of: "- code: eme.plan\n    title", with: "- title"),
      to: file)
    #expect(copy.read().places == ["\(file):5:5"])
  }

  private static let net = "GBT-39786-2021/net.yaml"
  private static let pol = "GBT-39786-2021/pol.yaml"
  private static let algorithms = "Rules/algorithms.yaml"
  private static let scoring = "Rules/scoring-2023.yaml"
  private static let risk = "Rules/high-risk-2021.yaml"
  private static let netConf = "  - code: net.conf\n"

  private static let judgements = "Rules/published-judgements.yaml"

  static let breaks: [Break] =
    units + scores + risks + [
      Break("unknown judgement", net, "judgement: \"12.6\"", "judgement: §\"12.7\""),
      Break("judgement that is no text", net, "judgement: \"13.1\"", "judgement: §[13.1]"),
      Break(
        "unknown condition on the product", net, "product: certified", "product: §certificate"),
      Break(
        "judgement twice", judgements, "  - number: \"12.6\"",
        "  - {number: \"12.6\", title: {zh: 甲, en: A}}\n  - §number: \"12.6\""),
      Break(
        "judgement without a title", judgements, "judgements:\n",
        "judgements:\n  - §{number: \"9\", default: true}\n"),
      Break("judgement neither on nor off", judgements, "default: true\n", "default: §on\n"),
    ]

  private static let units = [
    Break("unknown key of a layer file", net, "units:\n", "§note: x\nunits:\n"),
    Break("unknown key of a layer", net, "group: tech,", "group: tech, §colour: red,"),
    Break("wrong standard", net, "GB/T 39786-2021", "§GB/T 39786-2018"),
    Break("bad weight of a layer", net, "weight: \"20\"", "weight: §\"2O\""),
    Break("unknown group", net, "group: tech", "group: §technical"),
    Break(
      "missing weight of a layer", net,
      "{code: net, zh: 网络和通信安全, en: Network and communication security, group: tech, weight: \"20\"}",
      "§{code: net, zh: 网络和通信安全, en: Network and communication security, group: tech}"),
    Break("unknown key of a unit", net, netConf, netConf + "    §colour: red\n"),
    Break("unit of another layer", net, "- code: net.acl\n", "- code: §dev.foo\n"),
    Break(
      "repeated unit", pol, "  - code: pol.keyrule\n",
      """
        - code: §pol.system
          title: {zh: 重, en: Again}
          clauses: {"3": "1", "4": "1"}
          gbt43206: "1"
          weights: {"3": "1", "4": "1"}
          obligation: {"3": shall, "4": shall}
          objects: organisation
          requirement: {zh: 重, en: Again}
          assess: [{ask: {id: pol.system-1}}]
          remediation: {zh: 重, en: Again}
        - code: pol.keyrule

      """),
    Break(
      "missing objects", net,
      """
        - code: net.auth
          title: {zh: 身份鉴别, en: Identity authentication}
          clauses: {"3": "8.2 a", "4": "9.2 a"}
          gbt43206: "6.2.1"
          weights: {"3": "1", "4": "1"}
          obligation: {"3": shall, "4": shall}
          objects: channel

      """,
      """
        - §code: net.auth
          title: {zh: 身份鉴别, en: Identity authentication}
          clauses: {"3": "8.2 a", "4": "9.2 a"}
          gbt43206: "6.2.1"
          weights: {"3": "1", "4": "1"}
          obligation: {"3": shall, "4": shall}

      """),
    Break(
      "missing title of a unit", net,
      "  - code: net.auth\n    title: {zh: 身份鉴别, en: Identity authentication}\n",
      "  - §code: net.auth\n"),
    Break(
      "weight over 1", net, "weights: {\"3\": \"1\", \"4\": \"1\"}",
      "weights: {\"3\": \"1\", \"4\": §\"7\"}"),
    Break(
      "weight of nothing", net, "weights: {\"3\": \"1\", \"4\": \"1\"}",
      "weights: {\"3\": §\"0\", \"4\": \"1\"}"),
    Break(
      "bad decimal", net,
      "{\"3\": \"1\", \"4\": \"1\"}\n    obligation: {\"3\": shall, \"4\": shall}\n    objects: channel\n    high-risk: \"7.1\"",
      "{\"3\": §\"1,0\", \"4\": \"1\"}\n    obligation: {\"3\": shall, \"4\": shall}\n    objects: channel\n    high-risk: \"7.1\""
    ),
    Break(
      "missing level of weights", net, "weights: {\"3\": \"1\", \"4\": \"1\"}",
      "weights: §{\"3\": \"1\"}"),
    Break(
      "level without quotes is the same key", net, "weights: {\"3\": \"1\", \"4\": \"1\"}",
      "weights: {3: \"1\", 4: \"1\", §5: \"1\"}"),
    Break(
      "unknown obligation of a unit", net, "obligation: {\"3\": shall,",
      "obligation: {\"3\": §must,"),
    Break("unknown high-risk item", net, "high-risk: \"7.1\"", "high-risk: §\"7.8\""),
    Break("unknown kind of a unit", net, "objects: channel", "objects: §wire"),
    Break("level of an entry", net, "- level: 4\n        probe", "- level: §2\n        probe"),
    Break("alias in a layer file", net, "gbt43206: \"6.2.1\"", "gbt43206: §*x"),
    Break("tag in a layer file", net, "gbt43206: \"6.2.1\"", "gbt43206: §!x \"6.2.1\""),
  ]

  private static let scores = [
    Break("misspelt tables", algorithms, "\ntables:\n", "\n§tabels:\n"),
    Break("unknown rating", algorithms, "rating: broken}", "rating: §hopeless}"),
    Break(
      "strength as text", algorithms, "{id: SSL2.0, name: SSL 2.0, rating: broken}",
      "{id: SSL2.0, name: SSL 2.0, rating: broken, strength: §much}"),
    Break(
      "strength beyond reason", algorithms, "{id: SSL2.0, name: SSL 2.0, rating: broken}",
      "{id: SSL2.0, name: SSL 2.0, rating: broken, strength: §-1}"),
    Break(
      "missing name of an algorithm", algorithms, "{id: SSL2.0, name: SSL 2.0, rating: broken}",
      "§{id: SSL2.0, rating: broken}"),
    Break(
      "repeated algorithm", algorithms, "{id: SSL3.0, name: SSL 3.0,",
      "§{id: SSL2.0, name: SSL 3.0,"),
    Break("alias in the algorithms", algorithms, "rating: broken}", "rating: §*r}"),
    Break(
      "unknown key of a scoring file", scoring, "total: groups\n", "total: groups\n§extra: 1\n"),
    Break("unknown total", scoring, "total: groups\n", "total: §sum\n"),
    Break("bad factor", scoring, "factor: \"0.5\"", "factor: §\"half\""),
    Break("negative decimal", scoring, "ra: \"0.5\"", "ra: §\"-0.5\""),
    Break("bad share", scoring, "share: \"70\"", "share: §\"70%\""),
    Break("unknown unit of a pair", scoring, "[net.int, app.tint]", "[net.int, §app.tnt]"),
    Break("pair of one", scoring, "[net.int, app.tint]", "§[net.int]"),
    Break("missing threshold value", scoring, "  value: \"60.00\"\n  zh", "  §zh"),
    Break("module grade 9", scoring, "{grade: 1,", "{grade: §9,"),
    Break("min-bits as text", scoring, "min-bits: 112", "min-bits: §\"112\""),
    Break("second edition of the same name", scoring, "edition: \"2023\"", "edition: §\"2021\""),
  ]

  private static let risks = [
    Break(
      "unknown key of the high-risk file", risk, "edition: \"2021\"\n",
      "edition: \"2021\"\n§author: x\n"),
    Break("missing edition", risk, "edition: \"2021\"\nitems:", "§items:"),
    Break("unknown unit of an item", risk, "units: [phy.auth]", "units: [§phy.aut]"),
    Break(
      "repeated item", risk, "items:\n  - code: \"5.1\"\n",
      """
      items:
        - code: "5.1"
          title: {zh: 重, en: Again}
          units: all
          levels: [3]
          problems: [{number: 1, zh: 一, en: One}, {number: 2, zh: 二, en: Two}]
        - code: §"5.1"

      """),
    Break(
      "letter and probe together", risk,
      """
          confidence: high
          object: channel
          probe: tls.endpoint
          when: [{fact: endpoint.clear-protocol

      """.trimmed,
      """
          confidence: high
          letter: D
          §object: channel
          §probe: tls.endpoint
          §when: [{fact: endpoint.clear-protocol

      """.trimmed),
    Break("level of an item", risk, "levels: [3, 4]", "levels: [§2, 4]"),
    Break("unknown confidence", risk, "confidence: high", "confidence: §certain"),
    Break("unknown probe of a signal", risk, "probe: tls.endpoint", "probe: §tls.endpiont"),
    Break(
      "unknown fact of a signal", risk, "when: [{fact: endpoint.clear-protocol,",
      "when: [{fact: §endpoint.clear,"),
    Break(
      "kind the signal's probe cannot look at", risk, "object: channel\n    probe",
      "object: §room\n    probe"),
    Break(
      "unknown item of a signal", risk, "- id: clear-channel-authentication\n    code: \"7.1\"",
      "- id: clear-channel-authentication\n    code: §\"7.7\""),
    Break(
      "unknown problem of a signal", risk,
      "- id: clear-channel-authentication\n    code: \"7.1\"\n    problem: 2",
      "- id: clear-channel-authentication\n    code: \"7.1\"\n    problem: §9"),
    Break(
      "repeated problem", risk, "- number: 2\n        zh: 使用安全性未知",
      "- §number: 1\n        zh: 使用安全性未知"),
  ]
}

extension String {
  /// Without the line feed at its end.
  fileprivate var trimmed: String { hasSuffix("\n") ? String(dropLast()) : self }
}
