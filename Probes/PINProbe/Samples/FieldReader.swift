import AssessmentModel
import Bytes
import YAMLDocument

/// Reads the fields of one entry of a sample file; what cannot be read becomes a problem, not an error.
struct FieldReader {
  let fields: [String: YAMLNode]
  let id: String
  let line: Int
  let file: String
  private(set) var problems: [SampleProblem] = []

  init(fields: [String: YAMLNode], id: String, line: Int, file: String) {
    self.fields = fields
    self.id = id
    self.line = line
    self.file = file
  }

  private func text(_ name: String) -> String? { fields[name]?.plainText }

  private mutating func report(_ kind: SampleProblem.Kind, _ name: String) {
    problems.append(SampleProblem(kind, id: id, line: fields[name]?.place.line ?? line))
  }

  mutating func format() -> PINBlockFormat? {
    if let number = text("format").flatMap({ UInt8($0) }),
      let format = PINBlockFormat(rawValue: number)
    {
      return format
    }
    report(.formatUnknown, "format")
    return nil
  }

  mutating func algorithm() -> PINAlgorithm? {
    if let algorithm = text("algorithm").flatMap({ PINAlgorithm(rawValue: $0) }) {
      return algorithm
    }
    report(.algorithmUnknown, "algorithm")
    return nil
  }

  /// A key by value, by reference, or by the id of a listed one.
  mutating func key(listed: [ListedKey]) -> [UInt8]? {
    guard let text = text("key") else {
      report(.keyMissing, "key")
      return nil
    }
    return listed.first { $0.id == text }?.value ?? secretBytes("key")
  }

  mutating func secretBytes(_ name: String) -> [UInt8]? {
    guard let text = text(name) else {
      report(.keyMissing, name)
      return nil
    }
    do throws(SecretReference.Unreadable) {
      guard let value = bytes(fromHexadecimal: try SecretReference.resolve(text, from: file)),
        !value.isEmpty
      else {
        report(.keyNotHexadecimal, name)
        return nil
      }
      return value
    } catch {
      report(.keyUnreadable, name)
      return nil
    }
  }

  /// A PAN that is not of 12 to 19 digits, or whose check digit is wrong, is still one as long as blocks can
  /// be made of it.
  mutating func pan(_ name: String) -> PAN? {
    guard let text = text(name) else { return nil }
    guard let pan = PAN(text) else {
      let isDigits = text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      report(isDigits ? .panLength : .panNotDigits, name)
      return nil
    }
    if pan.length < 12 { report(.panLength, name) }
    if !pan.hasValidCheckDigit { report(.panCheckDigit, name) }
    return pan
  }

  mutating func pin() -> PIN? {
    guard let text = text("pin") else { return nil }
    if let value = try? SecretReference.resolve(text, from: file), let pin = PIN(value) {
      return pin
    }
    report(.pinNotDigits, "pin")
    return nil
  }

  /// The enciphered block; where there is none the clear block, else the PIN field.
  mutating func block() -> SampleBlock {
    for (name, make) in [
      ("enciphered", SampleBlock.enciphered), ("clear_block", SampleBlock.clear),
      ("pin_field", SampleBlock.field),
    ] {
      guard let text = text(name) else { continue }
      if let value = bytes(fromHexadecimal: text) { return make(value) }
      let isOdd = bytes(fromHexadecimal: text + "0") != nil
      report(isOdd ? .blockOddHexadecimal : .blockNotHexadecimal, name)
      return isOdd ? .halfByte : .absent
    }
    report(.blockMissing, "enciphered")
    return .absent
  }
}
