import COpenSSL
import NationalCrypto

/// A key pair made for one run of the bank.
final class DemoKey: Sendable {
  enum Kind: Sendable, Hashable {
    case rsa(bits: Int32)
    case p256
    case sm2

    var isSM2: Bool { self == .sm2 }
  }

  let kind: Kind
  /// Not changed after it is made; libcrypto counts its users in a way safe for threads.
  nonisolated(unsafe) let pointer: OpaquePointer

  init(_ kind: Kind) throws(DemoError) {
    let operation = "making a key"
    let name =
      switch kind {
      case .rsa: "RSA"
      case .p256: "EC"
      case .sm2: "SM2"
      }
    ERR_clear_error()
    guard let context = EVP_PKEY_CTX_new_from_name(nil, name, nil) else {
      throw .libcrypto(operation)
    }
    defer { EVP_PKEY_CTX_free(context) }
    try require(EVP_PKEY_keygen_init(context) == 1, operation)
    switch kind {
    case .rsa(let bits):
      try require(EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits) == 1, operation)
    case .p256:
      try require(EVP_PKEY_CTX_set_group_name(context, "P-256") == 1, operation)
    case .sm2: break
    }
    var made: OpaquePointer?
    let status = EVP_PKEY_generate(context, &made)
    guard status == 1, let made else { throw .libcrypto(operation) }
    self.kind = kind
    pointer = made
  }

  deinit { EVP_PKEY_free(pointer) }

  /// The private key as PEM, PKCS#8.
  ///
  /// - Parameter password: with it the key is encrypted (PBES2, AES-256-CBC); `nil` leaves it in clear.
  func privatePEM(password: String?) throws(DemoError) -> [UInt8] {
    let operation = "writing a private key"
    let text = try MemoryText(operation)
    let characters = (password ?? "").utf8.map { CChar(bitPattern: $0) }
    let status = characters.withUnsafeBufferPointer { characters in
      PEM_write_bio_PKCS8PrivateKey(
        text.bio, pointer, password == nil ? nil : EVP_aes_256_cbc(),
        password == nil ? nil : characters.baseAddress, Int32(characters.count), nil, nil)
    }
    try require(status == 1, operation)
    return text.contents()
  }
}
