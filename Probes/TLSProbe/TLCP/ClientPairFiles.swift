import AssessmentModel
import NationalCrypto
import ProbeKit

extension ClientPair {
  /// The names of the four parameters; a pair needs all.
  enum Parameter: String, CaseIterable {
    case signCertificate = "client-sign-certificate"
    case signKey = "client-sign-key"
    case encryptionCertificate = "client-encryption-certificate"
    case encryptionKey = "client-encryption-key"
  }

  /// The pair that `parameters` refer to; `nil` when they name none of it.
  ///
  /// The signing certificate's file may go on with the issuers. Each key must fit its certificate.
  static func read(_ parameters: [String: FactValue]) throws(ParameterError) -> ClientPair? {
    guard Parameter.allCases.contains(where: { parameters[$0.rawValue] != nil }) else { return nil }
    let chain = try certificates(.signCertificate, parameters)
    let encryption = try certificates(.encryptionCertificate, parameters)
    guard let first = chain.first, let second = encryption.first else {
      throw ParameterError(
        parameter: Parameter.signCertificate.rawValue, reason: "no certificate in the file")
    }
    let signKey = try key(.signKey, of: first, parameters)
    let encryptionKey = try key(.encryptionKey, of: second, parameters)
    // A bundle of the pair and its issuers serves for either file.
    let issuers = (chain.dropFirst() + encryption.dropFirst()).filter(\.isCA)
    return ClientPair(
      signCertificate: first.der, encryptionCertificate: second.der,
      issuers: issuers.reduce(into: []) { list, issuer in
        if !list.contains(issuer.der) { list.append(issuer.der) }
      },
      sign: { (message, identity) throws(CryptoError) in
        try SM2.sign(message, privateKeyPEM: signKey, identity: identity)
      },
      agree: { (ephemeral, peer) throws(CryptoError) in
        try SM2KeyAgreement.secret(
          privateKeyPEM: encryptionKey, ephemeral: ephemeral, peer: peer, isInitiator: false,
          length: 48)
      })
  }

  private static func bytes(
    _ name: Parameter, _ parameters: [String: FactValue]
  ) throws(ParameterError) -> [UInt8] {
    guard let reference = parameters[name.rawValue]?.text else {
      throw ParameterError(
        parameter: name.rawValue, reason: "a client pair needs all four files, this one is missing")
    }
    guard let bytes = ReferencedFile.read(reference) else {
      // The reference is not repeated: it may be a secret put in its place by mistake.
      throw ParameterError(
        parameter: name.rawValue, reason: "cannot be read; file:PATH or env:NAME expected")
    }
    return bytes
  }

  private static func certificates(
    _ name: Parameter, _ parameters: [String: FactValue]
  ) throws(ParameterError) -> [Certificate] {
    let bytes = try bytes(name, parameters)
    do throws(CryptoError) { return try ReferencedFile.certificates(bytes) } catch {
      throw ParameterError(parameter: name.rawValue, reason: error.description)
    }
  }

  private static func key(
    _ name: Parameter, of certificate: Certificate, _ parameters: [String: FactValue]
  ) throws(ParameterError) -> [UInt8] {
    let pem = try bytes(name, parameters)
    let belongs: Bool
    do throws(CryptoError) {
      belongs =
        try SM2.publicPoint(
          ofSubjectPublicKeyInfo: SM2.subjectPublicKeyInfo(ofPrivateKeyPEM: pem))
        == SM2.publicPoint(ofSubjectPublicKeyInfo: certificate.subjectPublicKeyInfo)
    } catch {
      throw ParameterError(
        parameter: name.rawValue, reason: "no clear SM2 key in PEM that fits an SM2 certificate")
    }
    guard belongs else {
      throw ParameterError(
        parameter: name.rawValue, reason: "the key is not that of the certificate")
    }
    return pem
  }
}
