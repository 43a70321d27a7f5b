internal import COpenSSL

/// An ephemeral key pair on the SM2 curve (临时密钥).
package struct SM2EphemeralKey: Sendable {
  /// `04 X Y`, 65 bytes.
  package let publicPoint: [UInt8]
  /// 32 bytes.
  fileprivate let scalar: [UInt8]

  package init() throws(CryptoError) {
    let curve = try SM2Curve("making an ephemeral SM2 key")
    let number = try curve.randomScalar()
    publicPoint = try curve.bytes(of: try curve.base(times: number))
    scalar = try number.bytes(curve.operation)
  }

  /// - Parameter scalar: 32 bytes, for exchanges that were recorded.
  package init(scalar: [UInt8]) throws(CryptoError) {
    let curve = try SM2Curve("reading an ephemeral SM2 key")
    let number = try SM2Curve.Number(scalar, curve.operation)
    publicPoint = try curve.bytes(of: try curve.base(times: number))
    self.scalar = try number.bytes(curve.operation)
  }

  /// Plain Diffie-Hellman as TLS 1.3 has it (RFC 8998 3.2.2): the x coordinate, 32 bytes.
  package func sharedSecret(with point: [UInt8]) throws(CryptoError) -> [UInt8] {
    let curve = try SM2Curve("agreeing on a secret over curveSM2")
    let product = try curve.product(
      try curve.point(point), try SM2Curve.Number(scalar, curve.operation))
    return Array(try curve.bytes(of: product)[1..<33])
  }
}

/// The key agreement of SM2 (GB/T 32918.3, GM/T 0003.3; 密钥交换协议): both sides bring a lasting and an
/// ephemeral key, and the secret depends on both identities.
package enum SM2KeyAgreement {
  /// What the other side brings.
  package struct Peer: Sendable {
    /// `04 X Y` of the certificate's key and of the ephemeral one.
    package var publicPoint: [UInt8]
    package var ephemeralPoint: [UInt8]

    package init(publicPoint: [UInt8], ephemeralPoint: [UInt8]) {
      self.publicPoint = publicPoint
      self.ephemeralPoint = ephemeralPoint
    }
  }

  /// `length` bytes that only the two sides know.
  ///
  /// - Parameters:
  ///   - privateKeyPEM: our lasting key, clear PKCS#8 or SEC 1.
  ///   - isInitiator: whether we are side A, whose Z comes first. In TLCP the server is.
  package static func secret(
    privateKeyPEM: [UInt8], ephemeral: SM2EphemeralKey, peer: Peer, isInitiator: Bool,
    length: Int, identity: String = SM2.defaultIdentity
  ) throws(CryptoError) -> [UInt8] {
    let operation = "SM2 key agreement"
    let key = try PrivateKeyHandle(pem: privateKeyPEM, operation)
    let curve = try SM2Curve(operation)
    let lasting = try SM2Curve.Number(try key.sm2Scalar(operation), operation)
    let temporary = try SM2Curve.Number(ephemeral.scalar, operation)
    // t = d + x̄ r mod n
    let factor = try curve.combined(
      lasting, try reduced(ephemeral.publicPoint, operation), temporary)
    // U = t (P + x̄ R); the cofactor is 1.
    let peerEphemeral = try curve.point(peer.ephemeralPoint)
    let scaled = try curve.product(peerEphemeral, try reduced(peer.ephemeralPoint, operation))
    let base = try curve.sum(try curve.point(peer.publicPoint), scaled)
    let shared = try curve.bytes(of: try curve.product(base, factor))
    let own = try curve.bytes(of: try curve.base(times: lasting))
    let ownZ = try SM2.identityDigest(publicPoint: own, identity: identity)
    let peerZ = try SM2.identityDigest(publicPoint: peer.publicPoint, identity: identity)
    return try derive(
      shared.dropFirst() + (isInitiator ? ownZ + peerZ : peerZ + ownZ), length: length)
  }

  /// x̄: 2^127 plus the low 127 bits of the point's x coordinate.
  private static func reduced(
    _ point: [UInt8], _ operation: String
  ) throws(CryptoError) -> SM2Curve.Number {
    guard point.count == SM2Curve.pointLength else {
      throw CryptoError(operation: operation, detail: "a point of \(point.count) bytes")
    }
    var low = Array(point[17..<33])
    low[0] |= 0x80
    return try SM2Curve.Number(low, operation)
  }

  /// The key derivation function of GB/T 32918.3 5.4.3: SM3 over the input and a counter from 1.
  private static func derive(
    _ input: [UInt8], length: Int
  ) throws(CryptoError) -> [UInt8] {
    var output: [UInt8] = []
    var counter: UInt32 = 1
    while output.count < length {
      let number = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: counter >> UInt32($0)) }
      output += try SM3.digest(input + number)
      counter += 1
    }
    return Array(output.prefix(length))
  }
}

extension SM2 {
  /// Z (GB/T 32918.2 5.5): SM3 over the length of the identity in bits, the identity, the curve and the key.
  package static func identityDigest(
    publicPoint: [UInt8], identity: String = defaultIdentity
  ) throws(CryptoError) -> [UInt8] {
    let name = Array(identity.utf8)
    guard publicPoint.count == SM2Curve.pointLength, name.count < 1 << 13 else {
      throw CryptoError(
        operation: "computing Z",
        detail: "a point of \(publicPoint.count) bytes, an identity of \(name.count); "
          + "65 and less than 8192 expected")
    }
    let bits = name.count * 8
    let header = [UInt8(bits >> 8), UInt8(bits & 0xFF)] + name
    let curve = try SM2Curve("computing Z")
    return try SM3.digest(header + curve.parameters() + publicPoint.dropFirst())
  }

  /// `04 X Y` of an SM2 key given as SubjectPublicKeyInfo.
  package static func publicPoint(
    ofSubjectPublicKeyInfo der: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    let operation = "reading an SM2 public key"
    let key = try PublicKeyHandle(subjectPublicKeyInfo: der, operation)
    guard EVP_PKEY_is_a(key.pointer, "SM2") == 1 else {
      throw CryptoError(operation: operation, detail: "the key is not an SM2 key")
    }
    var output: UnsafeMutablePointer<UInt8>?
    let length = EVP_PKEY_get1_encoded_public_key(key.pointer, &output)
    guard length > 0, let output else { throw CryptoError.drained(operation) }
    defer { miping_free(output) }
    let encoded = Array(UnsafeBufferPointer(start: output, count: length))
    guard encoded.count == SM2Curve.pointLength, encoded.first == 4 else {
      throw CryptoError(
        operation: operation, detail: "a point of \(encoded.count) bytes, 65 expected")
    }
    return encoded
  }
}

extension PrivateKeyHandle {
  /// The secret number of an SM2 key, 32 bytes.
  fileprivate func sm2Scalar(_ operation: String) throws(CryptoError) -> [UInt8] {
    guard EVP_PKEY_is_a(pointer, "SM2") == 1 else {
      throw CryptoError(operation: operation, detail: "the key is not an SM2 key")
    }
    var found: OpaquePointer?
    try require(EVP_PKEY_get_bn_param(pointer, "priv", &found), operation)
    guard let found else { throw CryptoError.drained(operation) }
    defer { BN_clear_free(found) }
    var bytes = [UInt8](repeating: 0, count: 32)
    guard BN_bn2binpad(found, &bytes, Int32(bytes.count)) == 32 else {
      throw CryptoError.drained(operation)
    }
    return bytes
  }
}
