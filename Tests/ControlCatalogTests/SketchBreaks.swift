import Foundation

/// One break after the other in the sketch, with the place of its fault.
enum SketchBreaks {
  private static func make(_ name: String, _ from: String, _ to: String) -> Break {
    Break(name, Sketch.file, from, to)
  }

  private static let used = "used:      [{fact: tls.protected, is: true}]"
  private static let ask =
    "- ask: {id: product-grade, letter: K, object: channel, method: document, zh: …, en: …}"

  static let all: [Break] = keys + types + names + yaml + rules

  private static let keys = [
    make("unknown key on top", "level: 4\n", "level: 4\n§lvl-of: 4\n"),
    make("unknown key in dimension", "{id: network,", "{id: network, §colour: red,"),
    make("unknown key in a unit", "    title: {zh: 通信", "    §heading: x\n    title: {zh: 通信"),
    make("unknown key in a title", "en: Communication security}", "en: C, §de: x}"),
    make(
      "unknown key in a row", "        provenance: seed\n",
      "        provenance: seed\n        §source: x\n"),
    make("unknown key in requirement", "{en: …own words…,", "{en: …own words…, §fr: mots,"),
    make("unknown key in a probe entry", "class: 2 ", "§weight: 2\n            class: 2 "),
    make(
      "unknown key in an expectation", "{fact: tls.protected, is: true}",
      "{fact: tls.protected, is: true, §because: x}"),
    make("unknown key in an ask entry", ask, ask + "\n            §hint: x"),
    make("unknown key in a question", "method: document,", "method: document, §hint: x,"),
    make("unknown key in remediation", "remediation: {en: …,", "remediation: {en: …, §owner: x,"),
    make(
      "misspelt condition", "{fact: tls.protected, is: true}", "{fact: tls.protected, §iz: true}"),
    make("missing standard", "standard: GM/T 0077-2019\n", "§"),
    make("missing level", "standard: GM/T 0077-2019\nlevel: 4\n", "§standard: GM/T 0077-2019\n"),
    make(
      "missing dimension",
      "standard: GM/T 0077-2019\nlevel: 4\ndimension: {id: network, zh: 网络和通信安全, en: Network and communication security}\n",
      "§standard: GM/T 0077-2019\nlevel: 4\n"),
    make("missing id of dimension", "{id: network, zh: 网络", "§{zh: 网络"),
    make("missing clause", "- clause: 8.2.2.2\n    title", "- §title"),
    make(
      "missing title", "- clause: 8.2.2.2\n    title: {zh: 通信安全, en: Communication security}",
      "- §clause: 8.2.2.2"),
    make(
      "missing zh of a title", "{zh: 通信安全, en: Communication security}",
      "§{en: Communication security}"),
    make(
      "missing requirements",
      "- clause: 8.2.2.2\n    title: {zh: 通信安全, en: Communication security}\n",
      "- clause: 8.2.2.2\n    title: {zh: 通信安全, en: Communication security}\n    requirements: [{item: a, obligation: unknown, text: unread, provenance: seed}]\n  - §clause: 8.2.2.3\n    title: {zh: 空, en: Empty}\n  - clause: 8.2.2.4\n    title: {zh: 通信安全, en: Communication security}\n"
    ),
    make("missing item", "- item: f\n        obligation: shall ", "- §obligation: shall "),
    make(
      "missing obligation",
      "- item: f\n        obligation: shall                      # shall | should | may | unknown\n",
      "- §item: f\n"),
    make(
      "missing text",
      "- item: f\n        obligation: shall                      # shall | should | may | unknown\n        text: read                             # read | unread\n",
      "- §item: f\n        obligation: shall\n"),
    make(
      "missing provenance of an unread row",
      "- item: g\n        obligation: unknown\n        text: unread\n        provenance: inferred-numbering\n",
      "- §item: g\n        obligation: unknown\n        text: unread\n"),
    make(
      "missing requirement",
      "- item: h\n        obligation: n/a\n        text: read\n        provenance: seed\n        requirement: {en: See another standard., zh: 见其他标准。}\n",
      "- §item: h\n        obligation: n/a\n        text: read\n        provenance: seed\n"),
    make(
      "missing probe", "- object: channel\n            probe: tls.endpoint", "- §object: channel"),
    make("missing fact", "{fact: tls.protected, is: true}", "§{is: true}"),
    make("missing condition", "{fact: tls.protected, is: true}", "§{fact: tls.protected}"),
    make("missing id of a question", "{id: product-grade, letter", "§{letter"),
    make(
      "missing method", "{id: product-grade, letter: K, object: channel, method: document,",
      "§{id: product-grade, letter: K, object: channel,"),
    make(
      "missing en of a question",
      "{id: product-grade, letter: K, object: channel, method: document, zh: …, en: …}",
      "§{id: product-grade, letter: K, object: channel, method: document, zh: …}"),
    make("missing letter", "{id: product-grade, letter: K,", "§{id: product-grade,"),
    make("missing zh of remediation", "remediation: {en: …, zh: …}", "remediation: §{en: …}"),
    make(
      "missing expectations",
      "- object: channel\n            probe: tls.endpoint\n            used:      [{fact: tls.protected, is: true}]\n            approved:  [{fact: tls.accepted-suites, within: approved.tls-suites}]\n            keys:      [{fact: tlcp.certificate.key-usages-separate, is: true}]\n",
      "- §object: channel\n            probe: tls.endpoint\n"),
  ]

  private static let types = [
    make("level as text", "level: 4", "level: §\"4\""),
    make("units a mapping", "units:\n", "units: §{}\nunused:\n").replacing("unused", "§unused"),
    make("title a text", "title: {zh: 通信安全, en: Communication security}", "title: §Communication"),
    make("feeds a text", "feeds: [net.conf]", "feeds: §net.conf"),
    make("gates a number list is text", "gates: [\"7.2\", \"5.2\"]", "gates: [\"7.2\", §{}]"),
    make(
      "assess a mapping", "        assess:\n          - object: channel\n",
      "        assess: §{}\n        §rest:\n          - object: channel\n"),
    make("class as text", "class: 2 ", "class: §strong "),
    make("class 4", "class: 2 ", "class: §4 "),
    make("expectation a text", used, "used: [§tls.protected]"),
    make("used a mapping", used, "used: §{fact: tls.protected, is: true}"),
    make(
      "at-least a text", "{fact: tls.protected, is: true}", "{fact: tls.protected, at-least: §many}"
    ),
    make("empty false", "{fact: tls.protected, is: true}", "{fact: tls.protected, empty: §false}"),
    make(
      "present a text", "{fact: tls.protected, is: true}", "{fact: tls.protected, present: §yes}"),
    make("is nothing", "{fact: tls.protected, is: true}", "{fact: tls.protected, is: §}"),
    make("within a list of lists", "within: approved.tls-suites", "within: [§[E013]]"),
    make("with a list", "class: 2 ", "with: §[a]\n            class: 2 "),
    make("ask a text", ask, "- ask: §product-grade"),
    make("empty title", "zh: 通信安全", "zh: §\"\""),
    make("item absent", "- item: g\n", "- item:§\n"),
  ]

  private static let names = [
    make("unknown standard", "GM/T 0077-2019", "§GM/T 0077-2020"),
    make("level 5", "level: 4", "level: §5"),
    make("unknown dimension", "{id: network,", "{id: §netwrok,"),
    make("unknown obligation", "obligation: shall ", "obligation: §must "),
    make("unknown text state", "text: read  ", "text: §maybe  "),
    make("unknown property", "property: confidentiality", "property: [integrity, §secrecy]"),
    make("unknown unit", "feeds: [net.conf]", "feeds: [net.conf, §net.cnof]"),
    make("unknown letter of bears-on", "bears-on: [A]", "bears-on: [A, §B]"),
    make("unknown gate", "gates: [\"7.2\",", "gates: [§\"7.9\","),
    make("unknown kind", "- object: channel", "- object: §chanel"),
    make("kind the probe cannot look at", "- object: channel", "- object: §room"),
    make("unknown probe", "probe: tls.endpoint", "probe: §tls.endpiont"),
    make("unknown status", "class: 2 ", "status: §plannd\n            class: 2 "),
    make("unknown parameter", "class: 2 ", "with: {§speed: 3}\n            class: 2 "),
    make("unknown fact", "{fact: tls.protected,", "{fact: §tls.protectd,"),
    make(
      "unknown fact in only-if", "{fact: tls.protected, is: true}",
      "{fact: tls.protected, is: true, only-if: [{fact: §tls.on, is: true}]}"),
    make("unknown set", "within: approved.tls-suites", "within: §approved.tls-suits"),
    make("unknown rating", "within: approved.tls-suites", "within: §aproved.tls-suites"),
    make("unknown letter", "letter: K", "letter: §Q"),
    make(
      "unknown kind of a question", "letter: K, object: channel", "letter: K, object: §channels"),
    make("unknown method", "method: document", "method: §reading"),
    make("unknown question", ask, "- ask: {id: §product-garde}"),
  ]

  private static let yaml = [
    make("repeated key on top", "level: 4\n", "level: 4\n§level: 4\n"),
    make(
      "repeated key in a row", "        provenance: seed\n",
      "        provenance: seed\n        §provenance: seed\n"),
    make(
      "repeated key in a flow mapping", "{fact: tls.protected, is: true}",
      "{fact: tls.protected, is: true, §is: true}"),
    make("alias", "remediation: {en: …, zh: …}", "remediation: §*shared"),
    make("anchor", "remediation: {en: …", "remediation: §&shared {en: …"),
    make("tag", "level: 4", "level: §!!int 4"),
    make("second document", "standard: 见", "").replacingAll(
      Sketch.text, Sketch.text + "§---\nstandard: x\n"),
    make("merge key", "level: 4\n", "level: 4\n§<<: {a: b}\n"),
    make("tab", "    title: {zh: 通信", "§\ttitle: {zh: 通信"),
    make("not a mapping", "", "").replacingAll(Sketch.text, "§- a\n- b\n"),
    make("empty file", "", "").replacingAll(Sketch.text, "§"),
    make(
      "deep nesting", "level: 4",
      "level: " + String(repeating: "[", count: 31) + "§[" + String(repeating: "]", count: 32)),
    make("unprintable character", "level: 4", "level: §\u{7}4"),
    make("unclosed quote", "provenance: inferred-numbering", "provenance: inferred-numbering")
      .replacingAll(Sketch.text, "standard: \"GM/T\n§"),
  ]

  private static let rules = [
    make(
      "two conditions", "{fact: tls.protected, is: true}",
      "{fact: tls.protected, is: true, §present: true}"),
    make(
      "unread row with requirement", "        provenance: inferred-numbering\n",
      "        provenance: inferred-numbering\n        §requirement: {zh: x, en: y}\n"),
    make(
      "unread row with assess", "        provenance: inferred-numbering\n",
      "        provenance: inferred-numbering\n        §assess: []\n"),
    make(
      "unread row with remediation", "        provenance: inferred-numbering\n",
      "        provenance: inferred-numbering\n        §remediation: {zh: x, en: y}\n"),
    make("read row of unknown obligation", "obligation: shall ", "obligation: §unknown "),
    make(
      "pointer with assess", "zh: 见其他标准。}\n",
      "zh: 见其他标准。}\n        §assess: [{ask: {id: product-grade}}]\n"),
    make("empty assess", "assess:\n", "assess: §[]\n        §x:\n"),
    make("empty units", "", "").replacingAll(
      Sketch.text,
      "standard: GM/T 0077-2019\nlevel: 4\ndimension: {id: network, zh: 网, en: N}\nunits: §[]\n"),
    make(
      "empty requirements", "  - clause: 8.2.2.2\n",
      "  - {clause: 8.2.2.1, title: {zh: 空, en: E}, requirements: §[]}\n  - clause: 8.2.2.2\n"),
    make("empty expectations", used, "used: §[]"),
    make("empty set", "within: approved.tls-suites", "within: §[]"),
    make("repeated row", "- item: g\n", "- §item: f\n"),
    make(
      "repeated question", ask,
      ask
        + "\n          - ask: {id: §product-grade, letter: K, object: channel, method: document, zh: …, en: …}"
    ),
    make(
      "overlay key in a shipped file", "level: 4\n", "level: 4\n§overlay: {name: a, zh: a, en: a}\n"
    ),
    make("question of another kind in a management row", "            zh: 见", "").replacingAll(
      "      - item: g\n        obligation: unknown\n        text: unread\n        provenance: inferred-numbering\n",
      "      - item: g\n        obligation: shall\n        text: read\n        provenance: seed\n        requirement: {zh: x, en: y}\n        objects: organisation\n        assess:\n          - ask: §{id: product-grade}\n        remediation: {zh: x, en: y}\n"
    ),
  ]
}

extension Break {
  fileprivate func replacing(_ old: String, _ new: String) -> Break {
    Break(name, file, from, to.replacingOccurrences(of: old, with: new))
  }

  fileprivate func replacingAll(_ from: String, _ to: String) -> Break {
    Break(name, file, from, to)
  }
}
