import Bytes

/// One TCP segment (RFC 9293 3.1) with its ends.
struct TCPSegment: Sendable, Hashable {
  var source: NetworkEndpoint
  var destination: NetworkEndpoint
  var sequence: UInt32
  var acknowledgement: UInt32
  var flags: Flags
  var payload: [UInt8]
  /// Bytes at the payload's end that the capture did not keep.
  var missing: Int

  struct Flags: OptionSet, Sendable, Hashable {
    var rawValue: UInt8

    static let fin = Flags(rawValue: 1)
    static let syn = Flags(rawValue: 2)
    static let reset = Flags(rawValue: 4)
    static let acknowledges = Flags(rawValue: 16)
  }
}

/// What an IP packet says about TCP.
enum InternetPacket: Sendable, Hashable {
  case segment(TCPSegment)
  /// TCP between two hosts that cannot be followed: a fragment, or a header that was cut or is broken.
  case unreadable(HostAddress, HostAddress)
  /// Anything else.
  case other

  /// The hosts, once known; what happens after that to a TCP packet is told of them.
  private struct Hosts {
    var source: HostAddress
    var destination: HostAddress
  }

  private static let tcp: UInt8 = 6
  /// Extension headers of one IPv6 packet that are followed.
  private static let mostExtensions = 16

  /// - Parameter reader: at the IP header.
  init(_ reader: ByteReader) {
    var reader = reader
    var hosts: Hosts?
    do throws(ByteError) {
      let first = try reader.uint8()
      switch first >> 4 {
      case 4: self = try Self.version4(first, &reader, &hosts)
      case 6: self = try Self.version6(&reader, &hosts)
      default: self = .other
      }
    } catch {
      self = hosts.map { .unreadable($0.source, $0.destination) } ?? .other
    }
  }

  private static func version4(
    _ first: UInt8, _ reader: inout ByteReader, _ hosts: inout Hosts?
  ) throws(ByteError) -> InternetPacket {
    let headerLength = Int(first & 15) * 4
    _ = try reader.uint8()
    let stated = Int(try reader.uint16())
    _ = try reader.uint16()
    let fragment = try reader.uint16()
    _ = try reader.uint8()
    let inside = try reader.uint8()
    _ = try reader.uint16()
    let source = HostAddress(bytes: try reader.take(4))
    let destination = HostAddress(bytes: try reader.take(4))
    guard inside == tcp else { return .other }
    hosts = Hosts(source: source, destination: destination)
    let refused = InternetPacket.unreadable(source, destination)
    // More fragments follow, or this one is not the first.
    guard fragment & 0x3FFF == 0, headerLength >= 20 else { return refused }
    _ = try reader.take(headerLength - 20)
    // Zero where the network card cuts the packet for the system (segmentation offload).
    let length = stated == 0 ? reader.remaining : stated - headerLength
    guard length >= 0 else { return refused }
    return try segment(&reader, length, source, destination)
  }

  private static func version6(
    _ reader: inout ByteReader, _ hosts: inout Hosts?
  ) throws(ByteError) -> InternetPacket {
    _ = try reader.take(3)
    let stated = Int(try reader.uint16())
    var next = try reader.uint8()
    _ = try reader.uint8()
    let source = HostAddress(bytes: try reader.take(16))
    let destination = HostAddress(bytes: try reader.take(16))
    let start = reader.offset
    let length = stated == 0 ? reader.remaining : stated
    for _ in 0..<mostExtensions {
      if next == tcp {
        hosts = Hosts(source: source, destination: destination)
        let left = length - (reader.offset - start)
        guard left >= 0 else { return .unreadable(source, destination) }
        return try segment(&reader, left, source, destination)
      }
      switch next {
      case 0, 43, 60, 135, 139, 140:  // hop by hop, routing, destination, mobility, HIP, Shim6
        next = try reader.uint8()
        let units = Int(try reader.uint8())
        _ = try reader.take(6 + units * 8)
      case 51:  // authentication
        next = try reader.uint8()
        let units = Int(try reader.uint8())
        _ = try reader.take(6 + max(0, units - 1) * 4)
      case 44:  // fragment
        next = try reader.uint8()
        _ = try reader.uint8()
        let place = try reader.uint16()
        _ = try reader.take(4)
        // An atomic fragment, offset 0 and nothing to follow, is a whole packet (RFC 6946).
        guard place & 0xFFF9 == 0 else {
          return next == tcp ? .unreadable(source, destination) : .other
        }
      default: return .other
      }
    }
    return .other
  }

  /// - Parameter length: of header and payload as the IP header states it; what follows is padding.
  private static func segment(
    _ reader: inout ByteReader, _ length: Int, _ source: HostAddress, _ destination: HostAddress
  ) throws(ByteError) -> InternetPacket {
    let sourcePort = try reader.uint16()
    let destinationPort = try reader.uint16()
    let sequence = try reader.uint32()
    let acknowledgement = try reader.uint32()
    let headerLength = Int(try reader.uint8() >> 4) * 4
    let flags = TCPSegment.Flags(rawValue: try reader.uint8())
    _ = try reader.take(6)
    guard headerLength >= 20, headerLength <= length else {
      return .unreadable(source, destination)
    }
    _ = try reader.take(headerLength - 20)
    let wanted = length - headerLength
    let payload = try reader.take(min(wanted, reader.remaining))
    return .segment(
      TCPSegment(
        source: NetworkEndpoint(address: source, port: sourcePort),
        destination: NetworkEndpoint(address: destination, port: destinationPort),
        sequence: sequence, acknowledgement: acknowledgement, flags: flags, payload: payload,
        missing: wanted - payload.count))
  }
}
