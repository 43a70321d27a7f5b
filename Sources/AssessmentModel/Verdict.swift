/// The outcome of judging an object, a unit or a requirement (测评结果).
package enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
  /// 符合
  case conforming
  /// 部分符合
  case partial
  /// 不符合
  case nonConforming = "non-conforming"
  /// 不适用; a reason is always given with it.
  case notApplicable = "not-applicable"
  /// 待核查: a person still has to answer.
  case awaiting
  /// 未测: not looked at, or looking failed; the cause is given with it.
  case untested
}

/// The answer to one of the three questions D, A, K about an object (判定).
package enum Letter: String, Sendable, Hashable, Codable, CaseIterable {
  /// √
  case met
  /// ×
  case notMet = "not-met"
  /// Not known yet (未确定).
  case undetermined
  /// `/`: A and K are not looked at when D is not met (不再评价).
  case notEvaluated = "not-evaluated"
}
