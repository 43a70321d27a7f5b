/// The payloads of TCP in a capture file, one stream a direction (TCP流). Reads pcap and pcapng; never traps.
///
/// Segments are put together in the order of their numbers as they arrive: a repeated one is left out, and behind
/// a lost one the stream goes on, since a message is found by itself.
enum TCPStreams {
  /// No more are kept apart; further ones are left out.
  private static let mostStreams = 10_000

  private struct Flow: Hashable {
    var addresses: [UInt8]
    var ports: [UInt8]
  }
  private struct Stream {
    var bytes: [UInt8] = []
    /// The number after the last byte taken.
    var next: UInt32?

    mutating func take(_ payload: ArraySlice<UInt8>, _ number: UInt32) {
      let end = number &+ UInt32(truncatingIfNeeded: payload.count)
      // Behind in the ring of numbers: repeated, in whole or in part.
      let ahead = next.map { Int(Int32(bitPattern: number &- $0)) } ?? 0
      let fresh = payload.dropFirst(max(0, -ahead))
      if fresh.isEmpty { return }
      bytes += fresh
      next = end
    }
  }

  /// nil when the bytes are no capture file.
  static func streams(ofCapture bytes: [UInt8]) -> [[UInt8]]? {
    guard let packets = packets(bytes) else { return nil }
    var order: [Flow] = []
    var streams: [Flow: Stream] = [:]
    for (link, range) in packets {
      guard let (flow, number, payload) = segment(bytes, range, link), !payload.isEmpty else {
        continue
      }
      if streams[flow] == nil {
        guard order.count < mostStreams else { continue }
        order.append(flow)
      }
      streams[flow, default: Stream()].take(bytes[payload], number)
    }
    return order.compactMap { streams[$0]?.bytes }
  }

  private static func packets(_ bytes: [UInt8]) -> [(link: UInt32, range: Range<Int>)]? {
    guard bytes.count >= 24 else { return nil }
    switch Array(bytes.prefix(4)) {
    case [0xA1, 0xB2, 0xC3, 0xD4], [0xA1, 0xB2, 0x3C, 0x4D]: return classic(bytes, isBig: true)
    case [0xD4, 0xC3, 0xB2, 0xA1], [0x4D, 0x3C, 0xB2, 0xA1]: return classic(bytes, isBig: false)
    case [0x0A, 0x0D, 0x0D, 0x0A]: return blocks(bytes)
    default: return nil
    }
  }

  /// A header of 24 bytes, then packets behind headers of 16.
  private static func classic(
    _ bytes: [UInt8], isBig: Bool
  ) -> [(link: UInt32, range: Range<Int>)] {
    let link = number(bytes, at: 20, 4, isBig: isBig) & 0xFFFF
    var packets: [(UInt32, Range<Int>)] = []
    var place = 24
    while place + 16 <= bytes.count {
      let length = Int(number(bytes, at: place + 8, 4, isBig: isBig))
      guard length <= bytes.count - place - 16 else { break }
      packets.append((link, place + 16..<place + 16 + length))
      place += 16 + length
    }
    return packets
  }

  /// pcapng: section headers, interfaces (1), packets (6, and 3 without an interface).
  private static func blocks(_ bytes: [UInt8]) -> [(link: UInt32, range: Range<Int>)] {
    var packets: [(UInt32, Range<Int>)] = []
    var links: [UInt32] = []
    var isBig = false
    var place = 0
    while place + 12 <= bytes.count {
      if bytes[place..<place + 4].elementsEqual([0x0A, 0x0D, 0x0D, 0x0A]) {
        isBig = bytes[place + 8] == 0x1A
        links = []
      }
      let kind = number(bytes, at: place, 4, isBig: isBig)
      let length = Int(number(bytes, at: place + 4, 4, isBig: isBig))
      guard length >= 12, length <= bytes.count - place else { break }
      let end = place + length
      if kind == 1, length >= 20 { links.append(number(bytes, at: place + 8, 2, isBig: isBig)) }
      if kind == 6, length >= 32 {
        let interface = Int(number(bytes, at: place + 8, 4, isBig: isBig))
        let count = Int(number(bytes, at: place + 20, 4, isBig: isBig))
        if links.indices.contains(interface), count <= end - 4 - (place + 28) {
          packets.append((links[interface], place + 28..<place + 28 + count))
        }
      }
      if kind == 3, length >= 16, let link = links.first {
        let count = min(Int(number(bytes, at: place + 8, 4, isBig: isBig)), end - 4 - (place + 12))
        packets.append((link, place + 12..<place + 12 + count))
      }
      place = end
    }
    return packets
  }

  /// Ethernet with VLAN tags, Linux cooked, raw IP and loopback; IPv4 and IPv6 without extension headers.
  private static func segment(
    _ bytes: [UInt8], _ range: Range<Int>, _ link: UInt32
  ) -> (flow: Flow, number: UInt32, payload: Range<Int>)? {
    var place = range.lowerBound
    switch link {
    case 0, 108: place += 4
    case 1:
      place += 12
      while place + 4 <= range.upperBound, [0x8100, 0x88A8].contains(number(bytes, at: place, 2)) {
        place += 4
      }
      place += 2
    case 113: place += 16
    case 276: place += 20
    case 12, 14, 101: break
    default: return nil
    }
    guard place + 40 <= range.upperBound else { return nil }
    let tcp: Int
    let end: Int
    let addresses: Range<Int>
    switch bytes[place] >> 4 {
    case 4:
      tcp = place + Int(bytes[place] & 15) * 4
      end = place + Int(number(bytes, at: place + 2, 2))
      // Fragments are left out: only the first has the ports.
      guard bytes[place + 9] == 6, number(bytes, at: place + 6, 2) & 0x3FFF == 0 else { return nil }
      addresses = place + 12..<place + 20
    case 6:
      tcp = place + 40
      end = tcp + Int(number(bytes, at: place + 4, 2))
      guard bytes[place + 6] == 6 else { return nil }
      addresses = place + 8..<place + 40
    default: return nil
    }
    guard end <= range.upperBound, tcp + 20 <= end else { return nil }
    let payload = tcp + Int(bytes[tcp + 12] >> 4) * 4
    guard payload >= tcp + 20, payload <= end else { return nil }
    return (
      Flow(addresses: Array(bytes[addresses]), ports: Array(bytes[tcp..<tcp + 4])),
      number(bytes, at: tcp + 4, 4), payload..<end
    )
  }

  /// Up to four bytes within bounds.
  private static func number(
    _ bytes: [UInt8], at place: Int, _ count: Int, isBig: Bool = true
  ) -> UInt32 {
    guard place >= 0, place + count <= bytes.count else { return 0 }
    let part = bytes[place..<place + count]
    return (isBig ? Array(part) : part.reversed()).reduce(0) { $0 << 8 | UInt32($1) }
  }
}
