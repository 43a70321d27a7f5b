/// The name of a property as the record writes it: `strengthBits` is `strength-bits`.
///
/// Keys of fact records come from outside and are never changed: the key strategies of the coders leave
/// dictionaries with text keys alone (a test holds them to it).
struct KebabKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }

  /// The key to write for a property.
  init(property: String) { stringValue = KebabKey.kebab(property) }

  /// The property a written key stands for. A key in any other form names no property.
  init(key: String) { stringValue = KebabKey.camel(key) }

  static func kebab(_ property: String) -> String {
    guard property.utf8.contains(where: isUpper) else { return property }
    var kebab = ""
    for scalar in property.unicodeScalars {
      if scalar.isASCII, isUpper(UInt8(scalar.value)) {
        kebab += "-"
        kebab.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value) | 0x20))
      } else {
        kebab.unicodeScalars.append(scalar)
      }
    }
    return kebab
  }

  private static func camel(_ key: String) -> String {
    // A capital would make two spellings of one property, so such a key is moved out of the way.
    guard !key.utf8.contains(where: isUpper) else { return "-" + key }
    guard key.utf8.contains(UInt8(ascii: "-")) else { return key }
    var camel = ""
    var raise = false
    for scalar in key.unicodeScalars {
      if scalar == "-", !raise, !camel.isEmpty {
        raise = true
      } else if raise, scalar.isASCII, (0x61...0x7A).contains(scalar.value) {
        camel.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value) & 0xDF))
        raise = false
      } else {
        if raise { camel += "-" }
        raise = false
        camel.unicodeScalars.append(scalar)
      }
    }
    return camel
  }

  private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
}
