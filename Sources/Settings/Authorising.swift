package import AssessmentModel
import Foundation

/// A day of the calendar, `YYYY-MM-DD`.
package struct CalendarDay: Sendable, Hashable, Comparable, CustomStringConvertible {
  package var year: Int
  package var month: Int
  package var day: Int

  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2,
      parts[2].utf8.count == 2,
      parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
      year > 0, (1...12).contains(month), day >= 1
    else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day <= lengths[month - 1] else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  init(_ instant: Date, in zone: TimeZone) {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let parts = calendar.dateComponents([.year, .month, .day], from: instant)
    year = parts.year ?? 0
    month = parts.month ?? 0
    day = parts.day ?? 0
  }

  /// `YYYY-MM-DD`.
  package var description: String {
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  package static func < (first: CalendarDay, second: CalendarDay) -> Bool {
    (first.year, first.month, first.day) < (second.year, second.month, second.day)
  }
}

/// The days an authorisation holds; both ends count in full in its time zone.
package enum AuthorisedPeriod {
  static func timeZone(named name: String) -> TimeZone? { TimeZone(identifier: name) }

  /// Today in `zone` (UTC when there is no such zone), `YYYY-MM-DD`, at `seconds` since 1970.
  package static func today(at seconds: Double, timezone name: String) -> CalendarDay {
    CalendarDay(
      Date(timeIntervalSince1970: seconds), in: timeZone(named: name) ?? .gmt)
  }

  /// nil: `now` (seconds since 1970) is inside. Otherwise why not.
  package static func refusal(
    _ authorisation: Scope.Authorisation, now seconds: Double
  ) -> String? {
    guard let zone = timeZone(named: authorisation.timezone),
      let from = CalendarDay(authorisation.from), let to = CalendarDay(authorisation.to)
    else { return "the authorisation's days cannot be read" }
    let today = CalendarDay(Date(timeIntervalSince1970: seconds), in: zone)
    if today < from {
      return "the authorisation \(authorisation.document) begins only on \(authorisation.from)"
    }
    if to < today {
      return "the authorisation \(authorisation.document) ended on \(authorisation.to)"
    }
    return nil
  }
}

/// One authorised target: a CIDR block or an exact host name.
package enum AuthorisedTarget: Sendable, Hashable {
  case block(IPBlock)
  case name(String)

  package struct Refusal: Error, Sendable { package var reason: String }

  package static func parse(_ text: String) -> Result<AuthorisedTarget, Refusal> {
    if let block = IPBlock(text) { return .success(.block(block)) }
    let looksLikeAddress =
      text.contains("/") || text.contains(":")
      || text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
    if looksLikeAddress {
      return .failure(
        Refusal(reason: "not an address block; expected a form such as 10.1.0.0/16 or fd00::/8"))
    }
    let isName =
      !text.isEmpty && text.utf8.count <= 253
      && text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x2D || $0 == 0x2E
      }
    // The last label of a name is not a number: `10.0.0.1-10.0.0.9` is meant as addresses.
    let last = text.split(separator: ".").last ?? ""
    guard isName, !last.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return .failure(Refusal(reason: "neither an address block nor a host name"))
    }
    return .success(.name(text.lowercased()))
  }
}

/// An IPv4 or IPv6 address block in CIDR form; an address alone is a block of one.
package struct IPBlock: Sendable, Hashable {
  /// 4 or 16 bytes.
  private let network: [UInt8]
  private let prefix: Int

  package init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = parts.first.flatMap({ IPBlock.bytes(of: String($0)) }) else { return nil }
    let whole = address.count * 8
    var prefix = whole
    if parts.count == 2 {
      guard parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let length = Int(parts[1]), length <= whole
      else { return nil }
      prefix = length
    }
    network = address
    self.prefix = prefix
  }

  package func contains(_ address: String) -> Bool {
    guard var bytes = IPBlock.bytes(of: address) else { return false }
    var network = network
    var prefix = prefix
    // An IPv4 address written as IPv6 (::ffff:a.b.c.d) is the IPv4 address.
    if let short = IPBlock.mapped(bytes) { bytes = short }
    if let short = IPBlock.mapped(network), prefix >= 96 {
      network = short
      prefix -= 96
    }
    guard bytes.count == network.count else { return false }
    for bit in 0..<prefix {
      let mask = UInt8(0x80) >> UInt8(bit % 8)
      if bytes[bit / 8] & mask != network[bit / 8] & mask { return false }
    }
    return true
  }

  package static func isAddress(_ text: String) -> Bool { bytes(of: text) != nil }

  private static func mapped(_ bytes: [UInt8]) -> [UInt8]? {
    guard bytes.count == 16, bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xFF,
      bytes[11] == 0xFF
    else { return nil }
    return Array(bytes[12...])
  }

  private static func bytes(of text: String) -> [UInt8]? {
    // C would stop reading at a zero byte and take the rest for nothing.
    guard !text.utf8.contains(0) else { return nil }
    var four = in_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      return withUnsafeBytes(of: &four) { Array($0) }
    }
    var six = in6_addr()
    if inet_pton(AF_INET6, text, &six) == 1 {
      return withUnsafeBytes(of: &six) { Array($0) }
    }
    return nil
  }
}

/// Which addresses a run may contact: the scope's authorisation, applied before any packet.
package struct AuthorisedTargets: Sendable {
  private let blocks: [IPBlock]
  private let names: Set<String>

  package init(_ targets: [String]) {
    var blocks: [IPBlock] = []
    var names: Set<String> = []
    for target in targets {
      switch AuthorisedTarget.parse(target) {
      case .success(.block(let block)): blocks.append(block)
      case .success(.name(let name)): names.insert(name)
      case .failure: continue
      }
    }
    self.blocks = blocks
    self.names = names
  }

  /// True when `host` itself is named, or it is an address inside a block.
  package func names(_ host: String) -> Bool { names.contains(host.lowercased()) }

  package func contains(address: String) -> Bool { blocks.contains { $0.contains(address) } }

  package static let loopback = AuthorisedTargets(["127.0.0.0/8", "::1/128"])
}
