import AssessmentModel

/// A result as large as a large bank's: 1 000 objects with ten findings each.
enum BigResult {
  static func make(objects count: Int = 1_000) -> AssessmentResult {
    var result = SampleResult.make()
    let units = SampleUnit.all.filter { !$0.objects.isEmpty }.prefix(10)
    let objects = (0..<count).map {
      AssessmentObject(
        id: "gw-\($0)", kind: .channel, locator: "tlcp://192.0.2.1:\($0)", owner: "net-crypto",
        product: .init(certificate: "GM001120219999", moduleGrade: 2))
    }
    let texts = (0..<20).map { "C0\(10 + $0)" }
    result.objects = objects
    result.inspections = objects.enumerated().map { number, object in
      .init(
        InspectionResult(
          object: object.id, procedure: Procedure(probe: "tls.endpoint"),
          facts: ["tls.accepted-suites": .list(texts.map { .text($0) })],
          evidence: [reference(number)]))
    }
    result.findings = objects.enumerated().flatMap { number, object in
      units.enumerated().compactMap { place, unit in
        finding(number, object, unit, failing: (number + place) % 3 == 0, texts)
      }
    }
    return result
  }

  private static func reference(_ number: Int) -> EvidenceReference {
    let id = "\(number)-tls.endpoint-gw-\(number)"
    return EvidenceReference(id: id, sm3: SampleResult.digest(id), strength: 3)
  }

  private static func finding(
    _ number: Int, _ object: AssessmentObject, _ unit: SampleUnit, failing: Bool, _ texts: [String]
  ) -> Finding? {
    let letters: [JudgedLetter: Letter] = [
      .D: .met, .A: failing ? .notMet : .met, .K: .met,
    ]
    let account = Finding.Account(
      fingerprint: SampleResult.digest("\(unit.code)|\(number)"), requirement: "L3-\(unit.code)",
      object: object.id, letters: letters,
      expected: JudgedLetter.allCases.map {
        .init(
          letter: $0, name: "tls.accepted-suites",
          condition: Bilingual(zh: "全部在认可清单之内", en: "all within the approved list"))
      },
      observed: JudgedLetter.allCases.map {
        .init(
          object: object.id, name: "tls.accepted-suites", value: .list(texts.map { .text($0) }),
          outcome: letters[$0] ?? .met)
      },
      reasons: failing
        ? [
          Bilingual(
            zh: "A 不满足：接受了清单以外的套件", en: "A is not met: suites outside the list are accepted")
        ] : [])
    return Grounds([reference(number)]).map {
      .judged(failing ? .partial : .conforming, on: $0, account)
    }
  }
}
