internal import COpenSSL

/// What may be told of a key (密钥): never its value.
package struct KeyDescription: Sendable, Hashable {
  /// Whether a curve is given by name or by its numbers.
  package enum CurveForm: String, Sendable, Hashable { case named, explicit }

  /// RSA, RSA-PSS, DSA, DH, EC, SM2, Ed25519, Ed448, X25519, X448, else the dotted identifier.
  package var algorithm: String
  /// Size as libcrypto counts it: bits of the modulus, of p, or of the order of the curve's group.
  package var bits: Int?
  /// P-256, P-384, P-521, secp256k1, SM2, else the standard's name; `nil` for none or an unknown one.
  package var curve: String?
  package var curveForm: CurveForm?

  package init(
    algorithm: String, bits: Int? = nil, curve: String? = nil, curveForm: CurveForm? = nil
  ) {
    self.algorithm = algorithm
    self.bits = bits
    self.curve = curve
    self.curveForm = curveForm
  }

  /// A SubjectPublicKeyInfo (RFC 5280 4.1): SEQUENCE { AlgorithmIdentifier, BIT STRING }.
  package init(subjectPublicKeyInfo element: DERElement) throws(DERError) {
    guard element.has(.sequence) else {
      throw DERError(offset: element.encoded.startIndex, "no SubjectPublicKeyInfo")
    }
    var reader = element.reader
    let algorithm = try AlgorithmIdentifier(try reader.next(.sequence))
    let key = try reader.next(.bitString)
    try reader.requireEnd()
    guard key.content.first == 0 else {
      throw DERError(offset: key.content.startIndex, "a key that is no whole number of bytes")
    }
    let value = key.content.dropFirst()
    self = try KeyDescription(algorithm) { () throws(DERError) in
      // A certificate stays one when the key in it is damaged: its size is unknown then.
      var outer = DERReader(value)
      guard var numbers = try? outer.next(.sequence).reader else { return nil }
      return (try? numbers.next(.integer))?.integerBits
    }
  }

  /// A PKCS#8 PrivateKeyInfo (RFC 5208): SEQUENCE { INTEGER, AlgorithmIdentifier, OCTET STRING, … }.
  package init(privateKeyInfo element: DERElement) throws(DERError) {
    guard element.has(.sequence) else {
      throw DERError(offset: element.encoded.startIndex, "no PrivateKeyInfo")
    }
    var reader = element.reader
    guard let version = try reader.next(.integer).smallInteger, version <= 1 else {
      throw DERError(offset: element.content.startIndex, "an unknown version of PrivateKeyInfo")
    }
    let algorithm = try AlgorithmIdentifier(try reader.next(.sequence))
    let key = try reader.next(.octetString)
    while !reader.isAtEnd {
      let attribute = try reader.next()
      guard attribute.tag & 0xC0 == 0x80 else {
        throw DERError(offset: attribute.encoded.startIndex, "an unknown part of PrivateKeyInfo")
      }
    }
    self = try KeyDescription(algorithm) { () throws(DERError) in
      var outer = DERReader(key.content)
      var numbers = try outer.next(.sequence).reader
      _ = try numbers.next(.integer)
      return try numbers.next(.integer).integerBits
    }
  }

  /// The parameters of a curve: an OBJECT IDENTIFIER (named) or a SEQUENCE of its numbers (explicit).
  package init(curveParameters element: DERElement) throws(DERError) {
    let curve = Curve(element)
    guard curve.isReadable else {
      throw DERError(offset: element.encoded.startIndex, "no parameters of a curve")
    }
    self.init(
      algorithm: curve.name == "SM2" ? "SM2" : "EC", bits: curve.bits, curve: curve.name,
      curveForm: curve.form)
  }

  /// - Parameter rsaBits: reads the modulus size from the key itself; called for RSA keys alone.
  private init(
    _ identifier: AlgorithmIdentifier, rsaBits: () throws(DERError) -> Int?
  ) throws(DERError) {
    switch identifier.dotted {
    case "1.2.840.113549.1.1.1":
      self.init(algorithm: "RSA", bits: try rsaBits())
    case "1.2.840.113549.1.1.10":
      self.init(algorithm: "RSA-PSS", bits: try rsaBits())
    case "1.2.840.10045.2.1", "1.3.132.1.12", "1.3.132.1.13":
      guard let parameters = identifier.parameters else {
        self.init(algorithm: "EC")
        return
      }
      let curve = Curve(parameters)
      self.init(
        algorithm: curve.name == "SM2" ? "SM2" : "EC", bits: curve.bits, curve: curve.name,
        curveForm: curve.form)
    case "1.2.156.10197.1.301", "1.2.156.10197.1.301.1", "1.2.156.10197.1.301.2",
      "1.2.156.10197.1.301.3":
      self.init(algorithm: "SM2", bits: 256, curve: "SM2", curveForm: .named)
    case "1.2.840.10040.4.1":
      self.init(algorithm: "DSA", bits: try identifier.firstParameterBits())
    case "1.2.840.113549.1.3.1", "1.2.840.10046.2.1":
      self.init(algorithm: "DH", bits: try identifier.firstParameterBits())
    case "1.3.101.110": self.init(algorithm: "X25519", bits: 253)
    case "1.3.101.111": self.init(algorithm: "X448", bits: 448)
    case "1.3.101.112": self.init(algorithm: "Ed25519", bits: 256)
    case "1.3.101.113": self.init(algorithm: "Ed448", bits: 456)
    default: self.init(algorithm: identifier.dotted)
    }
  }
}

/// AlgorithmIdentifier (RFC 5280 4.1.1.2): an identifier and its parameters, NULL counted as none.
package struct AlgorithmIdentifier: Sendable {
  package var dotted: String
  package var parameters: DERElement?

  package init(_ element: DERElement) throws(DERError) {
    guard element.has(.sequence) else {
      throw DERError(offset: element.encoded.startIndex, "no AlgorithmIdentifier")
    }
    var reader = element.reader
    let identifier = try reader.next(.objectIdentifier)
    guard let dotted = ObjectIdentifier.dotted(identifier) else {
      throw DERError(offset: identifier.encoded.startIndex, "no object identifier")
    }
    self.dotted = dotted
    if !reader.isAtEnd {
      let parameters = try reader.next()
      self.parameters = parameters.has(.null) ? nil : parameters
    }
    try reader.requireEnd()
  }

  /// Of DSA and DH: the size of p, the first of the parameters.
  func firstParameterBits() throws(DERError) -> Int? {
    guard let parameters, parameters.has(.sequence) else { return nil }
    var reader = parameters.reader
    guard !reader.isAtEnd else { return nil }
    return try reader.next(.integer).integerBits
  }
}

/// A curve as named or spelt out in a key.
struct Curve {
  var name: String?
  var bits: Int?
  var form: KeyDescription.CurveForm
  /// Whether libcrypto could make a group of it, or at least its name is an identifier.
  var isReadable: Bool

  init(_ element: DERElement) {
    defer { clearErrorQueue() }
    let isNamed = element.has(.objectIdentifier)
    form = isNamed ? .named : .explicit
    let dotted = isNamed ? ObjectIdentifier.dotted(element) : nil
    name = dotted
    isReadable = dotted != nil
    // Explicit parameters above this size are no curve anybody uses, and cost time to check.
    guard isNamed || (element.has(.sequence) && element.encoded.count <= 4096) else { return }
    let group = element.encoded.withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      return d2i_ECPKParameters(nil, &next, buffer.count)
    }
    guard let group else { return }
    defer { EC_GROUP_free(group) }
    isReadable = true
    let order = EC_GROUP_order_bits(group)
    bits = order > 0 ? Int(order) : nil
    let nid = EC_GROUP_get_curve_name(group)
    if nid != NID_undef { name = Curve.standardName(nid) ?? name }
  }

  private static func standardName(_ nid: Int32) -> String? {
    // The name of FIPS 186 where there is one, else that of SEC 2, RFC 5639, X9.62 or GB/T 32918.
    (EC_curve_nid2nist(nid) ?? OBJ_nid2sn(nid)).map { String(cString: $0) }
  }
}
