import AssessmentModel
import Foundation
import TestSupport
import Testing

@testable import PINProbe

@Suite("ISO 8583 messages")
struct MessageTests {
  static let block: [UInt8] = [0x1A, 0x2B, 0x3C, 0x4D, 0x5E, 0x6F, 0x70, 0x81]

  static func fields(
    pan: String = Plant.pan, block: [UInt8]? = MessageTests.block
  ) -> [(Int, MessageComposer.Value)] {
    var fields: [(Int, MessageComposer.Value)] = [
      (2, .short(pan)), (3, .digits("000000")), (4, .digits("000000010000")),
      (11, .digits("000123")), (22, .digits(pan.isEmpty ? "0210" : "021")), (25, .digits("00")),
      (26, .digits("06")), (35, .track("\(pan)=26122011234")), (41, .text("TERM0001")),
      (42, .text("MERCHANT0000001")), (49, .text("156")),
    ]
    if let block { fields.append((52, .binary(block))) }
    fields.append((53, .digits("2600000000000000")))
    fields.append((64, .binary([1, 2, 3, 4, 5, 6, 7, 0xFE])))
    return fields
  }

  /// DE 22 has three digits, so packed it takes two bytes with either padding.
  static func composer(_ packed: Bool, _ hexadecimal: Bool, _ left: Bool = false) -> MessageComposer
  {
    MessageComposer(packed: packed, hexadecimal: hexadecimal, padsLeft: left, fields: fields())
  }

  @Test("Each dialect is read: text with either bitmap, packed digits with either padding")
  func dialects() throws {
    for composer in [
      Self.composer(false, false), Self.composer(false, true), Self.composer(true, false),
      Self.composer(true, false, true),
    ] {
      for pan in [Plant.pan, "621700097557952811", Plant.longPAN] {
        var composer = composer
        composer.fields = Self.fields(pan: pan)
        let bytes = composer.bytes
        let found = MessageFinder(bytes).messages(in: 0..<bytes.count, isTail: true)
        #expect(found.count == 1)
        let message = try #require(found.first?.message)
        #expect(message.start == 0 && message.end == bytes.count)
        #expect(message.pinData(in: bytes)?.block == Self.block)
        #expect(message.saysSingleLength(in: bytes) == false)
        if pan != "621700097557952811" {
          #expect(message.pan(in: bytes)?.digits == Array(pan.utf8))
        }
      }
    }
  }

  @Test("The PAN comes from track 2 when DE 2 is absent")
  func track() throws {
    for composer in [Self.composer(false, true), Self.composer(true, false)] {
      var composer = composer
      composer.fields.removeAll { $0.0 == 2 }
      let bytes = composer.bytes
      let found = MessageFinder(bytes).messages(in: 0..<bytes.count, isTail: true)
      #expect(found.first?.message.pan(in: bytes)?.digits == Array(Plant.pan.utf8))
    }
  }

  @Test("Messages behind lengths and headers are found in a binary trace, with the place of DE 52")
  func frames() async throws {
    let tpdu: [UInt8] = [0x60, 0, 3, 0, 0]
    let packed = Self.composer(true, false).bytes
    let text = Self.composer(false, false).bytes
    var interchange: [UInt8] = [46, 0x82]
    interchange += Array(String(format: "%04d", text.count + 46).utf8)
    interchange += [UInt8](repeating: 0x30, count: 40)
    let header: [UInt8] = [0x60, 0x31, 0, 0x31, 0, 0]
    let frames = [
      framed(packed), framed(tpdu + packed), framed(tpdu + header + packed), framed(text),
      Array(String(format: "%04d", text.count).utf8) + text, interchange + text,
    ]
    let trace: [UInt8] = [0, 1, 2, 3] + frames.flatMap { [0, 0xFF, 0] + $0 }
    let (lines, observation) = try await Plant.scan(trace, name: "wire.bin", canaries: nil)
    #expect(lines.count == frames.count)
    #expect(lines.allSatisfy { $0.hasSuffix(" 4") && $0.hasPrefix("@") })
    for leak in observation.facts["pin.leaks"]?.list ?? [] {
      let offset = try #require(leak["place"]?["offset"]?.integer)
      #expect(Array(trace[offset..<offset + 8]) == Self.block)
      #expect(leak["what"] == "de-52")
      #expect(leak["masked"] == "622588******2942 ****")
      #expect(leak["single-length-key"] == false)
    }
  }

  @Test("Messages in a text log are found: all text, and as hexadecimal of any dialect")
  func inText() async throws {
    for message in [
      Self.composer(false, true).bytes, Self.composer(false, false).bytes,
      Self.composer(true, false).bytes, framed(Self.composer(true, false).bytes),
    ] {
      let log = "one\n12:00 SEND [\(hexadecimal(message))]\ntwo\n"
      #expect(try await Plant.scan(log, canaries: nil) == ["2 4"])
    }
    let text = String(decoding: Self.composer(false, true).bytes, as: UTF8.self)
    for line in [
      "12:00:01 recv: \(text)", "msg=\"\(text)\" ok", "0248\(text)", "ISO016000055\(text)",
    ] {
      #expect(try await Plant.scan("one\n\(line)\n", canaries: nil) == ["2 4"], "\(line)")
    }
    // Text with a binary bitmap in a text log.
    let mixed = Array("one\n".utf8) + Self.composer(false, false).bytes + Array("\nend\n".utf8)
    #expect(try await Plant.scan(mixed, canaries: nil).observation.facts["pin.leak-forms"] == [4])
  }

  @Test(
    "DE 52 is form 3 when it opens without a key, form 2 when it is a canary's, none when absent")
  func forms() async throws {
    let plant = try Plant()
    for (block, canaries, form) in [
      (plant.clear0, nil, [3]), (plant.clear0, Plant.canaries, [2]),
      (plant.sealed0, Plant.canaries, [2]), (plant.sealed0, nil, [4]), (nil, nil, []),
      ([UInt8](repeating: 0, count: 8), nil, []),
    ] as [([UInt8]?, String?, [Int])] {
      for packed in [true, false] {
        var composer = Self.composer(packed, false)
        composer.fields = Self.fields(block: block)
        let (_, observation) = try await Plant.scan(
          framed(composer.bytes), name: "wire.bin", canaries: canaries)
        let leaks = observation.facts["pin.leaks"]?.list ?? []
        #expect(leaks.compactMap { $0["form"]?.integer } == form)
      }
    }
  }

  @Test("The SM4 PIN of DE 63 is found, with and without a length in front of it")
  func privateData() async throws {
    let block = [UInt8](1...16)
    for value in [
      Array("SM".utf8) + block, Array("SM016".utf8) + block, Array("SM".utf8) + [0, 0x16] + block,
      Array("SM".utf8) + Array(hexadecimal(block).utf8),
    ] {
      for packed in [true, false] {
        var composer = Self.composer(packed, false)
        composer.fields = Self.fields(block: nil)
        composer.fields.insert((63, .long(value)), at: composer.fields.count - 1)
        let (_, observation) = try await Plant.scan(
          framed(composer.bytes), name: "wire.bin", canaries: nil)
        let leaks = observation.facts["pin.leaks"]?.list ?? []
        #expect(leaks.map { $0["what"]?.text } == ["de-63"], "\(value)")
        #expect(leaks.first?["form"] == 4)
      }
    }
  }

  @Test("Random and damaged messages never crash the reader; a cut one is not read")
  func hostile() throws {
    var generator = SeededGenerator(seed: 52)
    let originals = [
      Self.composer(false, false), Self.composer(false, true), Self.composer(true, false),
    ].map(\.bytes)
    for original in originals {
      for count in 0..<original.count {
        let cut = Array(original.prefix(count))
        let found = MessageFinder(cut).messages(in: 0..<cut.count, isTail: true)
        #expect(found.allSatisfy { $0.message.pinData(in: cut)?.block != Self.block } || count > 80)
      }
    }
    for round in 0..<8000 {
      var bytes = originals[round % 3]
      if round.isMultiple(of: 2) {
        bytes = (0..<Int.random(in: 0...300, using: &generator)).map { _ in
          UInt8.random(in: 0...255, using: &generator)
        }
        if let type = [[0x02, 0x00], Array("0200".utf8)].randomElement(using: &generator) {
          bytes = type + bytes
        }
      } else {
        for _ in 0..<4 where !bytes.isEmpty {
          let place = Int.random(in: bytes.indices, using: &generator)
          switch Int.random(in: 0..<3, using: &generator) {
          case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
          case 1: bytes.remove(at: place)
          default: bytes.removeSubrange(place...)
          }
        }
      }
      for found in MessageFinder(bytes).messages(in: 0..<bytes.count, isTail: true) {
        let message = found.message
        #expect(message.end <= bytes.count && message.start < message.end)
        _ = message.pan(in: bytes)
        _ = message.pinData(in: bytes)
        _ = message.privatePIN(in: bytes)
        _ = message.saysSingleLength(in: bytes)
      }
    }
  }
}
