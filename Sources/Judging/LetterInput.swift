import AssessmentModel

/// One expectation or question behind a letter, and what it came to.
struct LetterInput {
  var letter: Letter
  var expected: Finding.Expected
  var observed: Finding.Observed
  var evidence: [EvidenceReference] = []
  /// Why it is undetermined; nil where a person simply has not answered yet.
  var cause: Bilingual?
  var strengthBits: Int?
  /// Set when a person is asked.
  var question: Question?
  var answer: Attestations.Answer?

  /// Any not met → not met; else any unknown → undetermined; nothing → undetermined, never met. When D is
  /// not met A and K are not evaluated.
  static func letters(_ inputs: [JudgedLetter: [LetterInput]]) -> [JudgedLetter: Letter] {
    var letters: [JudgedLetter: Letter] = [:]
    for letter in JudgedLetter.allCases { letters[letter] = conjunction(inputs[letter] ?? []) }
    if letters[.D] == .notMet {
      letters[.A] = .notEvaluated
      letters[.K] = .notEvaluated
    }
    return letters
  }

  private static func conjunction(_ inputs: [LetterInput]) -> Letter {
    if inputs.contains(where: { $0.letter == .notMet }) { return .notMet }
    if inputs.isEmpty || inputs.contains(where: { $0.letter != .met }) { return .undetermined }
    return .met
  }

  /// The weakest strength among what failed; causes without a known strength do not hide those with one.
  static func weakestStrength(_ inputs: [LetterInput]) -> Int? {
    inputs.filter { $0.letter == .notMet }.compactMap(\.strengthBits).min()
  }

  /// Questions whose answer could still change the finding.
  static func unanswered(
    _ inputs: [JudgedLetter: [LetterInput]], _ letters: [JudgedLetter: Letter]
  ) -> [(question: Question, object: String?)] {
    JudgedLetter.allCases.filter { letters[$0] == .undetermined }.flatMap { letter in
      (inputs[letter] ?? []).compactMap { input in
        guard input.letter == .undetermined, let question = input.question else { return nil }
        return (question, input.observed.object)
      }
    }
  }

  static func finding(
    _ inputs: [JudgedLetter: [LetterInput]], _ account: Finding.Account
  ) -> Finding {
    var account = account
    let all = JudgedLetter.allCases.flatMap { inputs[$0] ?? [] }
    let evidence = uniqueEvidence(all.flatMap(\.evidence))
    let d = account.letters[.D]
    let a = account.letters[.A]
    let k = account.letters[.K]
    if d == .notMet, let grounds = Grounds(decisive(inputs[.D])) {
      account.reasons = reasons(.D, inputs[.D])
      return .judged(.nonConforming, on: grounds, account)
    }
    if d == .met, a == .notMet || k == .notMet, let grounds = Grounds(evidence) {
      account.reasons = reasons(.A, inputs[.A]) + reasons(.K, inputs[.K])
      return .judged(.partial, on: grounds, account)
    }
    if d == .met, a == .met, k == .met, let grounds = Grounds(evidence) {
      account.reasons = [
        Bilingual(zh: "D、A、K 各项均满足", en: "everything behind D, A and K is met")
      ]
      return .judged(.conforming, on: grounds, account)
    }
    let open = JudgedLetter.allCases.filter { account.letters[$0] == .undetermined }
    let waiting = open.flatMap { (inputs[$0] ?? []).filter { $0.letter == .undetermined } }
    let unasked = open.filter { (inputs[$0] ?? []).isEmpty }
    let isForPeople = unasked.isEmpty && waiting.allSatisfy { $0.question != nil }
    var causes = waiting.compactMap(\.cause)
    var named: Set<String> = []
    let unanswered = waiting.filter { $0.cause == nil }.compactMap(\.question?.id)
      .filter { named.insert($0).inserted }
    if !unanswered.isEmpty { causes.append(Self.waiting(unanswered)) }
    causes += unasked.map {
      Bilingual(zh: "\($0.rawValue) 尚无检测或提问", en: "nothing measures or asks \($0.rawValue) yet")
    }
    return .open(
      isForPeople ? .awaiting : .untested, because: unique(causes), evidence: evidence, account)
  }

  /// The evidence of the inputs that are not met.
  private static func decisive(_ inputs: [LetterInput]?) -> [EvidenceReference] {
    uniqueEvidence((inputs ?? []).filter { $0.letter == .notMet }.flatMap(\.evidence))
  }

  private static func reasons(_ letter: JudgedLetter, _ inputs: [LetterInput]?) -> [Bilingual] {
    (inputs ?? []).filter { $0.letter == .notMet }.map { input in
      let place = input.observed.object.map { "\($0): " } ?? ""
      if input.question != nil {
        let text = ActiveScalar.inert(input.observed.value?.text ?? "")
        return Bilingual(
          zh: "\(letter.rawValue)：\(place)\(input.observed.name) 答复为不满足：\(text)",
          en: "\(letter.rawValue): \(place)\(input.observed.name) answered not met: \(text)")
      }
      let seen = ActiveScalar.inert(
        input.observed.value.map { FactText.short($0, limit: 120) } ?? "–")
      return Bilingual(
        zh: "\(letter.rawValue)：\(place)应\(input.expected.condition.zh)，实测 \(seen)",
        en:
          "\(letter.rawValue): \(place)expected that \(input.expected.condition.en), observed \(seen)"
      )
    }
  }

  /// Questions nobody has answered yet, put into one sentence.
  static func waiting(_ questions: [String]) -> Bilingual {
    Bilingual(
      zh: "等待人工核查：\(questions.joined(separator: "、"))",
      en: "waits for a person's answer: \(questions.joined(separator: ", "))")
  }

  private static func unique(_ causes: [Bilingual]) -> [Bilingual] {
    var seen: Set<Bilingual> = []
    return causes.filter { seen.insert($0).inserted }
  }
}
