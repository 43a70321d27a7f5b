extension KeyDescription {
  /// A private key in the form older than PKCS#8, told by its structure:
  ///
  /// - RSA (RFC 8017 A.1.2): SEQUENCE { 0 or 1, n, e, d, p, q, dp, dq, qinv, … }
  /// - EC (RFC 5915): SEQUENCE { 1, OCTET STRING, [0] curve, [1] public key }
  /// - DSA as libcrypto writes it: SEQUENCE { 0, p, q, g, y, x }
  package init(traditionalPrivateKey element: DERElement) throws(DERError) {
    guard element.has(.sequence) else {
      throw DERError(offset: element.encoded.startIndex, "no private key")
    }
    var reader = element.reader
    let version = try reader.next(.integer).smallInteger
    if reader.nextTag == DERTag.octetString.rawValue, version == 1 {
      _ = try reader.next()
      self = try KeyDescription(parametersOfECKey: &reader)
      return
    }
    var sizes: [Int] = []
    while reader.nextTag == DERTag.integer.rawValue, sizes.count < 9 {
      guard let bits = try reader.next(.integer).integerBits else {
        throw DERError(offset: element.content.startIndex, "a negative number in a key")
      }
      sizes.append(bits)
    }
    switch (version, sizes.count) {
    case (0, 8):
      try reader.requireEnd()
      self.init(algorithm: "RSA", bits: sizes[0])
    case (1, 8):
      self.init(algorithm: "RSA", bits: sizes[0])
    case (0, 5):
      try reader.requireEnd()
      self.init(algorithm: "DSA", bits: sizes[0])
    default:
      throw DERError(offset: element.encoded.startIndex, "no private key of a known form")
    }
  }

  private init(parametersOfECKey reader: inout DERReader) throws(DERError) {
    var described = KeyDescription(algorithm: "EC")
    if let wrapped = try reader.nextIf(.constructed(0)) {
      var inner = wrapped.reader
      described = try KeyDescription(curveParameters: try inner.next())
      try inner.requireEnd()
    }
    _ = try reader.nextIf(.constructed(1))
    try reader.requireEnd()
    self = described
  }

  /// A public key by PKCS#1 (RFC 8017 A.1.1): SEQUENCE { n, e }.
  package init(rsaPublicKey element: DERElement) throws(DERError) {
    guard element.has(.sequence) else {
      throw DERError(offset: element.encoded.startIndex, "no RSA public key")
    }
    var reader = element.reader
    let modulus = try reader.next(.integer)
    let exponent = try reader.next(.integer)
    try reader.requireEnd()
    guard let bits = modulus.integerBits, bits >= 256, exponent.content.last.map({ $0 & 1 }) == 1,
      let exponentBits = exponent.integerBits, (2...256).contains(exponentBits)
    else { throw DERError(offset: element.encoded.startIndex, "no RSA public key") }
    self.init(algorithm: "RSA", bits: bits)
  }

  /// Domain parameters of DH or DSA: SEQUENCE { p, … }, numbers alone.
  package init(domainParameters element: DERElement, of algorithm: String) throws(DERError) {
    guard element.has(.sequence) else {
      throw DERError(offset: element.encoded.startIndex, "no parameters of \(algorithm)")
    }
    var reader = element.reader
    let prime = try reader.next(.integer)
    guard let bits = prime.integerBits, bits >= 128 else {
      throw DERError(offset: prime.encoded.startIndex, "no prime of \(algorithm)")
    }
    _ = try reader.next(.integer)
    while !reader.isAtEnd { _ = try reader.next() }
    self.init(algorithm: algorithm, bits: bits)
  }
}
