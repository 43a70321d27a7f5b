import NationalCrypto

/// Whether a TLS server proved that it holds the key of its certificate.
enum HandshakeSignature {
  /// - Returns: `nil` when the flight carries no signature that can be checked: static RSA, anonymous
  ///   suites, an unknown scheme, a certificate that could not be read.
  static func isValid(
    _ flight: ServerFlight, leaf: Certificate?, clientRandom: [UInt8]
  ) -> Bool? {
    guard let hello = flight.hello, let leaf else { return nil }
    if let proof = flight.verification {
      return check(proof.signature, proof.content, proof.scheme, leaf)
    }
    guard let exchange = flight.keyExchange, let signature = exchange.signature else { return nil }
    let content = clientRandom + hello.random + exchange.parameters
    if let scheme = exchange.scheme { return check(signature, content, scheme, leaf) }
    guard let valid = try? SignatureCheck.isValidBeforeTLS12(signature, over: content, by: leaf)
    else { return nil }
    return valid
  }

  private static func check(
    _ signature: [UInt8], _ content: [UInt8], _ scheme: SignatureScheme, _ leaf: Certificate
  ) -> Bool? {
    if scheme == .sm2 {
      // RFC 8998 3.2.1 gives TLS 1.3 an identity of its own.
      return try? SM2.verify(
        signature: signature, message: content, publicKeyOf: leaf,
        identity: "TLSv1.3+GM+Cipher+Suite")
    }
    guard
      let valid = try? SignatureCheck.isValid(signature, over: content, scheme: scheme, by: leaf)
    else { return nil }
    return valid
  }
}
