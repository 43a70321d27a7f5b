/// Ranges of issuers that account numbers begin with (发卡机构标识范围, BIN), by length.
///
/// One of ten numbers passes the check digit by chance; what begins like a time, a telephone or a counter does
/// not stand in these ranges.
enum AccountRange {
  static func contains(_ pan: PAN) -> Bool {
    let digits = pan.digits.prefix(6).reduce(0) { $0 * 10 + Int($1 & 15) }
    guard pan.length >= 15 else { return false }
    switch digits {
    case 620_000...629_999: return [16, 18, 19].contains(pan.length)
    case 400_000...499_999, 352_800...358_999: return pan.length == 16
    case 510_000...559_999, 222_100...272_099: return pan.length == 16
    case 340_000...349_999, 370_000...379_999: return pan.length == 15
    // Maestro and Discover.
    case 500_000...509_999, 560_000...599_999, 610_000...619_999, 630_000...689_999:
      return pan.length == 16
    // Domestic cards from before the range 62.
    case 600_000...609_999, 690_000...699_999, 810_000...819_999,
      940_000...940_999, 955_000...955_999, 966_666, 984_301...984_303, 998_800...998_802:
      return pan.length == 16 || pan.length == 19
    default: return false
    }
  }
}
