import Bytes
import Foundation
import TestSupport

@testable import TLSProbe

/// A recorded connection with its order and ends, to be written as packets.
struct RecordedConnection: Sendable {
  struct Turn: Sendable {
    var isClient: Bool
    var bytes: [UInt8]
  }

  var turns: [Turn]
  /// `server fin`, `client rst`…
  var close: [String]

  init(turns: [Turn], close: [String]) {
    self.turns = turns
    self.close = close
  }

  init(tlcp name: String) {
    let file = Recording.json("tlcp", name)
    let client = file["client_to_server"] as? [String] ?? []
    let server = file["server_to_client"] as? [String] ?? []
    turns = (file["order"] as? [String] ?? []).compactMap { place in
      guard let index = Int(place.dropFirst()) else { return nil }
      let isClient = place.hasPrefix("c")
      let hex = isClient ? client[index] : server[index]
      return Turn(isClient: isClient, bytes: TLSProbeTests.bytes(hex))
    }
    close = file["close"] as? [String] ?? []
  }

  /// The same as a transcript.
  var transcript: [UInt8] {
    func texts(_ isClient: Bool) -> [String] {
      turns.filter { $0.isClient == isClient }.map { hexadecimal($0.bytes) }
    }
    let object: [String: Any] = [
      "client_to_server": texts(true), "server_to_client": texts(false), "close": close,
    ]
    return (try? JSONSerialization.data(withJSONObject: object)).map(Array.init) ?? []
  }
}

func bytes(_ hex: String) -> [UInt8] { bytes(fromHexadecimal: hex) ?? [] }

/// Writes big- or little-endian numbers.
private struct Numbers {
  var bytes: [UInt8] = []
  var isBig = true

  mutating func put(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: isBig ? value.bigEndian : value.littleEndian) { bytes += $0 }
  }
}

/// The segments of one TCP connection, as a well-behaved pair of hosts sends them.
struct PacketScript: Sendable {
  struct Packet: Sendable {
    var isClient: Bool
    var sequence: UInt32
    var acknowledgement: UInt32
    var flags: UInt8
    var payload: [UInt8] = []

    var isData: Bool { !payload.isEmpty }
  }

  var client: NetworkEndpoint
  var server: NetworkEndpoint
  var link = LinkType.ethernet
  /// Tags between the Ethernet addresses and the type.
  var tags: [UInt16] = []
  var packets: [Packet] = []

  static let fin: UInt8 = 1
  static let syn: UInt8 = 2
  static let reset: UInt8 = 4
  static let acknowledges: UInt8 = 16

  init?(
    _ connection: RecordedConnection, client: String = "10.1.2.3:51000",
    server: String = "10.1.2.4:443", cut: ClosedRange<Int> = 1...1400,
    sequences: (UInt32, UInt32) = (1000, 5_000_000), generator: inout SeededGenerator
  ) {
    guard let client = NetworkEndpoint(client), let server = NetworkEndpoint(server) else {
      return nil
    }
    self.client = client
    self.server = server
    var next = (client: sequences.0, server: sequences.1)
    func add(_ isClient: Bool, _ flags: UInt8, _ payload: [UInt8] = [], length: Int) {
      packets.append(
        Packet(
          isClient: isClient, sequence: isClient ? next.client : next.server,
          acknowledgement: isClient ? next.server : next.client, flags: flags, payload: payload))
      if isClient {
        next.client &+= UInt32(length)
      } else {
        next.server &+= UInt32(length)
      }
    }
    add(true, Self.syn, length: 1)
    packets[0].acknowledgement = 0
    add(false, Self.syn | Self.acknowledges, length: 1)
    add(true, Self.acknowledges, length: 0)
    for turn in connection.turns {
      var rest = turn.bytes[...]
      while !rest.isEmpty {
        let piece = Array(rest.prefix(Int.random(in: cut, using: &generator)))
        rest = rest.dropFirst(piece.count)
        add(turn.isClient, Self.acknowledges, piece, length: piece.count)
      }
      add(!turn.isClient, Self.acknowledges, length: 0)
    }
    for end in connection.close {
      let isClient = end.hasPrefix("client")
      let isReset = end.hasSuffix("rst")
      add(
        isClient, Self.acknowledges | (isReset ? Self.reset : Self.fin), length: isReset ? 0 : 1)
    }
  }

  /// Places of the packets that carry data.
  var dataPlaces: [Int] { packets.indices.filter { packets[$0].isData } }

  /// Shuffles the data among the next few, and repeats some of it in other cuts.
  mutating func disturb(_ generator: inout SeededGenerator) {
    let places = dataPlaces
    guard let first = places.first, let last = places.last else { return }
    var middle = Array(packets[first...last])
    for (index, packet) in middle.enumerated() where packet.isData {
      guard Int.random(in: 0..<4, using: &generator) == 0, index > 0 else { continue }
      // What was sent at once before is sent again in one longer segment, or in a shorter one.
      var again = packet
      if packet.payload.count > 1 {
        let skipped = Int.random(in: 0..<packet.payload.count, using: &generator)
        again.payload = Array(packet.payload[skipped...])
        again.sequence &+= UInt32(skipped)
      }
      middle.append(again)
    }
    for index in middle.indices {
      let other = min(middle.count - 1, index + Int.random(in: 0...5, using: &generator))
      middle.swapAt(index, other)
    }
    packets.replaceSubrange(first...last, with: middle)
  }

  /// The frames, link layer included.
  var frames: [[UInt8]] { packets.map(frame) }

  func frame(_ packet: Packet) -> [UInt8] {
    let source = packet.isClient ? client : server
    let destination = packet.isClient ? server : client
    var segment = Numbers()
    segment.put(source.port)
    segment.put(destination.port)
    segment.put(packet.sequence)
    segment.put(packet.acknowledgement)
    // Twelve bytes of options, as most systems send.
    segment.put(UInt8(8 << 4))
    segment.put(packet.flags)
    segment.bytes += [0xFF, 0xFF, 0, 0, 0, 0, 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2]
    segment.bytes += packet.payload
    return framed(internetPacket(segment.bytes, source.address, destination.address))
  }

  private func internetPacket(
    _ content: [UInt8], _ source: HostAddress, _ destination: HostAddress
  ) -> [UInt8] {
    var packet = Numbers()
    if source.isIPv6 {
      packet.put(UInt32(6 << 28))
      packet.put(UInt16(content.count + 8))
      // A destination options header stands before TCP.
      packet.bytes += [60, 64] + source.bytes + destination.bytes + [6, 0, 1, 4, 0, 0, 0, 0]
    } else {
      packet.bytes += [0x46, 0]
      packet.put(UInt16(content.count + 24))
      packet.bytes += [0, 1, 0x40, 0, 64, 6, 0, 0] + source.bytes + destination.bytes
      packet.bytes += [1, 1, 1, 0]
    }
    return packet.bytes + content
  }

  private func framed(_ packet: [UInt8]) -> [UInt8] {
    let type: UInt16 = packet[0] >> 4 == 6 ? 0x86DD : 0x0800
    var frame = Numbers()
    switch link {
    case .ethernet:
      frame.bytes += [UInt8](repeating: 2, count: 12)
      for tag in tags {
        frame.put(tag)
        frame.put(UInt16(100))
      }
      frame.put(type)
      frame.bytes += packet
      // Short frames are padded on the wire.
      frame.bytes += [UInt8](repeating: 0xAA, count: max(0, 60 - frame.bytes.count))
      return frame.bytes
    case .loopback: frame.bytes = [type == 0x0800 ? 2 : 30, 0, 0, 0]
    case .rawIP: break
    case .linuxCooked:
      frame.bytes = [0, 0, 0, 1, 0, 6, 2, 2, 2, 2, 2, 2, 0, 0]
      frame.put(type)
    case .linuxCooked2:
      frame.put(type)
      frame.bytes += [0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 2, 2, 2, 2, 2, 0, 0]
    }
    return frame.bytes + packet
  }
}

/// Capture files written by hand.
enum CaptureWriter {
  enum Format: String, Sendable, CaseIterable {
    case pcap, bigEndianPcap, nanosecondPcap, pcapng
  }

  static func number(of link: LinkType) -> UInt32 {
    switch link {
    case .ethernet: 1
    case .loopback: 0
    case .rawIP: 101
    case .linuxCooked: 113
    case .linuxCooked2: 276
    }
  }

  /// - Parameter kept: bytes of each frame that the capture keeps.
  static func file(
    _ frames: [[UInt8]], link: UInt32, format: Format = .pcap, kept: Int = 65535
  ) -> [UInt8] {
    format == .pcapng ? pcapng(frames, link, kept) : pcap(frames, link, format, kept)
  }

  private static func pcap(
    _ frames: [[UInt8]], _ link: UInt32, _ format: Format, _ kept: Int
  ) -> [UInt8] {
    var file = Numbers(isBig: format == .bigEndianPcap)
    file.put(format == .nanosecondPcap ? 0xA1B2_3C4D as UInt32 : 0xA1B2_C3D4)
    file.put(UInt16(2))
    file.put(UInt16(4))
    file.put(UInt64(0))
    file.put(UInt32(65535))
    file.put(link)
    for (index, frame) in frames.enumerated() {
      file.put(UInt32(1_700_000_000 + index))
      file.put(UInt32(0))
      file.put(UInt32(min(kept, frame.count)))
      file.put(UInt32(frame.count))
      file.bytes += frame.prefix(kept)
    }
    return file.bytes
  }

  private static func pcapng(_ frames: [[UInt8]], _ link: UInt32, _ kept: Int) -> [UInt8] {
    var file = Numbers(isBig: false)
    func block(_ type: UInt32, _ body: [UInt8]) {
      let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
      file.put(type)
      file.put(UInt32(padded.count + 12))
      file.bytes += padded
      file.put(UInt32(padded.count + 12))
    }
    var header = Numbers(isBig: false)
    header.put(0x1A2B_3C4D as UInt32)
    header.put(UInt16(1))
    header.put(UInt16(0))
    header.put(UInt64.max)
    block(0x0A0D_0D0A, header.bytes)
    var interface = Numbers(isBig: false)
    interface.put(UInt16(truncatingIfNeeded: link))
    interface.put(UInt16(0))
    interface.put(UInt32(65535))
    block(1, interface.bytes)
    for (index, frame) in frames.enumerated() {
      var packet = Numbers(isBig: false)
      packet.put(UInt32(0))
      packet.put(UInt32(0))
      packet.put(UInt32(index))
      packet.put(UInt32(min(kept, frame.count)))
      packet.put(UInt32(frame.count))
      packet.bytes += frame.prefix(kept)
      block(6, packet.bytes)
    }
    return file.bytes
  }
}

/// A file that lasts as long as the test needs it.
struct TemporaryFile: ~Copyable {
  let path: String

  init(_ bytes: [UInt8], name: String = "capture") throws {
    path = NSTemporaryDirectory() + "\(name)-\(UUID().uuidString)"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
