import COpenSSL
import NationalCrypto

/// A certificate made for one run of the bank.
final class DemoCertificate: Sendable {
  /// What to certify. All names are fictitious.
  struct Request: Sendable {
    /// Common name of the subject; host names are under `.test`.
    var name: String
    var key: DemoKey
    /// Seconds since 1970.
    var notBefore: Double
    var notAfter: Double
    /// In libcrypto's names, e.g. `critical,digitalSignature`.
    var usage: String
    var isIssuer = false
    /// Signs with SHA-1, as certificates did until about 2015. SM2 always signs with SM3.
    var usesSHA1 = false
  }

  /// Who signs: a name and a key.
  struct Issuer: Sendable {
    var name: String
    var key: DemoKey
  }

  /// Not changed after it is made; libcrypto counts its users in a way safe for threads.
  nonisolated(unsafe) let pointer: OpaquePointer

  init(_ request: Request, issuer: Issuer) throws(DemoError) {
    ERR_clear_error()
    guard let pointer = X509_new() else { throw .libcrypto(Self.operation) }
    self.pointer = pointer
    // Version 3 is written as 2 (RFC 5280, 4.1.2.1).
    try require(X509_set_version(pointer, 2) == 1, Self.operation)
    try Self.setSerial(pointer)
    try Self.set(request.notBefore, X509_getm_notBefore(pointer))
    try Self.set(request.notAfter, X509_getm_notAfter(pointer))
    try Self.add(request.name, to: X509_get_subject_name(pointer))
    try Self.add(issuer.name, to: X509_get_issuer_name(pointer))
    try require(X509_set_pubkey(pointer, request.key.pointer) == 1, Self.operation)
    try Self.add(NID_basic_constraints, request.isIssuer ? "critical,CA:TRUE" : "CA:FALSE", pointer)
    try Self.add(NID_key_usage, request.usage, pointer)
    if !request.isIssuer, request.name.hasSuffix(".test") {
      try Self.add(NID_subject_alt_name, "DNS:\(request.name)", pointer)
    }
    try Self.sign(pointer, with: issuer.key, usesSHA1: request.usesSHA1)
  }

  deinit { X509_free(pointer) }

  func pem() throws(DemoError) -> [UInt8] {
    let text = try MemoryText("writing a certificate")
    try require(PEM_write_bio_X509(text.bio, pointer) == 1, "writing a certificate")
    return text.contents()
  }

  private static let operation = "making a certificate"

  /// 63 random bits: positive, and different in every run.
  private static func setSerial(_ certificate: OpaquePointer) throws(DemoError) {
    let serial = UInt64.random(in: 1...UInt64.max >> 1)
    try require(
      ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial) == 1, operation)
  }

  private static func set(
    _ seconds: Double, _ time: UnsafeMutablePointer<ASN1_TIME>?
  ) throws(DemoError) {
    try require(ASN1_TIME_set(time, DemoDays.whole(seconds)) != nil, operation)
  }

  /// `C=CN, O=示例 CA` or the bank, then the common name.
  private static func add(_ name: String, to entry: OpaquePointer?) throws(DemoError) {
    let organisation = name == Self.issuerName ? name : "示例银行（虚构）"
    for (field, value) in [("C", "CN"), ("O", organisation), ("CN", name)] {
      let bytes = Array(value.utf8)
      let status = X509_NAME_add_entry_by_txt(
        entry, field, MBSTRING_UTF8, bytes, Int32(bytes.count), -1, 0)
      try require(status == 1, operation)
    }
  }

  static let issuerName = "示例 CA"

  private static func add(
    _ kind: Int32, _ value: String, _ certificate: OpaquePointer
  ) throws(DemoError) {
    guard let part = X509V3_EXT_conf_nid(nil, nil, kind, value) else { throw .libcrypto(operation) }
    defer { X509_EXTENSION_free(part) }
    try require(X509_add_ext(certificate, part, -1) == 1, operation)
  }

  private static func sign(
    _ certificate: OpaquePointer, with key: DemoKey, usesSHA1: Bool
  ) throws(DemoError) {
    guard let digest = EVP_MD_CTX_new() else { throw .libcrypto(operation) }
    defer { EVP_MD_CTX_free(digest) }
    guard let context = EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil) else {
      throw .libcrypto(operation)
    }
    defer { EVP_PKEY_CTX_free(context) }
    if key.kind.isSM2 {
      let identity = Array(SM2.defaultIdentity.utf8)
      try require(
        EVP_PKEY_CTX_set1_id(context, identity, Int32(identity.count)) == 1, operation)
    }
    EVP_MD_CTX_set_pkey_ctx(digest, context)
    let algorithm = key.kind.isSM2 ? EVP_sm3() : usesSHA1 ? EVP_sha1() : EVP_sha256()
    try require(EVP_DigestSignInit(digest, nil, algorithm, nil, key.pointer) == 1, operation)
    try require(X509_sign_ctx(certificate, digest) > 0, operation)
  }
}
