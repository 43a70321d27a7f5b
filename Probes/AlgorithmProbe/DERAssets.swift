import Bytes
import NationalCrypto

/// Tells what a DER value is by its structure.
struct DERAssets {
  /// What a value turned out to be.
  enum Recognition {
    case assets([Asset])
    /// A PKCS#12 container: it may be opened.
    case container
    /// An encrypted PKCS#8 key: it may be opened.
    case encryptedKey
    /// Like `what`, but broken.
    case broken(what: String, reason: String)
    case nothing
  }

  var place: Asset.Place

  func recognise(_ element: DERElement) -> Recognition {
    guard element.has(.sequence) else { return .nothing }
    if ProtectedKey.isEncryptedPrivateKeyInfo(element) { return .encryptedKey }
    if isPKCS12(element) { return .container }
    if let assets = signed(element) { return assets }
    if let assets = key(element) { return .assets(assets) }
    return messageContainer(element) ?? .nothing
  }

  /// SEQUENCE { SEQUENCE body, AlgorithmIdentifier, BIT STRING }: certificate, CRL or CSR.
  private func signed(_ element: DERElement) -> Recognition? {
    var reader = element.reader
    guard let body = try? reader.next(.sequence), let second = try? reader.next(.sequence),
      let identifier = try? AlgorithmIdentifier(second),
      (try? reader.next(.bitString)) != nil, reader.isAtEnd
    else { return nil }
    let signature = Asset.Signature(identifier)
    if let request = request(body, element, signature) { return .assets([request]) }
    if let list = revocationList(body, element, signature) { return .assets([list]) }
    do throws(CryptoError) {
      let certificate = try Certificate(der: Array(element.encoded))
      return .assets([asset(certificate)])
    } catch { return .broken(what: "certificate", reason: error.detail) }
  }

  func asset(_ certificate: Certificate) -> Asset {
    Asset(
      .certificate, key: certificate.key, signature: Asset.Signature(of: certificate),
      notBefore: certificate.notBefore, notAfter: certificate.notAfter,
      sha256: certificate.sha256, place: place, certificate: certificate)
  }

  /// CertificationRequestInfo (RFC 2986): INTEGER 0, Name, SubjectPublicKeyInfo, [0] attributes.
  private func request(
    _ body: DERElement, _ whole: DERElement, _ signature: Asset.Signature
  ) -> Asset? {
    var reader = body.reader
    guard let version = try? reader.next(.integer), version.smallInteger == 0,
      (try? reader.next(.sequence)) != nil, let publicKey = try? reader.next(.sequence),
      let key = try? KeyDescription(subjectPublicKeyInfo: publicKey),
      (try? reader.nextIf(.constructed(0))) != nil || reader.isAtEnd, reader.isAtEnd,
      let sha256 = fingerprint(whole)
    else { return nil }
    var signature = signature
    // A request is signed with the key it asks a certificate for.
    signature.signerStrength = Strength(key: key)
    return Asset(.csr, key: key, signature: signature, sha256: sha256, place: place)
  }

  /// TBSCertList (RFC 5280 5.1): INTEGER?, AlgorithmIdentifier, Name, Time, Time?, entries?, [0]?.
  private func revocationList(
    _ body: DERElement, _ whole: DERElement, _ signature: Asset.Signature
  ) -> Asset? {
    var reader = body.reader
    guard (try? reader.nextIf(.integer)) != nil || reader.nextTag == DERTag.sequence.rawValue,
      let first = try? reader.next(.sequence), (try? AlgorithmIdentifier(first)) != nil,
      (try? reader.next(.sequence)) != nil, let issued = try? reader.next(),
      let notBefore = CertificateTime.text(issued), let sha256 = fingerprint(whole)
    else { return nil }
    var asset = Asset(
      .crl, signature: signature, notBefore: notBefore, sha256: sha256, place: place)
    if reader.nextTag == DERTag.utcTime.rawValue
      || reader.nextTag == DERTag.generalizedTime.rawValue, let next = try? reader.next()
    {
      asset.notAfter = CertificateTime.text(next)
    }
    return asset
  }

  private func key(_ element: DERElement) -> [Asset]? {
    guard let sha256 = fingerprint(element) else { return nil }
    if let key = (try? KeyDescription(privateKeyInfo: element))
      ?? (try? KeyDescription(traditionalPrivateKey: element))
    {
      return [Asset(.privateKey, key: key, protection: .clear, sha256: sha256, place: place)]
    }
    if let key = (try? KeyDescription(subjectPublicKeyInfo: element))
      ?? (try? KeyDescription(rsaPublicKey: element))
    {
      return [Asset(.publicKey, key: key, sha256: sha256, place: place)]
    }
    return nil
  }

  /// SEQUENCE { 3, ContentInfo, MacData? } (RFC 7292).
  private func isPKCS12(_ element: DERElement) -> Bool {
    var reader = element.reader
    guard (try? reader.next(.integer))?.smallInteger == 3,
      let content = try? reader.next(.sequence)
    else { return false }
    var fields = content.reader
    guard let type = try? fields.next(.objectIdentifier),
      let dotted = ObjectIdentifier.dotted(type)
    else { return false }
    return dotted == "1.2.840.113549.1.7.1" || dotted == "1.2.840.113549.1.7.2"
  }

  /// ContentInfo of PKCS#7 and GM/T 0010: signed data gives its certificates, enveloped data is closed.
  private func messageContainer(_ element: DERElement) -> Recognition? {
    var reader = element.reader
    guard let type = try? reader.next(.objectIdentifier),
      let dotted = ObjectIdentifier.dotted(type),
      let wrapped = try? reader.next(.constructed(0)), reader.isAtEnd,
      let sha256 = fingerprint(element)
    else { return nil }
    switch dotted {
    case "1.2.840.113549.1.7.2", "1.2.156.10197.6.1.4.2.2":
      let members = certificates(inSignedData: wrapped)
      if !members.isEmpty { return .assets(members) }
      return .assets([Asset(.container, protection: .clear, sha256: sha256, place: place)])
    case "1.2.840.113549.1.7.3", "1.2.840.113549.1.7.6", "1.2.156.10197.6.1.4.2.3",
      "1.2.156.10197.6.1.4.2.5":
      return .assets([Asset(.container, protection: .encrypted, sha256: sha256, place: place)])
    default: return nil
    }
  }

  /// SignedData (RFC 2315 9.1): INTEGER, SET, SEQUENCE, [0] certificates?, [1] CRLs?, SET.
  private func certificates(inSignedData wrapped: DERElement) -> [Asset] {
    var outer = wrapped.reader
    guard var fields = try? outer.next(.sequence).reader, (try? fields.next(.integer)) != nil,
      (try? fields.next(.set)) != nil, (try? fields.next(.sequence)) != nil,
      let list = try? fields.nextIf(.constructed(0))
    else { return [] }
    var certificates = list.reader
    var assets: [Asset] = []
    while let element = try? certificates.next(.sequence) {
      guard let certificate = try? Certificate(der: Array(element.encoded)) else { continue }
      var asset = asset(certificate)
      asset.place.member = assets.count
      assets.append(asset)
    }
    return assets
  }

  private func fingerprint(_ element: DERElement) -> String? {
    // No memory for the digest is the one way this fails; the value is then no asset that can be named.
    (try? SHA256.digest(Array(element.encoded))).map { hexadecimal($0) }
  }
}
