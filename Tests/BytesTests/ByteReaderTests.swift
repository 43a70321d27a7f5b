import Bytes
import TestSupport
import Testing

@Suite("Reading bytes")
struct ByteReaderTests {
  @Test("numbers are big-endian and places advance")
  func numbers() throws {
    var reader = ByteReader(Array(0x00...0x13), base: 100)
    #expect(try reader.uint8() == 0x00)
    #expect(try reader.uint16() == 0x0102)
    #expect(try reader.uint24() == 0x030405)
    #expect(try reader.uint32() == 0x0607_0809)
    #expect(reader.offset == 10 && reader.place == 110 && reader.remaining == 10)
    #expect(try reader.uint64() == 0x0A0B_0C0D_0E0F_1011)
    #expect(try reader.take(1) == [0x12] && reader.rest() == [0x13])
    #expect(reader.isAtEnd && reader.rest().isEmpty)
    #expect(throws: ByteError.truncated(place: 120, wanted: 1, available: 0)) {
      try reader.uint8()
    }
  }

  @Test("a vector cannot be read past its end, and errors keep the outer place")
  func vectors() throws {
    var outer = ByteReader([0, 2, 0xAA, 0xBB, 0xCC], base: 10)
    var inner = try outer.vector(2)
    #expect(inner.remaining == 2 && outer.remaining == 1)
    #expect(try inner.uint8() == 0xAA)
    #expect(throws: ByteError.truncated(place: 13, wanted: 2, available: 1)) { try inner.uint16() }
    #expect(throws: ByteError.unexpectedBytes(place: 13, count: 1, after: "list")) {
      try inner.requireEnd("list")
    }
    #expect(inner.rest() == [0xBB] && outer.rest() == [0xCC])
    try inner.requireEnd("list")
  }

  @Test("a failed read takes nothing")
  func failure() throws {
    var reader = ByteReader([0, 9, 1])
    #expect(throws: (any Error).self) { try reader.take(4) }
    #expect(throws: (any Error).self) { try reader.take(-1) }
    #expect(throws: (any Error).self) { try reader.take(.max) }
    #expect(throws: (any Error).self) { try reader.take(.min) }
    #expect(reader.offset == 0 && reader.remaining == 3)
  }

  @Test("a length beyond all memory is refused, not obeyed")
  func hugeLength() {
    for count in 0...8 {
      var reader = ByteReader([UInt8](repeating: 0xFF, count: 8))
      #expect(throws: Never.self) {
        if count == 0 { _ = try reader.vector(0) }
      }
      if count > 0 { #expect(throws: ByteError.self) { try reader.vector(count) } }
    }
  }

  @Test("random operations on random bytes never trap and never leave their bounds")
  func fuzz() {
    var generator = SeededGenerator(seed: 42)
    for _ in 0..<3_000 {
      let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
        // Small numbers are likely to be lengths that fit.
        UInt8.random(in: 0...(Bool.random(using: &generator) ? 8 : 255), using: &generator)
      }
      var readers = [ByteReader(bytes, base: 7)]
      for _ in 0..<20 {
        let index = Int.random(in: 0..<readers.count, using: &generator)
        let before = readers[index]
        do throws(ByteError) {
          switch Int.random(in: 0..<9, using: &generator) {
          case 0: _ = try readers[index].uint8()
          case 1: _ = try readers[index].uint16()
          case 2: _ = try readers[index].uint24()
          case 3: _ = try readers[index].uint32()
          case 4: _ = try readers[index].uint64()
          case 5: _ = try readers[index].take(Int.random(in: -3...12, using: &generator))
          case 6: try readers[index].requireEnd("it")
          case 7 where Int.random(in: 0..<4, using: &generator) == 0: _ = readers[index].rest()
          default:
            let inner = try readers[index].vector(Int.random(in: 1...3, using: &generator))
            #expect(inner.place + inner.remaining == readers[index].place)
            #expect(inner.place > before.place && inner.remaining <= before.remaining)
            readers.append(inner)
          }
        } catch {
          #expect(error.place == readers[index].place && !error.description.isEmpty)
        }
        let after = readers[index]
        #expect(after.offset >= before.offset && after.remaining >= 0)
        #expect(after.offset + after.remaining == before.offset + before.remaining)
        #expect(after.place + after.remaining <= bytes.count + 7)
      }
    }
  }
}

@Suite("Hexadecimal")
struct HexTests {
  @Test("two lower-case digits a byte, read back in either case")
  func roundTrip() {
    let all = Array(UInt8.min...UInt8.max)
    let text = hexadecimal(all)
    #expect(text.count == 512 && text.hasPrefix("000102") && text.hasSuffix("fdfeff"))
    #expect(bytes(fromHexadecimal: text) == all)
    #expect(bytes(fromHexadecimal: text.uppercased()) == all)
    #expect(hexadecimal([]) == "" && bytes(fromHexadecimal: "") == [])
  }

  @Test(
    "anything else is refused",
    arguments: ["0", "0g", "g0", " 00", "00 ", "0x00", "00:11", "é", "０0", "-1", "\u{0}\u{0}"])
  func refused(text: String) {
    #expect(bytes(fromHexadecimal: text) == nil)
  }
}
