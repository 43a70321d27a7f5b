import Foundation
import TestSupport
import Testing

@testable import PINProbe

@Suite("Classes of 64 bytes at once, and lines of a log in pieces")
struct ByteMasksTests {
  @Test("Every byte is classified as it is alone, and none behind the end")
  func classes() {
    var generator = SeededGenerator(seed: 64)
    let likely =
      Array("0123456789abcdefABCDEF/:@G`g \n\t\u{8}\u{0}".utf8) + [0x80, 0xB1, 0xC1, 0xFF]
    for round in 0..<2000 {
      let bytes = (0..<80).map { _ in
        generator.chance(90)
          ? generator.one(of: likely) : UInt8(truncatingIfNeeded: generator.next())
      }
      let offset = round % 16
      let count = [64, 200, round % 65, 0, -3][round % 5]
      let masks = bytes.withUnsafeBytes { ByteMasks($0, at: offset, count: count) }
      var hasControl = false
      for bit in 0..<64 {
        let byte = bytes[offset + bit]
        let isThere = bit < count
        #expect(masks.digits >> UInt64(bit) & 1 == (isThere && isDigit(byte) ? 1 : 0))
        #expect(
          masks.hexadecimal >> UInt64(bit) & 1
            == (isThere && hexadecimalNibble(byte) != nil ? 1 : 0))
        if isThere, byte < 9 { hasControl = true }
      }
      #expect(masks.hasControl == hasControl)
    }
  }

  @Test(
    "Lines keep their numbers over many pieces, also behind a line that is longer than one",
    arguments: [false, true])
  func lineNumbers(isDocument: Bool) async throws {
    var generator = SeededGenerator(seed: 9)
    var lines = isDocument ? ["["] : ["first"]
    var expected: [String] = []
    for number in 0..<24_000 {
      if generator.chance(1) {
        lines.append("{\"pin\":\"489571\"},")
        expected.append("\(lines.count) 1")
      } else if number == 9000 {
        lines.append(String(repeating: "{\"k\":\"word\",\"n\":12345},", count: 20_000))
      } else if isDocument, number == 12_000 {
        // One element, longer than a piece, over many lines.
        lines.append("{\"all\":[")
        lines += Array(repeating: "\"a word on a line of its own\",", count: 12_000)
        lines.append("0]},")
      } else {
        lines.append(String(repeating: "{\"k\":1},", count: number % 12))
      }
    }
    lines.append(isDocument ? "0]" : "last")
    let text = lines.joined(separator: "\n") + "\n"
    #expect(text.utf8.count > 4 * LogFile.chunk)
    #expect(try await Plant.scan(text, canaries: nil) == expected)
  }
}
