internal import COpenSSL
package import NationalCrypto

/// One PIN key (PIN密钥) ready for use: raw cipher blocks and PIN blocks under it.
///
/// Owns two contexts of libcrypto, which wipes the key when they are freed. Words are big-endian: the first
/// byte of a block is its highest.
package struct PINKeyCipher: ~Copyable {
  package let algorithm: PINAlgorithm
  private let encipherer: OpaquePointer
  private let decipherer: OpaquePointer

  /// Refuses a key of another length than the algorithm has.
  package init(_ algorithm: PINAlgorithm, key: [UInt8]) throws(CryptoError) {
    let operation = "setting up a \(algorithm.rawValue) key"
    guard key.count == algorithm.keyLength else {
      throw CryptoError(
        operation: operation,
        detail: "\(key.count) bytes found, \(algorithm.keyLength) expected")
    }
    var schedule = PINKeyCipher.schedule(algorithm, key)
    defer { wipe(&schedule) }
    let encipherer = try PINKeyCipher.context(algorithm, schedule, isEnciphering: 1, operation)
    do throws(CryptoError) {
      decipherer = try PINKeyCipher.context(algorithm, schedule, isEnciphering: 0, operation)
    } catch {
      EVP_CIPHER_CTX_free(encipherer)
      throw error
    }
    self.encipherer = encipherer
    self.algorithm = algorithm
  }

  deinit {
    EVP_CIPHER_CTX_free(encipherer)
    EVP_CIPHER_CTX_free(decipherer)
  }

  /// DES is TDEA with three equal keys and TDEA with two keys repeats the first, so one cipher of the
  /// default provider serves all three.
  private static func schedule(_ algorithm: PINAlgorithm, _ key: [UInt8]) -> [UInt8] {
    switch algorithm {
    case .des: key + key + key
    case .tdes2: key + key.prefix(8)
    case .tdes3, .aes128, .aes192, .aes256, .sm4: key
    }
  }

  private static func context(
    _ algorithm: PINAlgorithm, _ key: [UInt8], isEnciphering: CInt, _ operation: String
  ) throws(CryptoError) -> OpaquePointer {
    let method: OpaquePointer? =
      switch algorithm {
      case .des, .tdes2, .tdes3: EVP_des_ede3_ecb()
      case .aes128: EVP_aes_128_ecb()
      case .aes192: EVP_aes_192_ecb()
      case .aes256: EVP_aes_256_ecb()
      case .sm4: EVP_sm4_ecb()
      }
    guard let context = EVP_CIPHER_CTX_new() else { throw refusal(operation) }
    guard EVP_CipherInit_ex2(context, method, key, nil, isEnciphering, nil) == 1,
      EVP_CIPHER_CTX_set_padding(context, 0) == 1
    else {
      EVP_CIPHER_CTX_free(context)
      throw refusal(operation)
    }
    return context
  }

  /// The oldest reason libcrypto queued; the queue is empty afterwards.
  private static func refusal(_ operation: String) -> CryptoError {
    let code = ERR_get_error()
    ERR_clear_error()
    let reason = code == 0 ? nil : miping_error_reason(code).map { String(cString: $0) }
    return CryptoError(operation: operation, detail: reason ?? "libcrypto gave no reason")
  }

  /// One block of 8 bytes. The algorithm's block must have that length.
  package func encipher(_ block: UInt64) throws(CryptoError) -> UInt64 {
    UInt64(bigEndian: try transform(block.bigEndian, encipherer, "enciphering"))
  }

  package func decipher(_ block: UInt64) throws(CryptoError) -> UInt64 {
    UInt64(bigEndian: try transform(block.bigEndian, decipherer, "deciphering"))
  }

  /// One block of 16 bytes. The algorithm's block must have that length.
  package func encipher(_ block: UInt128) throws(CryptoError) -> UInt128 {
    UInt128(bigEndian: try transform(block.bigEndian, encipherer, "enciphering"))
  }

  package func decipher(_ block: UInt128) throws(CryptoError) -> UInt128 {
    UInt128(bigEndian: try transform(block.bigEndian, decipherer, "deciphering"))
  }

  private func transform<Word: FixedWidthInteger>(
    _ word: Word, _ context: OpaquePointer, _ action: String
  ) throws(CryptoError) -> Word {
    let length = Word.bitWidth / 8
    guard length == algorithm.blockLength else {
      throw CryptoError(
        operation: "\(action) with \(algorithm.rawValue)",
        detail: "a block of \(length) bytes, \(algorithm.blockLength) expected")
    }
    var input = word
    // Room for one block more: libcrypto may hold one back and hand it over later.
    var output: (Word, Word) = (0, 0)
    var written: CInt = 0
    let result = withUnsafeBytes(of: &input) { input in
      withUnsafeMutableBytes(of: &output) { output in
        EVP_CipherUpdate(
          context, output.bindMemory(to: UInt8.self).baseAddress, &written,
          input.bindMemory(to: UInt8.self).baseAddress, CInt(length))
      }
    }
    guard result == 1, written == length else {
      throw PINKeyCipher.refusal("\(action) with \(algorithm.rawValue)")
    }
    return output.0
  }

  /// The key check value (密钥校验值): the first three bytes of an enciphered block of zeros.
  package func checkValue() throws(CryptoError) -> [UInt8] {
    Array(try encipheredZeros().prefix(3))
  }

  /// A block of zeros under this key; equal for keys that encipher alike.
  package func encipheredZeros() throws(CryptoError) -> [UInt8] {
    algorithm.blockLength == 8
      ? bytes(of: try encipher(UInt64(0))) : bytes(of: try encipher(UInt128(0)))
  }
}

/// The bytes of a word, highest first.
func bytes(of word: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: word.bigEndian) { Array($0) }
}

/// The word whose bytes these are, highest first; `nil` unless they are exactly as many.
func word<Word: FixedWidthInteger & UnsignedInteger>(
  _ type: Word.Type, of bytes: some Collection<UInt8>
) -> Word? {
  guard bytes.count == Word.bitWidth / 8 else { return nil }
  return bytes.reduce(0) { $0 << 8 | Word($1) }
}
