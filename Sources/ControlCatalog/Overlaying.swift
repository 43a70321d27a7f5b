import AssessmentModel

/// Joins overlay rows with the shipped ones: they may complete, add or tighten, never weaken.
struct Overlaying {
  var faults: Faults

  func join(_ shipped: [RequirementRow], _ overlays: [RequirementRow]) -> [RequirementRow] {
    var rows = shipped
    var places = Dictionary(shipped.enumerated().map { ($1.requirement.id, $0) }) { first, _ in
      first
    }
    for overlay in overlays {
      guard let index = places[overlay.requirement.id] else {
        places[overlay.requirement.id] = rows.count
        var added = overlay
        added.requirement.provenance = "overlay:\(overlay.overlay?.name ?? "")"
        rows.append(added)
        continue
      }
      if let joined = join(rows[index], overlay) { rows[index] = joined }
    }
    return rows
  }

  private func join(_ shipped: RequirementRow, _ overlay: RequirementRow) -> RequirementRow? {
    let id = shipped.requirement.id
    guard overlay.requirement.textState == .read else {
      faults.report(
        overlay.places.text,
        "the overlay says nothing about \(id): \"text: unread\" adds nothing")
      return nil
    }
    guard !weakens(shipped.requirement.obligation, overlay.requirement.obligation) else {
      faults.report(
        overlay.places.obligation,
        "the overlay weakens \(id) from \(shipped.requirement.obligation.rawValue) to "
          + "\(overlay.requirement.obligation.rawValue); an overlay may only add or tighten")
      return nil
    }
    guard
      var joined = shipped.requirement.textState == .read ? added(overlay, to: shipped) : overlay
    else { return nil }
    if shipped.requirement.textState == .unread {
      joined.requirement.provenance = "overlay:\(overlay.overlay?.name ?? "")"
    }
    joined.requirement.gates = merged(shipped.requirement.gates, overlay.requirement.gates)
    joined.requirement.feeds = merged(shipped.requirement.feeds, overlay.requirement.feeds)
    joined.requirement.bearsOn = merged(shipped.requirement.bearsOn, overlay.requirement.bearsOn)
    joined.requirement.properties = merged(
      shipped.requirement.properties, overlay.requirement.properties)
    return joined
  }

  /// A row that was read keeps all it has.
  private func added(_ overlay: RequirementRow, to shipped: RequirementRow) -> RequirementRow? {
    let id = shipped.requirement.id
    guard shipped.requirement.obligation != .pointer else {
      faults.report(
        overlay.places.obligation,
        "\(id) points to another standard and is never judged; an overlay cannot change that")
      return nil
    }
    guard shipped.requirement.objectKind == overlay.requirement.objectKind else {
      let kinds = [shipped, overlay].map { $0.requirement.objectKind?.rawValue ?? "nothing" }
      faults.report(
        overlay.places.kind,
        "\(id) judges \(kinds[0]); the overlay cannot change that to \(kinds[1])")
      return nil
    }
    var joined = shipped
    joined.requirement.obligation = overlay.requirement.obligation
    joined.requirement.text = overlay.requirement.text
    joined.requirement.remediation =
      overlay.requirement.remediation ?? shipped.requirement.remediation
    joined.requirement.provenance += "+overlay:\(overlay.overlay?.name ?? "")"
    joined.entries += overlay.entries
    return joined
  }

  private func merged<Name: Equatable>(_ first: [Name], _ second: [Name]) -> [Name] {
    first + second.filter { !first.contains($0) }
  }

  private func weakens(
    _ shipped: Requirement.Obligation, _ overlay: Requirement.Obligation
  ) -> Bool {
    rank(overlay) < rank(shipped)
  }

  private func rank(_ obligation: Requirement.Obligation) -> Int {
    switch obligation {
    case .shall: 3
    case .should: 2
    case .may: 1
    case .pointer, .unknown: 0
    }
  }
}
