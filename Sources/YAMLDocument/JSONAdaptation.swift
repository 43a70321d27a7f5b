import AssessmentModel

/// Makes JSON readable as YAML: the few points in which JSON is not YAML as libyaml reads it.
///
/// Outside strings a tab becomes a space. In strings a surrogate pair (`\ud83d\ude00`) becomes the one
/// character it stands for, and a character libyaml would refuse or take for the end of a line becomes an
/// escape. Line ends are never touched.
enum JSONAdaptation {
  /// nil after a fault that leaves unclear where strings begin and end.
  static func readable(_ source: SourceText, faults: Faults) -> SourceText? {
    var scanner = Scanner(source: source, faults: faults)
    guard scanner.scan() else { return nil }
    return SourceText(file: source.file, bytes: scanner.output)
  }

  private struct Scanner {
    let source: SourceText
    let faults: Faults
    var output: [UInt8] = []
    var offset = 0
    var loneSurrogates = 0

    mutating func scan() -> Bool {
      output.reserveCapacity(source.bytes.count)
      while offset < source.bytes.count {
        let byte = source.bytes[offset]
        switch byte {
        case UInt8(ascii: "\""):
          guard scanString() else { return false }
        case 0x09:
          output.append(0x20)
          offset += 1
        case 0x0A, 0x0D, 0x20, UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["),
          UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "+"),
          UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
          output.append(byte)
          offset += 1
        default:
          report(
            at: offset,
            byte > 0x20 && byte < 0x7F
              ? "found \(Wording.quoted(String(Unicode.Scalar(byte)))) outside a string, "
                + "which JSON does not have"
              : "found a character outside a string that JSON does not have there")
          return false
        }
      }
      return true
    }

    private mutating func scanString() -> Bool {
      let start = offset
      copy(1)
      while offset < source.bytes.count {
        switch source.bytes[offset] {
        case UInt8(ascii: "\""):
          copy(1)
          return true
        case 0x0A, 0x0D:
          report(at: start, "this string is not closed on its line")
          return false
        case UInt8(ascii: "\\"): scanEscape()
        case 0x7F: append(escapeOf: 0x7F, length: 1)
        case 0x80...:
          guard let scalar = UTF8Scalar(in: source.bytes, at: offset) else {
            copy(1)
            continue
          }
          if SourceText.isForbidden(scalar.value) {
            append(escapeOf: scalar.value, length: scalar.length)
          } else {
            copy(scalar.length)
          }
        default: copy(1)
        }
      }
      report(at: start, "this string is not closed before the end of the file")
      return false
    }

    private mutating func scanEscape() {
      guard let unit = codeUnit(at: offset), 0xD800...0xDFFF ~= unit else {
        let next = offset + 1
        let isBreak =
          next >= source.bytes.count || source.bytes[next] == 0x0A || source.bytes[next] == 0x0D
        let isASCII = !isBreak && source.bytes[next] < 0x7F
        copy(isASCII ? 2 : 1)
        return
      }
      if unit < 0xDC00, let low = codeUnit(at: offset + 6), 0xDC00...0xDFFF ~= low,
        let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
      {
        output.append(contentsOf: String(scalar).utf8)
        offset += 12
        return
      }
      loneSurrogates += 1
      if loneSurrogates <= YAMLDocument.refusalLimit {
        report(
          at: offset,
          "found half of a surrogate pair, \\u\(String(unit, radix: 16)), without the other half")
      }
      output.append(contentsOf: "\u{FFFD}".utf8)
      offset += 6
    }

    /// The value of `\uHHHH` at `offset`.
    private func codeUnit(at offset: Int) -> UInt32? {
      let bytes = source.bytes
      guard bytes.count - offset >= 6, bytes[offset] == UInt8(ascii: "\\"),
        bytes[offset + 1] == UInt8(ascii: "u")
      else { return nil }
      var value: UInt32 = 0
      for byte in bytes[(offset + 2)..<(offset + 6)] {
        guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
        value = value << 4 | UInt32(digit)
      }
      return value
    }

    private mutating func copy(_ count: Int) {
      output.append(contentsOf: source.bytes[offset..<(offset + count)])
      offset += count
    }

    private mutating func append(escapeOf scalar: UInt32, length: Int) {
      let digits = String(scalar, radix: 16)
      output.append(
        contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
      offset += length
    }

    private func report(at offset: Int, _ message: String) {
      faults.report(source.place(atOffset: offset), message)
    }
  }
}
