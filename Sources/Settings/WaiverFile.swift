package import AssessmentModel
package import YAMLDocument

/// Reads a waiver file (豁免): a list of approved exceptions, each with an expiry.
package struct WaiverFile {
  private let faults: Faults

  package init(faults: Faults) { self.faults = faults }

  package func read(path: String) -> [Waiver] {
    guard let node = YAMLDocument.read(path: path, faults: faults) else { return [] }
    return read(node)
  }

  package func read(_ node: YAMLNode) -> [Waiver] {
    var seen: Set<String> = []
    let waivers = (node.items(of: "waiver file", faults: faults) ?? []).compactMap { waiver($0) }
    for waiver in waivers where !seen.insert(waiver.id).inserted {
      faults.report(waiver.place, "waiver \"\(waiver.id)\" stands twice")
    }
    return waivers
  }

  private func waiver(_ node: YAMLNode) -> Waiver? {
    let keys = [
      "id", "match", "reason", "compensating", "risk", "requested-by", "approved-by", "effective",
      "expires", "ticket",
    ]
    guard let reader = MappingReader(node, of: "waiver", keys: keys, faults: faults) else {
      return nil
    }
    let id = reader.requiredText("id")
    let reason = reader.requiredText("reason")
    let approvedBy = reader.requiredText("approved-by")
    let effective = day(reader.required("effective"), "effective")
    let expires = day(reader.required("expires"), "expires")
    guard let match = reader.required("match"),
      let selector = MappingReader(
        match, of: "\"match\" of waiver \(id ?? "?")",
        keys: ["requirement", "unit", "code", "object", "fingerprint"], faults: faults)
    else { return nil }
    let waiver = Waiver(
      id: id ?? "", requirement: selector.text("requirement"), unit: selector.text("unit"),
      code: selector.text("code"), object: selector.text("object"),
      fingerprint: selector.text("fingerprint"), reason: reason ?? "",
      approvedBy: approvedBy ?? "", effective: effective ?? "", expires: expires ?? "",
      place: reader.place)
    if waiver.requirement == nil, waiver.unit == nil, waiver.code == nil, waiver.object == nil,
      waiver.fingerprint == nil
    {
      faults.report(match.place, "waiver \"\(id ?? "?")\" matches everything; name what it is for")
    }
    if let effective, let expires, expires < effective, let place = reader.node("expires")?.place {
      faults.report(place, "the waiver ends (\(expires)) before it begins (\(effective))")
    }
    guard id != nil, reason != nil, approvedBy != nil, effective != nil, expires != nil else {
      return nil
    }
    return waiver
  }

  private func day(_ node: YAMLNode?, _ key: String) -> String? {
    guard let node, let text = node.text(of: "\"\(key)\" of a waiver", faults: faults) else {
      return nil
    }
    guard CalendarDay(text) != nil else {
      faults.report(
        node.place, "\"\(key)\" is \"\(text)\"; expected a day such as \"2026-12-01\"")
      return nil
    }
    return text
  }
}
