internal import COpenSSL

/// Private keys under a password (口令保护的私钥): opened only to describe them, wiped at once.
package enum ProtectedKey {
  /// A password's derivation may cost this many rounds; dearer ones are refused, since a hostile file could
  /// ask for hours.
  package static let maximumRounds = 5_000_000

  /// Describes the key inside a PKCS#8 EncryptedPrivateKeyInfo; `nil` when `password` does not open it.
  package static func describe(
    encryptedPrivateKeyInfo der: [UInt8], password: [UInt8]
  ) -> KeyDescription? {
    var outer = DERReader(der)
    guard let element = try? outer.next(.sequence), isEncryptedPrivateKeyInfo(element),
      isAffordable(element)
    else { return nil }
    LegacyAlgorithms.load()
    defer { clearErrorQueue() }
    let signed = der.withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      return d2i_X509_SIG(nil, &next, buffer.count)
    }
    guard let signed else { return nil }
    defer { X509_SIG_free(signed) }
    return describe(signed, password: password)
  }

  static func describe(_ protected: OpaquePointer, password: [UInt8]) -> KeyDescription? {
    let opened = withCharacters(password) { PKCS8_decrypt(protected, $0, Int32($1)) }
    guard let opened else { return nil }
    defer { PKCS8_PRIV_KEY_INFO_free(opened) }
    return describe(privateKeyInfo: opened)
  }

  static func describe(privateKeyInfo opened: OpaquePointer) -> KeyDescription? {
    var der = encoded { i2d_PKCS8_PRIV_KEY_INFO(opened, $0) }
    defer { wipe(&der) }
    return description(of: der)
  }

  private static func description(of der: [UInt8]) -> KeyDescription? {
    var reader = DERReader(der)
    guard let element = try? reader.next(.sequence) else { return nil }
    return try? KeyDescription(privateKeyInfo: element)
  }

  /// Describes a key of a PEM block with `Proc-Type: 4,ENCRYPTED` (RFC 1421); `nil` when not opened.
  ///
  /// - Parameter information: the value of its `DEK-Info` header, `AES-256-CBC,HEX`.
  package static func describe(
    legacy der: [UInt8], information: String, password: [UInt8]
  ) -> KeyDescription? {
    guard information.utf8.count <= 128, der.count <= 1 << 20 else { return nil }
    LegacyAlgorithms.load()
    defer { clearErrorQueue() }
    var cipher = EVP_CIPHER_INFO()
    var header = Array("Proc-Type: 4,ENCRYPTED\nDEK-Info: \(information)\n".utf8CString)
    guard PEM_get_EVP_CIPHER_INFO(&header, &cipher) == 1 else { return nil }
    var data = der
    defer { wipe(&data) }
    var length = der.count
    let result = withCharacters(password) { characters, count in
      var secret = PasswordText(characters: characters, count: count)
      return data.withUnsafeMutableBufferPointer { data in
        PEM_do_header(&cipher, data.baseAddress, &length, PasswordText.callback, &secret)
      }
    }
    guard result == 1, (0...data.count).contains(length) else { return nil }
    // A wrong password passes the padding check once in 256 times; the structure decides.
    return traditional(data[..<length])
  }

  private static func traditional(_ der: ArraySlice<UInt8>) -> KeyDescription? {
    var reader = DERReader(der)
    guard let element = try? reader.next(.sequence), reader.isAtEnd else { return nil }
    return try? KeyDescription(traditionalPrivateKey: element)
  }

  /// SEQUENCE { AlgorithmIdentifier of a password-based encryption, OCTET STRING }.
  package static func isEncryptedPrivateKeyInfo(_ element: DERElement) -> Bool {
    guard element.has(.sequence) else { return false }
    var reader = element.reader
    guard let first = try? reader.next(.sequence),
      let algorithm = try? AlgorithmIdentifier(first), algorithm.parameters != nil,
      let data = try? reader.next(.octetString), data.content.count >= 8, reader.isAtEnd
    else { return false }
    // PKCS#5 and PKCS#12 encryption schemes.
    return algorithm.dotted.hasPrefix("1.2.840.113549.1.5.")
      || algorithm.dotted.hasPrefix("1.2.840.113549.1.12.1.")
  }

  private static func isAffordable(_ element: DERElement) -> Bool {
    var reader = element.reader
    guard let first = try? reader.next(.sequence) else { return false }
    return isAffordable(encryption: first)
  }

  /// Whether the password derivation of an AlgorithmIdentifier is within `maximumRounds`.
  static func isAffordable(encryption element: DERElement) -> Bool {
    guard let algorithm = try? AlgorithmIdentifier(element), let parameters = algorithm.parameters,
      parameters.has(.sequence)
    else { return false }
    var reader = parameters.reader
    if algorithm.dotted == "1.2.840.113549.1.5.13" {
      guard let derivation = try? reader.next(.sequence) else { return false }
      return isAffordable(encryption: derivation)
    }
    // PBKDF2 and the older schemes: salt, rounds. scrypt: salt, then N, r and p, whose product counts.
    guard (try? reader.next()) != nil else { return false }
    var rounds = 1
    let factors = algorithm.dotted == "1.3.6.1.4.1.11591.4.11" ? 3 : 1
    for _ in 0..<factors {
      guard let factor = try? reader.next(.integer).smallInteger else { return false }
      let (product, overflow) = rounds.multipliedReportingOverflow(by: factor)
      guard !overflow, product <= maximumRounds else { return false }
      rounds = product
    }
    return true
  }

  /// Calls `body` with the password as C characters, also when it is empty.
  static func withCharacters<Value>(
    _ password: [UInt8], _ body: (UnsafePointer<CChar>, Int) -> Value
  ) -> Value {
    var terminated = password.map { CChar(bitPattern: $0) } + [0]
    defer { terminated.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) } }
    return body(terminated, password.count)
  }

  /// The DER that an `i2d` function gives, empty on failure; libcrypto's copy is wiped.
  static func encoded(
    _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>) -> Int32
  ) -> [UInt8] {
    var output: UnsafeMutablePointer<UInt8>?
    let length = Int(encode(&output))
    guard length > 0, let output else { return [] }
    defer {
      OPENSSL_cleanse(output, length)
      miping_free(output)
    }
    return Array(UnsafeBufferPointer(start: output, count: length))
  }
}

/// The password as libcrypto's callback is handed it.
private struct PasswordText {
  var characters: UnsafePointer<CChar>
  var count: Int

  static let callback:
    @convention(c) (
      UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?
    ) -> Int32 = { buffer, size, _, data in
      guard let buffer, let text = data?.assumingMemoryBound(to: PasswordText.self).pointee,
        text.count <= Int(size)
      else { return -1 }
      buffer.update(from: text.characters, count: text.count)
      return Int32(text.count)
    }
}

/// RC2, DES and others that old containers are made with; libcrypto keeps them apart.
enum LegacyAlgorithms {
  private static let isLoaded = OSSL_PROVIDER_try_load(nil, "legacy", 1) != nil

  /// Makes them known where they are installed; without them such containers stay closed.
  static func load() {
    if !isLoaded { clearErrorQueue() }
  }
}
