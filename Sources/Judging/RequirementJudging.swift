import AssessmentModel

/// Judges one requirement after the other, collecting findings and open questions.
struct RequirementJudging {
  let index: JudgingIndex
  let facts: FactJudging
  var findings: [Finding] = []
  var pending = PendingQuestions()

  init(index: JudgingIndex, facts: FactJudging) {
    self.index = index
    self.facts = facts
  }

  mutating func judge(_ requirement: Requirement) {
    guard let kind = requirement.objectKind else { return }
    if kind == .organisation {
      judgeWhole(requirement, object: nil)
      return
    }
    let objects = index.objects(of: kind)
    guard !objects.isEmpty else {
      findings.append(withoutObject(requirement, kind))
      return
    }
    for object in objects {
      if let exclusion = index.exclusion(requirement, object: object.id) {
        findings.append(notApplicable(requirement, object.id, exclusion))
      } else if requirement.isJudgedByAnswers {
        judgeAnswers(requirement, object: object.id)
      } else {
        judgeLetters(requirement, object)
      }
    }
  }

  private mutating func judgeWhole(_ requirement: Requirement, object: String?) {
    if let exclusion = index.exclusion(requirement, object: nil) {
      findings.append(notApplicable(requirement, nil, exclusion))
    } else {
      judgeAnswers(requirement, object: nil)
    }
  }

  private func account(_ requirement: Requirement, _ object: String?) -> Finding.Account {
    let catalog = requirement.standard == .gmt0077 ? "gmt0077-2019" : "gbt39786-2021"
    let name = [
      catalog, requirement.id, requirement.clause, requirement.item, object ?? "",
    ].joined(separator: "|")
    return Finding.Account(
      fingerprint: index.digest(name), requirement: requirement.id, object: object,
      gates: requirement.gates)
  }

  private func withoutObject(_ requirement: Requirement, _ kind: ObjectKind) -> Finding {
    if let exclusion = index.exclusion(requirement, object: nil) {
      return notApplicable(requirement, nil, exclusion)
    }
    return Finding.open(
      .untested,
      because: [
        Bilingual(
          zh: "测评范围未列出此类对象（\(kind.rawValue)）",
          en: "no object named: the scope lists no \(kind.rawValue)")
      ], evidence: [], account(requirement, nil))
  }

  private func notApplicable(
    _ requirement: Requirement, _ object: String?, _ exclusion: Scope.NotApplicable
  ) -> Finding {
    Finding.notApplicable(
      because: Bilingual(zh: exclusion.reason, en: exclusion.reason), account(requirement, object))
  }

  // MARK: Whole answers

  /// All 符合 → 符合, all 不符合 → 不符合, one unanswered → awaiting, else 部分符合.
  private mutating func judgeAnswers(_ requirement: Requirement, object: String?) {
    var account = account(requirement, object)
    if requirement.standard == .gbt39786, let code = requirement.feeds.first,
      let answer = index.answer(unit: code), index.isValid(answer),
      case .verdict(let verdict) = answer.value
    {
      account.observed = [observed(answer, name: code, object: object)]
      findings.append(whole([verdict], [answer], account))
      return
    }
    var verdicts: [Verdict] = []
    var answers: [Attestations.Answer] = []
    var causes: [Bilingual] = []
    for case .ask(let question) in requirement.assessments {
      account.expected.append(
        Finding.Expected(letter: nil, name: question.id, condition: question.text))
      let answer = index.answer(question, on: object)
      if let answer, index.isValid(answer), case .verdict(let verdict) = answer.value {
        verdicts.append(verdict)
        answers.append(answer)
        account.observed.append(observed(answer, name: question.id, object: object))
      } else {
        account.observed.append(
          Finding.Observed(
            object: object, name: question.id, value: nil, outcome: .undetermined,
            note: missing(answer)))
        causes.append(
          Self.expired(question.id, answer, index) ?? LetterInput.waiting([question.id]))
        pending.add(question, object: object, requirement: requirement.id)
      }
    }
    guard causes.isEmpty else {
      findings.append(
        .open(.awaiting, because: causes, evidence: answers.flatMap(\.evidence), account))
      return
    }
    findings.append(whole(verdicts, answers, account))
  }

  private func whole(
    _ verdicts: [Verdict], _ answers: [Attestations.Answer], _ account: Finding.Account
  ) -> Finding {
    var account = account
    guard let grounds = Grounds(uniqueEvidence(answers.flatMap(\.evidence))) else {
      return .open(
        .awaiting,
        because: [Bilingual(zh: "没有证据支持的答复", en: "no answer with evidence")],
        evidence: [], account)
    }
    account.reasons = answers.map { answer in
      let text = ActiveScalar.inert(answer.observed)
      return Bilingual(
        zh: "\(answer.assessor)（\(answer.date)）：\(text)",
        en: "\(answer.assessor) (\(answer.date)): \(text)")
    }
    if verdicts.allSatisfy({ $0 == .conforming }) {
      return .judged(.conforming, on: grounds, account)
    }
    if verdicts.allSatisfy({ $0 == .nonConforming }) {
      return .judged(.nonConforming, on: grounds, account)
    }
    return .judged(.partial, on: grounds, account)
  }

  // MARK: Letters

  private mutating func judgeLetters(_ requirement: Requirement, _ object: AssessmentObject) {
    var account = account(requirement, object.id)
    var inputs: [JudgedLetter: [LetterInput]] = [:]
    for letter in JudgedLetter.allCases {
      inputs[letter] = letterInputs(requirement, object, letter)
    }
    account.letters = LetterInput.letters(inputs)
    for letter in JudgedLetter.allCases {
      for input in inputs[letter] ?? [] {
        account.expected.append(input.expected)
        account.observed.append(input.observed)
      }
    }
    account.strengthBits = LetterInput.weakestStrength(inputs[.A] ?? [])
    account.otherKeyRequirementsMet = (inputs[.K] ?? []).contains {
      $0.answer?.otherKeyRequirementsMet == true
    }
    for input in LetterInput.unanswered(inputs, account.letters) {
      pending.add(input.question, object: input.object, requirement: requirement.id)
    }
    findings.append(LetterInput.finding(inputs, account))
  }

  private func letterInputs(
    _ requirement: Requirement, _ object: AssessmentObject, _ letter: JudgedLetter
  ) -> [LetterInput] {
    var inputs: [LetterInput] = []
    let isForPeople = object.locator == nil && requirement.hasStandIns
    for assessment in requirement.assessments {
      switch assessment {
      case .probe(let probe):
        guard !probe.isPlanned else { continue }
        if probe.isForCertifiedProducts, object.product?.certificate == nil { continue }
        if isForPeople, probe.objectKind == object.kind { continue }
        for looked in index.lookedAt(probe.objectKind, for: object) {
          let result = index.result(looked, probe.procedure)
          for expectation in probe.expectations(behind: letter) {
            if let input = measured(expectation, letter, probe, looked, result) {
              inputs.append(input)
            }
          }
        }
      case .ask(let question):
        guard question.letter == letter, !question.standsIn || isForPeople else { continue }
        if question.objectKind == .organisation {
          inputs.append(asked(question, letter, object: nil))
        } else {
          for looked in index.lookedAt(question.objectKind, for: object) {
            inputs.append(asked(question, letter, object: looked.id))
          }
        }
      }
    }
    return inputs
  }

  private func measured(
    _ expectation: Expectation, _ letter: JudgedLetter, _ probe: ProbeAssessment,
    _ object: AssessmentObject, _ result: InspectionResult?
  ) -> LetterInput? {
    let expected = Finding.Expected(
      letter: letter, name: expectation.fact,
      condition: ConditionText.text(expectation, judgement: probe.judgement))
    guard let result else {
      return LetterInput(
        letter: .undetermined, expected: expected,
        observed: Finding.Observed(
          object: object.id, name: expectation.fact, value: nil, outcome: .undetermined),
        cause: Bilingual(
          zh: "\(object.id)：未以 \(probe.procedure.probe) 检测（范围未给出地址或未运行）",
          en: "\(object.id): not inspected by \(probe.procedure.probe) (no place given, or not run)"
        ))
    }
    let outcome = facts.judge(expectation, result)
    guard let judged = outcome.letter else { return nil }
    var input = LetterInput(
      letter: judged, expected: expected,
      observed: Finding.Observed(
        object: object.id, name: expectation.fact, value: outcome.observed, outcome: judged,
        evidence: result.evidence.map(\.id)),
      evidence: judged == .undetermined ? [] : result.evidence)
    if judged == .undetermined {
      input.cause = Self.unstated(expectation.fact, object.id, result)
    }
    if judged == .notMet, letter == .A {
      switch expectation.condition {
      case .within(.named(let set)), .noneOf(.named(let set)):
        input.strengthBits = facts.algorithms.weakestStrength(
          of: outcome.offending, inTableOf: set)
      case .within, .noneOf, .equals, .differs, .includes, .atLeast, .atMost, .empty, .present:
        break
      }
    }
    return input
  }

  private func asked(
    _ question: Question, _ letter: JudgedLetter, object: String?
  ) -> LetterInput {
    let expected = Finding.Expected(letter: letter, name: question.id, condition: question.text)
    let answer = index.answer(question, on: object)
    guard let answer, index.isValid(answer), case .letter(let met) = answer.value else {
      return LetterInput(
        letter: .undetermined, expected: expected,
        observed: Finding.Observed(
          object: object, name: question.id, value: nil, outcome: .undetermined,
          note: missing(answer)),
        cause: Self.expired(question.id, answer, index), question: question)
    }
    return LetterInput(
      letter: met ? .met : .notMet, expected: expected,
      observed: observed(answer, name: question.id, object: object), evidence: answer.evidence,
      strengthBits: met ? nil : answer.strengthBits, question: question, answer: answer)
  }

  private func observed(
    _ answer: Attestations.Answer, name: String, object: String?
  ) -> Finding.Observed {
    let letter: Letter =
      switch answer.value {
      case .letter(let met): met ? .met : .notMet
      case .verdict(let verdict): verdict == .conforming ? .met : .notMet
      }
    return Finding.Observed(
      object: object, name: name, value: .text(answer.observed), outcome: letter,
      note: Bilingual(
        zh: "\(answer.assessor) · \(answer.date)", en: "\(answer.assessor) · \(answer.date)"),
      evidence: answer.evidence.map(\.id))
  }

  private func missing(_ answer: Attestations.Answer?) -> Bilingual? {
    guard let until = answer?.validUntil, until < index.today else { return nil }
    return Bilingual(zh: "答复已于 \(until) 过期", en: "the answer expired on \(until)")
  }

  private static func expired(
    _ id: String, _ answer: Attestations.Answer?, _ index: JudgingIndex
  ) -> Bilingual? {
    guard let until = answer?.validUntil, until < index.today else { return nil }
    return Bilingual(
      zh: "\(id)：答复已于 \(until) 过期，须重新核查",
      en: "\(id): the answer expired on \(until) and has to be given anew")
  }

  private static func unstated(
    _ fact: String, _ object: String, _ result: InspectionResult
  ) -> Bilingual {
    if let unavailable = result.unavailable {
      let detail = ActiveScalar.inert(unavailable.detail)
      return Bilingual(
        zh: "\(object)：\(result.procedure.probe) 未能检测（\(unavailable.reason.rawValue)）：\(detail)",
        en:
          "\(object): \(result.procedure.probe) could not look (\(unavailable.reason.rawValue)): \(detail)"
      )
    }
    return Bilingual(
      zh: "\(object)：未得到事实 \(fact)", en: "\(object): the fact \(fact) was not established")
  }
}

/// Each reference once, in order.
func uniqueEvidence(_ evidence: [EvidenceReference]) -> [EvidenceReference] {
  var seen: Set<EvidenceReference> = []
  return evidence.filter { seen.insert($0).inserted }
}
