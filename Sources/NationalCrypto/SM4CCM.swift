/// SM4 with counter mode and CBC-MAC (RFC 3610, GB/T 36624 CCM) as RFC 8998 uses it: nonce of 12 bytes,
/// tag of 16, lengths in 3 bytes.
///
/// libcrypto 3.0 has no such cipher: it is made of SM4-CBC and single blocks.
package struct SM4CCM: Sendable {
  package static let nonceLength = 12
  package static let tagLength = 16

  private let key: [UInt8]

  /// - Parameter key: 16 bytes.
  package init(key: [UInt8]) throws(CryptoError) {
    guard key.count == 16 else {
      throw CryptoError(operation: "SM4-CCM", detail: "key of \(key.count) bytes, 16 expected")
    }
    self.key = key
  }

  /// Ciphertext, then the tag. A nonce must never be used twice with a key.
  package func seal(
    _ plaintext: [UInt8], nonce: [UInt8], additional: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    let stream = try keyStream(for: plaintext.count, nonce: nonce)
    let code = try code(plaintext, nonce: nonce, additional: additional)
    return zip(plaintext, stream.dropFirst(16)).map { $0 ^ $1 } + zip(code, stream).map { $0 ^ $1 }
  }

  /// The plaintext; `nil` when the tag does not fit, or for fewer bytes than a tag has.
  package func open(
    _ sealed: [UInt8], nonce: [UInt8], additional: [UInt8]
  ) throws(CryptoError) -> [UInt8]? {
    guard sealed.count >= Self.tagLength else { return nil }
    let ciphertext = sealed.dropLast(Self.tagLength)
    let stream = try keyStream(for: ciphertext.count, nonce: nonce)
    let plaintext = zip(ciphertext, stream.dropFirst(16)).map { $0 ^ $1 }
    let code = try code(plaintext, nonce: nonce, additional: additional)
    let expected = zip(code, stream).map { $0 ^ $1 }
    guard isEqualInConstantTime(expected, Array(sealed.suffix(Self.tagLength))) else { return nil }
    return plaintext
  }

  /// The block that masks the tag (counter 0), then the key stream (from counter 1).
  private func keyStream(for count: Int, nonce: [UInt8]) throws(CryptoError) -> [UInt8] {
    guard nonce.count == Self.nonceLength, count < 1 << 24 else {
      throw CryptoError(
        operation: "SM4-CCM",
        detail: "nonce of \(nonce.count) bytes, data of \(count); 12 and less than 2^24 expected")
    }
    var counters: [UInt8] = []
    for number in 0...UInt32((count + 15) / 16) {
      // The flags of a counter block: lengths have 2 + 1 bytes.
      counters.append(2)
      counters += nonce
      counters += [16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
    return try SM4.encryptBlocks(counters, key: key)
  }

  /// CBC-MAC over the first block, the additional data with its length before it, and the plaintext.
  private func code(
    _ plaintext: [UInt8], nonce: [UInt8], additional: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    guard additional.count < 0xFF00 else {
      throw CryptoError(
        operation: "SM4-CCM",
        detail: "\(additional.count) bytes of additional data, less than 65280 expected")
    }
    func padded(_ bytes: [UInt8]) -> [UInt8] {
      bytes + [UInt8](repeating: 0, count: (16 - bytes.count % 16) % 16)
    }
    // Flags: additional data or none, a tag of 2 * 7 + 2 bytes, lengths of 2 + 1.
    var input: [UInt8] = [(additional.isEmpty ? 0 : 0x40) | 7 << 3 | 2]
    input += nonce
    input += [16, 8, 0].map { UInt8(truncatingIfNeeded: plaintext.count >> $0) }
    if !additional.isEmpty {
      let length = [8, 0].map { UInt8(truncatingIfNeeded: additional.count >> $0) }
      input += padded(length + additional)
    }
    input += padded(plaintext)
    let zero = [UInt8](repeating: 0, count: 16)
    return Array(try SM4CBC.encrypt(input, key: key, iv: zero).suffix(16))
  }
}
