package import AssessmentModel

/// What a gate asks for (门限).
package enum GateKind: String, Sendable, Hashable, CaseIterable {
  /// No open high-risk hit without a waiver.
  case `default`
  /// Besides: nothing untested or awaiting a person.
  case complete
  /// Only reports.
  case none
}

/// The gate's answer, and which waivers were used.
package struct GateOutcome: Sendable, Hashable {
  package var summary: AssessmentResult.GateSummary
  package var highRisk: [AssessmentResult.HighRiskHit]
  package var waivers: [AssessmentResult.WaiverSummary]
}

/// Applies waivers and the gate. A waiver changes neither verdict, score nor conclusion; an expired one
/// covers nothing and is named.
///
/// - Parameter today: `YYYY-MM-DD` in the authorisation's time zone; first and last days count in full.
package func gate(
  _ kind: GateKind, findings: [Finding], highRisk: [AssessmentResult.HighRiskHit],
  waivers: [Waiver], today: String
) -> GateOutcome {
  var hits = highRisk
  var summaries: [AssessmentResult.WaiverSummary] = []
  var expired: [(id: String, hits: [Int])] = []
  for waiver in waivers {
    let matched = hits.indices.filter { waiver.matches(hits[$0]) }
    let state =
      if today < waiver.effective {
        "not-yet"
      } else if waiver.expires < today {
        "expired"
      } else if matched.isEmpty {
        "unmatched"
      } else {
        "in-force"
      }
    if state == "in-force" {
      for index in matched where hits[index].waiver == nil { hits[index].waiver = waiver.id }
    }
    if state == "expired" { expired.append((waiver.id, matched)) }
    summaries.append(
      AssessmentResult.WaiverSummary(
        id: waiver.id, reason: waiver.reason, approvedBy: waiver.approvedBy,
        expires: waiver.expires, state: state, hits: matched.map { hits[$0].fingerprint }))
  }
  // Named where it is missed: a hit that a renewed waiver covers needs the old one no more.
  let missed = expired.filter { waiver in
    waiver.hits.contains { hits[$0].counts && hits[$0].waiver == nil }
  }
  return GateOutcome(
    summary: summary(kind, findings: findings, hits: hits, expired: missed.map(\.id)),
    highRisk: hits, waivers: summaries)
}

private func summary(
  _ kind: GateKind, findings: [Finding], hits: [AssessmentResult.HighRiskHit], expired: [String]
) -> AssessmentResult.GateSummary {
  let open = hits.count { $0.counts && $0.waiver == nil }
  let missing = findings.count { $0.verdict == .untested || $0.verdict == .awaiting }
  let note =
    expired.isEmpty
    ? Bilingual(zh: "", en: "")
    : Bilingual(
      zh: "；已过期的豁免：\(expired.joined(separator: "、"))",
      en: "; expired waivers: \(expired.joined(separator: ", "))")
  func result(_ code: Int, _ zh: String, _ en: String) -> AssessmentResult.GateSummary {
    AssessmentResult.GateSummary(
      kind: kind.rawValue, exitCode: code, reason: Bilingual(zh: zh + note.zh, en: en + note.en))
  }
  switch kind {
  case .none: return result(0, "不设门限，仅出报告", "no gate: only reports")
  case .default, .complete:
    if open > 0 {
      return result(
        1, "未达门限：\(open) 项高风险未豁免", "not met: \(open) open high-risk hits without a waiver")
    }
    if kind == .complete, missing > 0 {
      return result(
        3, "不完整：\(missing) 项未测或待核查", "incomplete: \(missing) findings untested or awaiting a person"
      )
    }
    return result(0, "达到门限", "met")
  }
}

extension Waiver {
  fileprivate func matches(_ hit: AssessmentResult.HighRiskHit) -> Bool {
    (fingerprint == nil || fingerprint == hit.fingerprint)
      && (code == nil || code == hit.code)
      && (unit == nil || unit == hit.unit)
      && (object == nil || object == hit.object)
      // A waiver for a GM/T 0077 row says nothing about a unit's high-risk hit.
      && requirement == nil
  }
}
