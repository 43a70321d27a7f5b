import Bytes

/// Composes ISO 8583 messages for the tests, written apart from the reader.
struct MessageComposer {
  enum Value {
    case digits(String)
    /// Digits with a length of two digits in front.
    case short(String)
    case track(String)
    case text(String)
    /// Bytes with a length of three digits in front.
    case long([UInt8])
    case binary([UInt8])
  }
  var packed = false
  var hexadecimal = false
  var padsLeft = false
  var type = "0200"
  var fields: [(Int, Value)]

  var bytes: [UInt8] {
    var bits = [UInt8](repeating: 0, count: fields.contains { $0.0 > 64 } ? 16 : 8)
    if bits.count == 16 { bits[0] |= 0x80 }
    for (number, _) in fields { bits[(number - 1) / 8] |= 0x80 >> UInt8((number - 1) % 8) }
    var bytes = digits(type) + (hexadecimal ? upper(bits) : bits)
    for (_, value) in fields {
      switch value {
      case .digits(let text): bytes += digits(text)
      case .short(let text), .track(let text): bytes += length(text.utf8.count, 2) + digits(text)
      case .text(let text): bytes += Array(text.utf8)
      case .long(let value): bytes += length(value.count, 3) + value
      case .binary(let value): bytes += hexadecimal ? upper(value) : value
      }
    }
    return bytes
  }

  private func upper(_ bytes: [UInt8]) -> [UInt8] {
    Array(PINProbeTests.hexadecimal(bytes).uppercased().utf8)
  }

  private func length(_ count: Int, _ width: Int) -> [UInt8] {
    let text = String(repeating: "0", count: width - String(count).count) + String(count)
    return packed ? pack(width == 3 ? "0" + text : text) : Array(text.utf8)
  }

  private func digits(_ text: String) -> [UInt8] { packed ? pack(text) : Array(text.utf8) }

  private func pack(_ text: String) -> [UInt8] {
    let text = text.replacing("=", with: "D")
    let even = text.count.isMultiple(of: 2) ? text : padsLeft ? "0" + text : text + "0"
    return Bytes.bytes(fromHexadecimal: even) ?? []
  }
}

func hexadecimal(_ bytes: [UInt8]) -> String { Bytes.hexadecimal(bytes) }

/// A length of two bytes in front.
func framed(_ message: [UInt8]) -> [UInt8] {
  [UInt8(message.count >> 8), UInt8(message.count & 255)] + message
}
