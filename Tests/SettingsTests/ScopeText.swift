import AssessmentModel
import Foundation
import Settings
import TestSupport
import YAMLDocument

/// Scope texts for tests, in the documented form.
enum ScopeText {
  static let units: Set<String> = ["net.access", "net.conf", "app.tconf", "pol.system"]
  static let rows: Set<String> = ["L3-7.2.2.4-e"]

  static let full = """
    system: {zh: 核心账务系统, en: Core ledger, level: 3, operator: 示例银行}
    authorisation: {document: 授权书-2026-11, from: "2026-12-01", to: "2026-12-31", targets: [10.1.0.0/16, "127.0.0.0/8"]}
    limits: {connections-per-object: 8, inspections: 64, deadline: 30s, active: full}
    objects:
      - {id: gw-01, kind: channel, at: "tlcp://10.1.2.3:443", sni: pay.bank.example, owner: net-crypto,
         product: {certificate: GM00112021xxxx, module-grade: 2}}
      - {id: core-audit, kind: audit-log, log: logs/core-audit.yaml, owner: core-ops}
      - {id: core-db, kind: device}
      - {id: hsm-01, kind: crypto-device}
      - {id: acct-data, kind: data, travels: [gw-01], rests-in: [core-db], protected-by: [hsm-01]}
    not-applicable: [{unit: net.access, object: gw-01, reason: …, approved-by: …}]     # object optional
    attestations: attest/
    waivers: waivers.yaml
    judgements: {"13.2": false}

    """

  static func read(_ text: String, path: String = "/bank/scope.yaml") -> (
    scope: Scope?, faults: [Fault]
  ) {
    let faults = Faults()
    let file = ScopeFile(
      units: units, requirementIDs: rows, judgements: ["13.1", "13.2"], faults: faults)
    let node = YAMLDocument.parse(Array(text.utf8), file: path, faults: faults)
    let read = node.flatMap { file.read($0, path: path) }
    // What the YAML reader refuses stands outside the scope's own reading.
    let scope = faults.isEmpty ? read : nil
    return (scope, faults.sorted)
  }
}

/// One textual break. The mark `§` in `to` stands where each fault is expected; it is taken out again.
struct Slip: Sendable, CustomStringConvertible {
  var from: String
  var to: String

  init(_ from: String, _ to: String) {
    self.from = from
    self.to = to
  }

  var description: String { to }

  /// The broken text and the places `LINE:COLUMN` of its faults.
  func applied(to text: String) throws -> (text: String, places: [String]) {
    let broken = try MarkedText(text, replacing: from, with: to)
    return (broken.text, broken.places)
  }
}

extension [Fault] {
  /// `LINE:COLUMN`, each once.
  var places: [String] {
    var seen: Set<String> = []
    return map { "\($0.place.line):\($0.place.column)" }.filter { seen.insert($0).inserted }
  }
}
