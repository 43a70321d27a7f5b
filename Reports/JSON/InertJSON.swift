import AssessmentModel

/// Makes JSON text safe to print anywhere without changing what it says.
enum InertJSON {
  /// `json` with every active scalar, and `<`, `>` and `&`, written as `\uHHHH`.
  ///
  /// These occur inside strings only, where that spelling means the same. `json` is valid UTF-8.
  static func escaping(_ json: [UInt8]) -> [UInt8] {
    var escaped: [UInt8] = []
    escaped.reserveCapacity(json.count + json.count / 16)
    var clean = 0
    var index = 0
    while index < json.count {
      let byte = json[index]
      let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
      let end = min(index + length, json.count)
      if isActive(json[index..<end]) {
        escaped += json[clean..<index]
        append(json[index..<end], to: &escaped)
        clean = end
      }
      index = end
    }
    return escaped + json[clean...]
  }

  private static func isActive(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first else { return false }
    switch first {
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), 0x7F: return true
    // Line feeds and spaces of the layout; the encoder has escaped all other control characters.
    case 0..<0x80: return false
    // CJK, U+4000 to U+9FFF: most of what is written here, and never active.
    case 0xE4...0xE9: return false
    default:
      return String(decoding: bytes, as: UTF8.self).unicodeScalars.contains {
        ActiveScalar.contains($0)
      }
    }
  }

  private static func append(_ bytes: ArraySlice<UInt8>, to escaped: inout [UInt8]) {
    for unit in String(decoding: bytes, as: UTF8.self).utf16 {
      let digits = String(unit, radix: 16)
      escaped += "\\u".utf8
      escaped += String(repeating: "0", count: 4 - digits.utf8.count).utf8
      escaped += digits.utf8
    }
  }
}
