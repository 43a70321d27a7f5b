import Bytes
import CPcap

/// What stands before the IP packet in a captured packet (链路层类型).
enum LinkType: Sendable, Hashable, CaseIterable {
  /// Addresses (12), any VLAN tags, type (2).
  case ethernet
  /// An address family (4) in the byte order of the capturing machine, or of the network.
  case loopback
  /// Nothing.
  case rawIP
  /// Linux `any` interface: 14 bytes, type (2).
  case linuxCooked
  /// Its second version: type (2), 18 bytes.
  case linuxCooked2

  /// By libpcap's number.
  init?(_ number: Int32) {
    switch number {
    case DLT_EN10MB: self = .ethernet
    case DLT_NULL, DLT_LOOP: self = .loopback
    case DLT_RAW, DLT_IPV4, DLT_IPV6: self = .rawIP
    case DLT_LINUX_SLL: self = .linuxCooked
    case DLT_LINUX_SLL2: self = .linuxCooked2
    default: return nil
    }
  }

  private static let ipv4: UInt16 = 0x0800
  private static let ipv6: UInt16 = 0x86DD
  /// 802.1Q, 802.1ad (QinQ) and the number older switches use for the outer tag.
  private static let tags: Set<UInt16> = [0x8100, 0x88A8, 0x9100]
  /// Tags one inside another that are followed.
  private static let deepestTag = 4

  /// A reader at the IP header; `nil` for packets that carry no IP or are cut before it.
  func internetPacket(in bytes: [UInt8]) -> ByteReader? {
    var reader = ByteReader(bytes)
    return try? skipHeader(&reader) ? reader : nil
  }

  private func skipHeader(_ reader: inout ByteReader) throws(ByteError) -> Bool {
    switch self {
    case .ethernet:
      _ = try reader.take(12)
      return try Self.leadsToIP(try reader.uint16(), &reader)
    case .linuxCooked:
      _ = try reader.take(14)
      return try Self.leadsToIP(try reader.uint16(), &reader)
    case .linuxCooked2:
      let type = try reader.uint16()
      _ = try reader.take(18)
      return try Self.leadsToIP(type, &reader)
    case .loopback:
      // Families differ between systems; the IP header says its version itself.
      _ = try reader.take(4)
      return true
    case .rawIP:
      return true
    }
  }

  private static func leadsToIP(
    _ first: UInt16, _ reader: inout ByteReader
  ) throws(ByteError) -> Bool {
    var type = first
    var depth = 0
    while tags.contains(type), depth < deepestTag {
      _ = try reader.uint16()
      type = try reader.uint16()
      depth += 1
    }
    return type == ipv4 || type == ipv6
  }
}
