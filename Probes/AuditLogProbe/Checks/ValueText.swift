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
    bytes.append(contentsOf: repeatElement(0, count: range.count / 2))
    let isRight = nibbles.withUnsafeBufferPointer { nibbles in
      texts.withUnsafeBufferPointer { digits in
        bytes.withUnsafeMutableBufferPointer { target in
          var seen: UInt8 = 0
          var at = range.lowerBound
          for index in start..<target.count {
            let high = nibbles[Int(digits[at])]
            let low = nibbles[Int(digits[at + 1])]
            target[index] = high << 4 | low
            seen |= high | low
            at += 2
          }
          return seen < 16
        }
      }
    }
    if !isRight { bytes.removeLast(bytes.count - start) }
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
