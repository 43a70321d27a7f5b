import NationalCrypto

/// Whether a TLCP server proved that it holds its signing key (密钥交换签名).
enum TLCPKeyExchange {
  /// By position: the first certificate signs, the second is what ECC and RSA suites sign.
  ///
  /// - Returns: `nil` without ServerKeyExchange, and for suites whose signature is of another kind
  ///   (SM9); false with one leaf only and with a key type other than the suite's.
  static func isSignatureValid(
    _ flight: ServerFlight, chain: [Certificate], clientRandom: [UInt8]
  ) -> Bool? {
    guard let hello = flight.hello, let exchange = flight.keyExchange,
      let signature = exchange.signature, let parts = hello.suite.parts
    else { return nil }
    guard parts.authentication == .sm2 || parts.authentication == .rsa else { return nil }
    guard let signer = chain.first, chain.count > 1, !chain[1].isCA else { return false }
    guard signer.keyAlgorithm == parts.authentication.rawValue,
      chain[1].keyAlgorithm == parts.authentication.rawValue
    else { return false }
    var content = ByteWriter()
    content.append(clientRandom + hello.random)
    if parts.keyExchange == .sm2Agreement {
      content.append(exchange.parameters)
    } else {
      content.vector(3) { $0.append(chain[1].der) }
    }
    if parts.authentication == .sm2 {
      return
        (try? SM2.verify(
          signature: signature, message: content.bytes, publicKeyOf: signer)) ?? false
    }
    // RSA suites are signed with SHA-256 by the peers known, also where the suite says SM3.
    return
      (try? SignatureCheck.isValid(
        signature, over: content.bytes, scheme: SignatureScheme(rawValue: 0x0401), by: signer))
      ?? false
  }
}
