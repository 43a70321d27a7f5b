import AssessmentModel
import FoundationEssentials

/// An inspection's outcome as the JSON text the store keeps: `evidence`, `facts`, `object`, `parameters`,
/// `probe` and, where not all could be seen, `unavailable`.
enum InspectionForm {
  static func text(_ result: InspectionResult) -> String {
    var fields: [String: FactValue] = [
      "object": .text(result.object), "probe": .text(result.procedure.probe),
      "parameters": .record(result.procedure.parameters), "facts": .record(result.facts),
      "evidence": .list(
        result.evidence.map {
          ["id": .text($0.id), "sm3": .text($0.sm3), "class": .integer($0.strength)]
        }),
    ]
    if let unavailable = result.unavailable {
      fields["unavailable"] = [
        "reason": .text(unavailable.reason.rawValue), "detail": .text(unavailable.detail),
      ]
    }
    return JSONText.compact(.record(fields))
  }

  /// `nil` for text that this module did not write.
  static func result(_ text: String) -> InspectionResult? {
    guard let value = value(text), let object = value["object"]?.text,
      let probe = value["probe"]?.text, let parameters = value["parameters"]?.record,
      let facts = value["facts"]?.record, let items = value["evidence"]?.list
    else { return nil }
    let evidence = items.compactMap(reference)
    guard evidence.count == items.count else { return nil }
    var unavailable: Unavailability?
    if let stated = value["unavailable"] {
      guard let reason = stated["reason"]?.text.flatMap(Unavailability.Reason.init),
        let detail = stated["detail"]?.text
      else { return nil }
      unavailable = Unavailability(reason, detail)
    }
    return InspectionResult(
      object: object, procedure: Procedure(probe: probe, parameters: parameters),
      unavailable: unavailable, facts: facts, evidence: evidence)
  }

  static func value(_ text: String) -> FactValue? {
    try? JSONDecoder().decode(FactValue.self, from: Data(text.utf8))
  }

  private static func reference(_ value: FactValue) -> EvidenceReference? {
    guard let id = value["id"]?.text, let sm3 = value["sm3"]?.text,
      let strength = value["class"]?.integer
    else { return nil }
    return EvidenceReference(id: id, sm3: sm3, strength: strength)
  }
}
