import Bytes
import NationalCrypto

/// Texts that stand for bytes: stored values and heads.
enum ValueText {
  /// Appends the bytes of hexadecimal text in either case; nothing when it is not such text.
  static func appendHexadecimal(
    _ texts: [UInt8], _ range: Range<Int>, to bytes: inout [UInt8]
  ) {
    guard range.count.isMultiple(of: 2), range.upperBound <= texts.count else { return }
    let start = bytes.count
    var isRight = true
    texts.withUnsafeBytes { digits in
      bytes.append(addingCapacity: range.count / 2) { span in
        var at = range.lowerBound
        while range.upperBound - at >= 8, isRight {
          let word = UInt64(littleEndian: digits.loadUnaligned(fromByteOffset: at, as: UInt64.self))
          guard let four = fourBytes(word) else {
            isRight = false
            return
          }
          span.withUnsafeMutableBufferPointer { target, count in
            UnsafeMutableRawBufferPointer(target)
              .storeBytes(of: four.littleEndian, toByteOffset: count, as: UInt32.self)
            count += 4
          }
          at += 8
        }
        while at < range.upperBound {
          let high = nibbles[Int(digits[at])]
          let low = nibbles[Int(digits[at + 1])]
          guard high | low < 16 else {
            isRight = false
            return
          }
          span.append(high << 4 | low)
          at += 2
        }
      }
    }
    if !isRight { bytes.removeLast(bytes.count - start) }
  }

  /// The four bytes that eight hexadecimal digits, the first in the lowest byte, stand for; nil for others.
  private static func fourBytes(_ digits: UInt64) -> UInt32? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let low = digits & (ones &* 0x0F)
    // 1 in every byte that may be a letter, A to F or a to f; 0 where it may be a digit.
    let letter = digits >> 6 & ones
    // The upper half is 3 of a digit, 4 or 6 of a letter.
    guard (digits & (ones &* 0xF0)) | letter << 5 == ones &* 0x30 &+ letter &* 0x30 else {
      return nil
    }
    // The lower half is 0 to 9 of a digit, 1 to 6 of a letter: sums reach 16 where it is more, or is not 0.
    let isMore = low &+ ones &* 6 &+ letter &* 3
    let isSome = low &+ letter &* 15
    guard (isMore | (letter << 4 & ~isSome)) & (ones &* 0x10) == 0 else { return nil }
    let values = low &+ letter &* 9
    var pairs = (values << 4 | values >> 8) & 0x00FF_00FF_00FF_00FF
    pairs = (pairs | pairs >> 8) & 0x0000_FFFF_0000_FFFF
    return UInt32(truncatingIfNeeded: pairs | pairs >> 16)
  }

  /// The value of every byte as a hexadecimal digit, 255 for those that are none.
  private static let nibbles: [UInt8] = (0...255).map { byte -> UInt8 in
    switch UInt8(byte) {
    case 0x30...0x39: UInt8(byte) - 0x30
    case 0x41...0x46: UInt8(byte) - 0x37
    case 0x61...0x66: UInt8(byte) - 0x57
    default: 255
    }
  }

  /// The bytes a value stands for; nil when it is not in its encoding.
  static func bytes(_ text: String, _ encoding: ValueEncoding) -> [UInt8]? {
    switch encoding {
    case .hex: Bytes.bytes(fromHexadecimal: text)
    case .base64: Base64.decode(Array(text.utf8)[...])
    }
  }

  /// The text `bytes` are written as.
  static func text(_ bytes: [UInt8], _ encoding: ValueEncoding) -> String {
    switch encoding {
    case .hex: hexadecimal(bytes)
    case .base64: base64(bytes)
    }
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits: UInt32 = 0
      for byte in group { bits = bits << 8 | UInt32(byte) }
      bits <<= 8 * UInt32(3 - group.count)
      for index in 0..<4 {
        let digit = digits[Int(bits >> (18 - 6 * UInt32(index)) & 63)]
        text.append(index <= group.count ? digit : 0x3D)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
