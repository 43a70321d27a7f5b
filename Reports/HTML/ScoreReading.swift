import AssessmentModel

/// Reads the official score (result A) out of its machine form; whatever is missing reads as absent.
struct ScoreReading {
  struct Unit {
    let code: String
    let score: String?
    let verdict: Verdict?
  }

  struct Range {
    let lower: String?
    let upper: String?
    let testedOnly: String?
  }

  private let fact: FactValue

  init(_ fact: FactValue) { self.fact = fact }

  var edition: String? { fact["edition"]?.text }
  var total: String? { fact["total"]?.text }
  var technical: String? { fact["technical"]?.text }
  var management: String? { fact["management"]?.text }
  var threshold: String? { fact["threshold"]?.text }
  var thresholdSource: Bilingual? { fact["threshold-source"].flatMap(bilingual) }
  var conclusion: String? { fact["conclusion"]?.text }
  var whyNone: MissingPart? { fact["why-none"]?.text.flatMap(MissingPart.init) }
  var openHighRisk: Int? { fact["open-high-risk"]?.integer }
  var notes: [Bilingual] { (fact["notes"]?.list ?? []).compactMap(bilingual) }

  var range: Range? {
    guard let range = fact["range"], range.record != nil else { return nil }
    return Range(
      lower: range["lower"]?.text, upper: range["upper"]?.text,
      testedOnly: range["tested-only"]?.text)
  }

  var unitCodes: [String] { (fact["units"]?.record ?? [:]).keys.sorted() }

  func unit(_ code: String) -> Unit? {
    guard let unit = fact["units"]?[code] else { return nil }
    return Unit(
      code: code, score: unit["score"]?.text, verdict: unit["verdict"]?.text.flatMap(Verdict.init))
  }

  func layer(_ code: String) -> String? { fact["layers"]?[code]?.text }

  /// Score of an object before compensation, or the range it lies in.
  func object(_ unit: String, _ object: String) -> String? {
    let name = "\(unit)/\(object)"
    return fact["objects"]?[name]?.text ?? span(fact["object-ranges"]?[name])
  }

  func compensated(_ unit: String, _ object: String) -> String? {
    fact["compensated"]?["\(unit)/\(object)"]?.text
  }

  func unitRange(_ code: String) -> String? { span(fact["unit-ranges"]?[code]) }

  /// Ra (`ra`) or Rk (`rk`) of an object.
  func factor(_ name: String, _ unit: String, _ object: String) -> String? {
    fact["factors"]?["\(unit)/\(object)"]?[name]?.text
  }

  /// Weight of a unit at the system's level.
  func weight(ofUnit code: String) -> String? { fact["weights"]?["units"]?[code]?.text }
  func weight(ofLayer code: String) -> String? { fact["weights"]?["layers"]?[code]?.text }

  private func span(_ bounds: FactValue?) -> String? {
    guard let lower = bounds?["lower"]?.text, let upper = bounds?["upper"]?.text else { return nil }
    return "\(lower) – \(upper)"
  }

  private func bilingual(_ value: FactValue) -> Bilingual? {
    guard let zh = value["zh"]?.text, let en = value["en"]?.text else { return nil }
    return Bilingual(zh: zh, en: en)
  }
}
