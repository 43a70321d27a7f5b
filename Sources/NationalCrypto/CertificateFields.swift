import Bytes

/// The fields of a certificate (RFC 5280 4.1) read from its DER.
struct CertificateFields {
  var serial: String
  var notBefore: String?
  var notAfter: String?
  var key: KeyDescription
  var subjectPublicKeyInfo: DERElement
  var signature: AlgorithmIdentifier
  /// From 1; 3 where extensions are allowed.
  var version: Int
  /// What is signed, and the signature's bits without the count of unused ones.
  var signedPart: DERElement
  var signatureValue: ArraySlice<UInt8>
  var extensions = CertificateExtensions()

  init(_ der: [UInt8]) throws(DERError) {
    var outer = DERReader(der)
    var reader = try outer.next(.sequence).reader
    try outer.requireEnd()
    signedPart = try reader.next(.sequence)
    var body = signedPart.reader
    signature = try AlgorithmIdentifier(try reader.next(.sequence))
    signatureValue = try reader.next(.bitString).content.dropFirst()
    try reader.requireEnd()

    var number = try body.nextIf(.constructed(0))?.reader
    version = ((try? number?.next(.integer))?.smallInteger ?? 0) + 1
    serial = CertificateFields.serial(try body.next(.integer))
    _ = try body.next(.sequence)
    _ = try body.next(.sequence)
    var validity = try body.next(.sequence).reader
    notBefore = CertificateTime.text(try validity.next())
    notAfter = CertificateTime.text(try validity.next())
    try validity.requireEnd()
    _ = try body.next(.sequence)
    subjectPublicKeyInfo = try body.next(.sequence)
    key = try KeyDescription(subjectPublicKeyInfo: subjectPublicKeyInfo)
    _ = try body.nextIf(.context(1))
    _ = try body.nextIf(.context(2))
    if let wrapped = try body.nextIf(.constructed(3)) {
      var inner = wrapped.reader
      extensions = try CertificateExtensions(try inner.next(.sequence))
      try inner.requireEnd()
    }
    try body.requireEnd()
  }

  /// Hexadecimal of the value's magnitude, after `-` for a negative one.
  private static func serial(_ element: DERElement) -> String {
    guard let first = element.content.first else { return "00" }
    var magnitude = Array(element.content)
    if first >= 0x80 {
      // Two's complement: invert and add one, from the last byte upwards.
      var carry = true
      for index in magnitude.indices.reversed() {
        magnitude[index] = ~magnitude[index] &+ (carry ? 1 : 0)
        carry = carry && magnitude[index] == 0
      }
    }
    let significant = magnitude.drop { $0 == 0 }
    return (first >= 0x80 ? "-" : "") + (significant.isEmpty ? "00" : hexadecimal(significant))
  }
}

/// Times in certificates and CRLs (RFC 5280 4.1.2.5).
package enum CertificateTime {
  /// `YYYY-MM-DDThh:mm:ssZ`; `nil` for anything but `YYMMDDhhmmssZ` and `YYYYMMDDhhmmssZ`.
  package static func text(_ element: DERElement) -> String? {
    var digits = Array(element.content)
    guard digits.popLast() == UInt8(ascii: "Z"),
      digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    if element.has(.utcTime) {
      guard digits.count == 12 else { return nil }
      digits = Array((digits[0] >= UInt8(ascii: "5") ? "19" : "20").utf8) + digits
    } else if !element.has(.generalizedTime) {
      return nil
    }
    guard digits.count == 14 else { return nil }
    func number(_ range: Range<Int>) -> Int {
      digits[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
    guard (1...12).contains(number(4..<6)), (1...31).contains(number(6..<8)),
      number(8..<10) < 24, number(10..<12) < 60, number(12..<14) < 60
    else { return nil }
    func part(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
    return "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))"
      + "T\(part(8..<10)):\(part(10..<12)):\(part(12..<14))Z"
  }
}
