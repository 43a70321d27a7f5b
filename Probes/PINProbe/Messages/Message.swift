/// The parts of one ISO 8583 message (交易报文) that concern PINs, as places in the bytes it was read from.
package struct Message: Sendable, Hashable {
  package var dialect: MessageDialect
  /// Where the message type begins, and the end of the last field.
  package var start: Int
  package var end: Int
  /// The values without the lengths in front of them, by data element: 2, 35, 52, 53, 63.
  package var values: [Int: Range<Int>] = [:]
  /// How many digits 2 and 35 have; packed, this does not follow from their bytes.
  package var digitCounts: [Int: Int] = [:]

  /// The PAN of DE 2, else the one before the separator of DE 35.
  package func pan(in bytes: [UInt8]) -> PAN? {
    for number in [2, 35] {
      guard let digits = digits(number, in: bytes) else { continue }
      let separators = [UInt8(ascii: "="), UInt8(ascii: "D")]
      let account = digits.prefix { !separators.contains($0) }
      if let pan = PAN(digits: account), pan.length >= 9 { return pan }
    }
    return nil
  }

  /// Digits of an element as ASCII, the nibble D as the letter.
  private func digits(_ number: Int, in bytes: [UInt8]) -> [UInt8]? {
    guard let range = values[number], let count = digitCounts[number],
      range.upperBound <= bytes.count
    else { return nil }
    guard dialect.packedDigits else { return Array(bytes[range]) }
    let nibbles = bytes[range].flatMap { [$0 >> 4, $0 & 15] }
    let hexadecimal = Array("0123456789ABCDEF".utf8)
    let text = nibbles.map { hexadecimal[Int($0)] }
    guard text.count > count else { return text }
    // Padded on the left or on the right: the check digit of DE 2 tells, else the side of the filler.
    let right = Array(text.prefix(count))
    let left = Array(text.suffix(count))
    if let pan = PAN(digits: left), pan.hasValidCheckDigit, text.first == UInt8(ascii: "0") {
      return left
    }
    return text.first == UInt8(ascii: "0") && PAN(digits: right)?.hasValidCheckDigit != true
      ? left : right
  }

  /// Whether the second digit of DE 53 says single length keys (0), as card networks in China use it;
  /// `nil` when it says something else or is absent.
  package func saysSingleLength(in bytes: [UInt8]) -> Bool? {
    guard let range = values[53], range.upperBound <= bytes.count, let first = range.first else {
      return nil
    }
    let digit = dialect.packedDigits ? bytes[first] & 15 : bytes[first + 1] & 15
    switch digit {
    case 0: return true
    case 6: return false
    default: return nil
    }
  }

  /// The PIN block of DE 52 and where it stands; `nil` when it is absent or masked.
  package func pinData(in bytes: [UInt8]) -> (block: [UInt8], range: Range<Int>)? {
    guard let range = values[52], range.upperBound <= bytes.count else { return nil }
    return blockValue(bytes, range, length: 8).map { ($0, range) }
  }

  /// The PIN block of 16 bytes in DE 63, usage `SM`, and where it stands.
  ///
  /// Between usage and block a length of the block may stand, in any of its writings.
  package func privatePIN(in bytes: [UInt8]) -> (block: [UInt8], range: Range<Int>)? {
    guard let range = values[63], range.upperBound <= bytes.count else { return nil }
    let usage = Array("SM".utf8)
    for start in range where range.upperBound - start >= 18 {
      guard Array(bytes[start..<start + 2]) == usage else { continue }
      for skipped in 0...4 {
        for length in [32, 16] {
          let first = start + 2 + skipped
          let last = first + length
          guard last <= range.upperBound,
            skipped == 0 || MessageReader.isLength(bytes[(start + 2)..<first], of: length)
          else { continue }
          // Without a length in front the block is all that is left.
          guard skipped > 0 || last == range.upperBound else { continue }
          if let block = blockValue(bytes, first..<last, length: 16) {
            return (block, first..<last)
          }
        }
      }
    }
    return nil
  }

  /// Raw or as hexadecimal text; `nil` for a masked value or one of a single repeated byte.
  private func blockValue(_ bytes: [UInt8], _ range: Range<Int>, length: Int) -> [UInt8]? {
    let block: [UInt8]
    if range.count == length {
      block = Array(bytes[range])
    } else {
      guard range.count == 2 * length, let value = hexadecimalValue(bytes[range]) else {
        return nil
      }
      block = value
    }
    return isVaried(block) ? block : nil
  }
}

/// Whether there are two different bytes.
func isVaried(_ bytes: [UInt8]) -> Bool {
  bytes.first.map { first in !bytes.allSatisfy { $0 == first } } ?? false
}

/// The bytes of hexadecimal ASCII digits; `nil` for an odd number or another character.
func hexadecimalValue(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
  digits.withUnsafeBytes { hexadecimalValue($0) }
}

/// As above.
func hexadecimalValue(_ digits: UnsafeRawBufferPointer) -> [UInt8]? {
  guard digits.count.isMultiple(of: 2) else { return nil }
  var isRight = true
  let value = [UInt8](unsafeUninitializedCapacity: digits.count / 2) { value, count in
    count = digits.count / 2
    for index in 0..<count {
      let high = hexadecimalNibble(digits[2 * index])
      let low = hexadecimalNibble(digits[2 * index + 1])
      if high == nil || low == nil { isRight = false }
      value[index] = (high ?? 0) << 4 | (low ?? 0)
    }
  }
  return isRight ? value : nil
}

@inline(__always)
func hexadecimalNibble(_ digit: UInt8) -> UInt8? {
  switch digit {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
  case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
  case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
  default: nil
  }
}
