/// The extensions of a certificate that concern its use (RFC 5280 4.2).
///
/// An extension whose inside cannot be read counts as present with nothing in it.
struct CertificateExtensions {
  var keyUsage: [String]?
  var extendedKeyUsage: [String]?
  var isCA = false
  var dnsNames: [String] = []
  var ipAddresses: [String] = []
  var isKeyUsageCritical = false
  var isBasicConstraintsCritical = false
  var crlLocations: [String] = []
  var ocspLocations: [String] = []

  init() {}

  init(_ list: DERElement) throws(DERError) {
    var reader = list.reader
    while !reader.isAtEnd {
      var entry = try reader.next(.sequence).reader
      let identifier = try entry.next(.objectIdentifier)
      let isCritical = try entry.nextIf(.boolean)?.content.first.map { $0 != 0 } ?? false
      let value = try entry.next(.octetString).content
      try entry.requireEnd()
      if identifier.content.elementsEqual(Self.authorityAccess) {
        readAuthorityAccess(value)
        continue
      }
      // The others read here are all 2.5.29.N: three bytes.
      guard identifier.content.count == 3, identifier.content.starts(with: [0x55, 0x1D]) else {
        continue
      }
      switch identifier.content.last {
      case 15:
        keyUsage = CertificateExtensions.keyUsage(value) ?? []
        isKeyUsageCritical = isCritical
      case 17: readNames(value)
      case 19:
        isCA = CertificateExtensions.isCA(value) ?? false
        isBasicConstraintsCritical = isCritical
      case 31: readDistributionPoints(value)
      case 37: extendedKeyUsage = CertificateExtensions.purposes(value) ?? []
      default: break
      }
    }
  }

  private static let keyUsageNames = [
    "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
    "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
  ]

  private static func keyUsage(_ value: ArraySlice<UInt8>) -> [String]? {
    var reader = DERReader(value)
    guard let bits = try? reader.next(.bitString) else { return nil }
    let bytes = Array(bits.content.dropFirst().prefix(2))
    return keyUsageNames.enumerated().compactMap { index, name in
      let byte = index / 8
      guard byte < bytes.count, bytes[byte] & (0x80 >> UInt8(index % 8)) != 0 else { return nil }
      return name
    }
  }

  private static func isCA(_ value: ArraySlice<UInt8>) -> Bool? {
    var reader = DERReader(value)
    guard let sequence = try? reader.next(.sequence) else { return nil }
    var fields = sequence.reader
    guard let flag = try? fields.nextIf(.boolean) else { return nil }
    return flag.content.first.map { $0 != 0 }
  }

  private static let purposeNames = [
    "2.5.29.37.0": "anyExtendedKeyUsage",
    "1.3.6.1.5.5.7.3.1": "serverAuth",
    "1.3.6.1.5.5.7.3.2": "clientAuth",
    "1.3.6.1.5.5.7.3.3": "codeSigning",
    "1.3.6.1.5.5.7.3.4": "emailProtection",
    "1.3.6.1.5.5.7.3.8": "timeStamping",
    "1.3.6.1.5.5.7.3.9": "OCSPSigning",
  ]

  private static func purposes(_ value: ArraySlice<UInt8>) -> [String]? {
    var reader = DERReader(value)
    guard let sequence = try? reader.next(.sequence) else { return nil }
    var items = sequence.reader
    var names: [String] = []
    while let item = try? items.next(.objectIdentifier),
      let dotted = ObjectIdentifier.dotted(item)
    {
      names.append(purposeNames[dotted] ?? dotted)
    }
    return names
  }

  /// authorityInfoAccess, 1.3.6.1.5.5.7.1.1.
  private static let authorityAccess: [UInt8] = [0x2B, 6, 1, 5, 5, 7, 1, 1]
  /// id-ad-ocsp, 1.3.6.1.5.5.7.48.1.
  private static let ocspMethod: [UInt8] = [0x2B, 6, 1, 5, 5, 7, 48, 1]
  /// Locations kept of one kind; certificates have one or two.
  private static let mostLocations = 16

  private mutating func readAuthorityAccess(_ value: ArraySlice<UInt8>) {
    var reader = DERReader(value)
    guard var items = (try? reader.next(.sequence))?.reader else { return }
    while let item = try? items.next(.sequence), ocspLocations.count < Self.mostLocations {
      var entry = item.reader
      guard let method = try? entry.next(.objectIdentifier),
        method.content.elementsEqual(Self.ocspMethod),
        let place = try? entry.next(.context(6))
      else { continue }
      ocspLocations.append(String(decoding: place.content, as: UTF8.self))
    }
  }

  /// cRLDistributionPoints (RFC 5280 4.2.1.13): the URIs of the full names.
  private mutating func readDistributionPoints(_ value: ArraySlice<UInt8>) {
    var reader = DERReader(value)
    guard var points = (try? reader.next(.sequence))?.reader else { return }
    while let point = try? points.next(.sequence) {
      var parts = point.reader
      guard let name = try? parts.nextIf(.constructed(0)) else { continue }
      var choice = name.reader
      guard let full = try? choice.nextIf(.constructed(0)) else { continue }
      var names = full.reader
      while let entry = try? names.next(), crlLocations.count < Self.mostLocations {
        if entry.has(.context(6)) {
          crlLocations.append(String(decoding: entry.content, as: UTF8.self))
        }
      }
    }
  }

  private mutating func readNames(_ value: ArraySlice<UInt8>) {
    var reader = DERReader(value)
    guard let sequence = try? reader.next(.sequence) else { return }
    var items = sequence.reader
    while !items.isAtEnd, let item = try? items.next() {
      if item.has(.context(2)) {
        dnsNames.append(String(decoding: item.content, as: UTF8.self))
      } else if item.has(.context(7)), let address = IPAddressText.text(Array(item.content)) {
        ipAddresses.append(address)
      }
    }
  }
}

/// Addresses as text: dotted for 4 bytes, RFC 5952 for 16.
enum IPAddressText {
  static func text(_ bytes: [UInt8]) -> String? {
    switch bytes.count {
    case 4: return bytes.map { String($0) }.joined(separator: ".")
    case 16:
      let groups = stride(from: 0, to: 16, by: 2).map {
        UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
      }
      return compressed(groups)
    default: return nil
    }
  }

  /// The longest run of two or more zero groups, the first of equals, becomes `::`.
  private static func compressed(_ groups: [UInt16]) -> String {
    var best = 0..<0
    var start = 0
    while start < groups.count {
      var end = start
      while end < groups.count, groups[end] == 0 { end += 1 }
      if end - start > max(best.count, 1) { best = start..<end }
      start = max(end, start + 1)
    }
    func text(_ part: ArraySlice<UInt16>) -> String {
      part.map { String($0, radix: 16) }.joined(separator: ":")
    }
    if best.isEmpty { return text(groups[...]) }
    return text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
  }
}
