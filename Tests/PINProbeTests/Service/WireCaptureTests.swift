import Bytes
import TestSupport
import Testing

@testable import PINProbe

@Suite("Recordings of messages with PIN blocks")
struct WireCaptureTests {
  private static let pan = "6200005627553195"

  /// 0200 with elements 2, 3, 4, 11 and 52, behind its length.
  private static func message(_ block: UInt64, trace: Int = 1) -> [UInt8] {
    let text =
      "16\(pan)000000000000012300" + String(String(1_000_000 + trace).dropFirst())
    let message =
      Array("0200".utf8) + [0x70, 0x20, 0, 0, 0, 0, 0x10, 0] + Array(text.utf8) + bytes(of: block)
    return [0, UInt8(message.count)] + message
  }

  private static func clear(_ field: UInt64) -> UInt64 {
    field ^ (PAN(pan)?.accountField ?? 0)
  }

  /// An Ethernet frame with IPv4 and TCP.
  private static func frame(_ number: UInt32, _ payload: some Sequence<UInt8>) -> [UInt8] {
    let payload = Array(payload)
    let length = 40 + payload.count
    return [UInt8](repeating: 2, count: 12) + [0x08, 0]
      + [0x45, 0, UInt8(length >> 8), UInt8(length & 255), 0, 0, 0, 0, 64, 6, 0, 0]
      + [127, 0, 0, 1, 127, 0, 0, 2] + [0x05, 0xDC, 0x20, 0]
      + bytes(of: number) + bytes(of: UInt32(0)) + [0x50, 0x18, 0xFF, 0xFF, 0, 0, 0, 0] + payload
  }

  private static func pcap(_ frames: [[UInt8]]) -> [UInt8] {
    let header: [UInt32] = [0xA1B2_C3D4, 0x0002_0004, 0, 0, 65_535, 1]
    return header.flatMap { bytes(of: $0) }
      + frames.flatMap { frame in
        [0, 0, UInt32(frame.count), UInt32(frame.count)].flatMap { bytes(of: $0) } + frame
      }
  }

  private static func pcapng(_ frames: [[UInt8]]) -> [UInt8] {
    func block(_ kind: UInt32, _ body: [UInt8]) -> [UInt8] {
      let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
      let length = bytes(of: UInt32(padded.count + 12))
      return bytes(of: kind) + length + padded + length
    }
    let section = block(
      0x0A0D_0D0A,
      bytes(of: 0x1A2B_3C4D as UInt32) + [0, 1, 0, 0]
        + [UInt8](repeating: 0xFF, count: 8))
    let interface = block(1, [0, 1, 0, 0, 0, 0, 0xFF, 0xFF])
    return section + interface
      + frames.flatMap { frame in
        block(
          6, [0, 0, 0, UInt32(frame.count), UInt32(frame.count)].flatMap { bytes(of: $0) } + frame)
      }
  }

  private func read(_ bytes: [UInt8]) throws -> WireCapture {
    let folder = try Folder()
    try folder.write(bytes, to: "wire")
    var wire = WireCapture()
    try wire.read(folder.path("wire"), goesOn: { true })
    return wire
  }

  @Test(
    "with a clear block for the account are told",
    arguments: [
      clear(0x0612_3456_FFFF_FFFF), clear(0x0C12_3456_7890_12FF), clear(0x3612_3456_ABCD_EFAB),
      0x2612_3456_FFFF_FFFF,
    ])
  func clearBlocks(block: UInt64) throws {
    let wire = try read(Self.message(block))
    #expect(wire.messages == 1)
    #expect(wire.clearBlocks == 1)
    #expect(wire.isProof)
  }

  @Test("with enciphered blocks are clean")
  func enciphered() throws {
    var generator = SeededGenerator(seed: 22)
    let messages = (0..<500).flatMap {
      Self.message(.random(in: 0...UInt64.max, using: &generator), trace: $0)
    }
    let wire = try read(messages)
    #expect(wire.messages == 500)
    #expect(wire.clearBlocks == 0)
  }

  @Test("are read to their end however long, and stop when time is over")
  func long() throws {
    var generator = SeededGenerator(seed: 25)
    let noise = (0..<4000).flatMap {
      Self.message(.random(in: 0...UInt64.max, using: &generator), trace: $0)
    }
    let wire = try read(noise)
    #expect(noise.count > 200_000)
    #expect(wire.messages == 4000)
    #expect(!wire.isCut)
    let folder = try Folder()
    try folder.write(noise, to: "wire")
    var left = 2
    var cut = WireCapture()
    try cut.read(folder.path("wire")) {
      left -= 1
      return left >= 0
    }
    #expect(cut.isCut)
    #expect(cut.messages > 100 && cut.messages < 4000)
  }

  @Test("with one block in many that passes for format 3 prove nothing, several do")
  func chance() throws {
    var generator = SeededGenerator(seed: 23)
    let noise = (0..<400).flatMap {
      Self.message(.random(in: 0...UInt64.max, using: &generator), trace: $0)
    }
    let one = Self.message(Self.clear(0x3612_3456_ABCD_EFAB), trace: 900)
    #expect(try !read(noise + one).isProof)
    #expect(try read(noise + one).clearBlocks == 1)
    #expect(try read(noise + one + one + one).isProof)
  }

  @Test("are read from captures, over segments, repeated ones and other packets")
  func captures() throws {
    let bytes = Self.message(Self.clear(0x0612_3456_FFFF_FFFF))
    let frames = [
      Self.frame(1000, bytes[..<30]), Self.frame(1000, bytes[..<30]), [1, 2, 3],
      Self.frame(1030, bytes[30...]), Self.frame(1020, bytes[20...]),
    ]
    for capture in [Self.pcap(frames), Self.pcapng(frames)] {
      let wire = try read(capture)
      #expect(wire.messages == 1)
      #expect(wire.isProof)
    }
    #expect(TCPStreams.streams(ofCapture: Self.pcap(frames)) == [bytes])
  }

  @Test("cut or spoilt anywhere are read without a trap")
  func spoilt() throws {
    let bytes = Self.message(Self.clear(0x0612_3456_FFFF_FFFF))
    let frames = [Self.frame(1000, bytes[..<30]), Self.frame(1030, bytes[30...])]
    var generator = SeededGenerator(seed: 24)
    for capture in [Self.pcap(frames), Self.pcapng(frames)] {
      for count in 0..<capture.count { _ = TCPStreams.streams(ofCapture: Array(capture[..<count])) }
      for _ in 0..<2000 {
        var other = capture
        for _ in 0..<4 {
          other[Int.random(in: 4..<other.count, using: &generator)] = .random(
            in: 0...255, using: &generator)
        }
        _ = TCPStreams.streams(ofCapture: other)
      }
    }
  }
}

@Suite("Decimalisation tables no service may use")
struct DecimalisationTableTests {
  @Test("leave the digits of the natural PIN alone, for any PIN and offset")
  func keepNatural() throws {
    var generator = SeededGenerator(seed: 15)
    let table = "0123456789012345"
    for _ in 0..<500 {
      let pin = String(Int.random(in: 1000...9999, using: &generator))
      let offset = String(Int.random(in: 1000...9999, using: &generator))
      let natural = zip(pin.utf8, offset.utf8).map { (10 + $0 - $1) % 10 }
      let tables = DecimalisationTables(
        table: table, pin: try #require(PIN(pin)), offset: offset + "FFFFFFFF"
      ).open
      #expect(tables.count == 3)
      for open in tables {
        #expect(open.isCertain)
        let counts = Dictionary(open.text.map { ($0, 1) }, uniquingKeysWith: +)
        #expect(open.text.utf8.count == 16)
        #expect(counts.count < 8 || counts.values.contains { $0 > 4 })
        // Every entry that made the natural PIN still makes it, or all are zero and the PIN is the offset.
        if open.name == "all entries zero" {
          #expect(open.pin == PIN(offset))
          continue
        }
        #expect(open.pin == PIN(pin))
        for (old, new) in zip(table.utf8, open.text.utf8) where natural.contains(old & 15) {
          #expect(old == new)
        }
      }
      let few = try #require(tables.first { $0.name == "seven different digits" })
      #expect(Set(few.text).count == 7)
      let often = try #require(tables.first { $0.name == "a digit five times" })
      #expect(Set(often.text).count >= 8)
    }
  }

  @Test("without an offset are not certain to verify")
  func unknownOffset() throws {
    let tables = DecimalisationTables(
      table: "0123456789012345", pin: try #require(PIN("4071")), offset: nil
    ).open
    #expect(tables.allSatisfy { !$0.isCertain })
  }
}
