import AssessmentModel
import Testing

func hit(
  _ code: String, state: AssessmentResult.HighRiskHit.State,
  confidence: HighRiskRules.Confidence? = nil
) -> AssessmentResult.HighRiskHit {
  let text = Bilingual(zh: code, en: code)
  return AssessmentResult.HighRiskHit(
    fingerprint: "f-\(code)", code: code, title: text, unit: "net.conf", object: "gw-01",
    problem: 1, state: state, confidence: confidence,
    counts: state == .open || (state == .proposed && confidence == .high), why: text)
}

func waiver(
  _ id: String, code: String? = nil, unit: String? = nil, object: String? = nil,
  fingerprint: String? = nil, requirement: String? = nil, from: String = "2026-01-01",
  to: String = "2026-12-31"
) -> Waiver {
  Waiver(
    id: id, requirement: requirement, unit: unit, code: code, object: object,
    fingerprint: fingerprint, reason: "切换窗口", approvedBy: "someone", effective: from,
    expires: to, place: SourcePlace(file: "waivers.yaml", line: 1, column: 1))
}

func finding(_ verdict: Verdict) throws -> Finding {
  let account = Finding.Account(fingerprint: "f", requirement: "L3-net.conf", object: "gw-01")
  let cause = Bilingual(zh: "因", en: "cause")
  let grounds = try #require(Grounds([EvidenceReference(id: "1", sm3: "aa", strength: 2)]))
  return switch verdict {
  case .conforming: .judged(.conforming, on: grounds, account)
  case .partial: .judged(.partial, on: grounds, account)
  case .nonConforming: .judged(.nonConforming, on: grounds, account)
  case .notApplicable: .notApplicable(because: cause, account)
  case .awaiting: .open(.awaiting, because: [cause], evidence: [], account)
  case .untested: .open(.untested, because: [cause], evidence: [], account)
  }
}

/// A few judged findings and `count` untested ones.
func findings(untested count: Int) -> [Finding] {
  let answered = [Verdict.conforming, .nonConforming, .notApplicable]
  return (answered + Array(repeating: .untested, count: count)).compactMap { try? finding($0) }
}
