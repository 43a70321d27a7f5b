import NationalCrypto

/// What a client shows of itself in mutual TLCP (客户端双证书): two certificates, and what their keys can do.
/// The keys themselves are held by the closures, so that nothing can print them.
struct ClientPair: Sendable {
  /// DER.
  var signCertificate: [UInt8]
  var encryptionCertificate: [UInt8]
  /// Certificates above, the nearest first; a root may be left out.
  var issuers: [[UInt8]] = []
  /// An SM2 signature with the identity given, as DER.
  var sign: @Sendable (_ message: [UInt8], _ identity: String) throws(CryptoError) -> [UInt8]
  /// The premaster secret of an ECDHE suite: 48 bytes of the SM2 key agreement, in which the client answers.
  var agree: @Sendable (SM2EphemeralKey, SM2KeyAgreement.Peer) throws(CryptoError) -> [UInt8]

  /// The list under a suite: GmSSL takes no encryption certificate where its key is not used.
  func chain(withEncryption: Bool) -> [[UInt8]] {
    [signCertificate] + (withEncryption ? [encryptionCertificate] : []) + issuers
  }
}

/// What products make of two places the standard's text leaves them (实现差异).
enum TLCPDialect: String, Sendable, Hashable, CaseIterable {
  /// ClientKeyExchange of ECDHE without an outer length; CertificateVerify signs the SM3 of the messages.
  case tongsuo
  /// With an outer length of two bytes; CertificateVerify signs the messages themselves.
  case gmssl
  /// By the letter: the outer length, and the SM3 of the messages.
  case standard

  var countsKeyExchange: Bool { self != .tongsuo }
  var signsDigest: Bool { self != .gmssl }
}

/// A pair, and the dialect it is shown in.
struct ShownPair: Sendable {
  var pair: ClientPair
  var dialect: TLCPDialect
}
