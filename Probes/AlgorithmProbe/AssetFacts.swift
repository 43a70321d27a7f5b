package import AssessmentModel

extension AssetFindings {
  /// Notes for each signed certificate how strong its signer's key is, where the signer is among those found.
  package mutating func findSigners(isTimeUp: () -> Bool) {
    let issuers = Issuers(assets)
    updateAssets { asset in
      guard let certificate = asset.certificate, !isTimeUp() else { return }
      asset.signature?.signerStrength = issuers.signerStrength(of: certificate)
    }
  }

  /// Everything found as facts.
  ///
  /// - Parameter moment: when it was found, `YYYY-MM-DDThh:mm:ssZ`; such times compare as text.
  package func facts(at moment: String) -> [String: FactValue] {
    let inClear = assets.count { $0.kind == .privateKey && $0.protection == .clear }
    let expired = assets.count { asset in
      asset.kind == .certificate && asset.notAfter.map { $0 < moment } == true
    }
    return [
      "assets": .list(assets.map(\.fact)),
      "assets.problems": .list(problems.map(\.fact)),
      "assets.unreadable": .list(unreadable.map(\.fact)),
      "assets.private-keys-in-clear": .integer(inClear),
      "assets.expired": .integer(expired),
      "assets.inspected-at": .text(moment),
      "assets.algorithms": AssetFindings.distinct(assets.compactMap(\.label)),
      "assets.signature-digests": AssetFindings.distinct(
        assets.compactMap { $0.signature?.digest }),
    ]
  }

  private static func distinct(_ names: [String]) -> FactValue {
    .list(Set(names).sorted().map { .text($0) })
  }
}

/// Moments as the facts write them.
enum UTCTime {
  /// `YYYY-MM-DDThh:mm:ssZ` of seconds since 1970, within the years 1970 to 9999.
  static func text(_ seconds: Int) -> String {
    let bounded = min(max(seconds, 0), 253_402_300_799)
    let (year, month, day) = date(days: bounded / 86_400)
    let second = bounded % 86_400
    func digits(_ number: Int, _ width: Int = 2) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    return "\(digits(year, 4))-\(digits(month))-\(digits(day))"
      + "T\(digits(second / 3600)):\(digits(second / 60 % 60)):\(digits(second % 60))Z"
  }

  /// The Gregorian date of a day counted from 1970-01-01. Years are counted from March, so that the leap
  /// day is their last; eras are the 400 years after which the calendar repeats.
  private static func date(days: Int) -> (year: Int, month: Int, day: Int) {
    let sinceEra = days + 719_468
    let era = sinceEra / 146_097
    let dayOfEra = sinceEra % 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    let calendarMonth = month < 10 ? month + 3 : month - 9
    let year = yearOfEra + era * 400 + (calendarMonth <= 2 ? 1 : 0)
    return (year, calendarMonth, day)
  }
}
