/// SM4 with Galois counter mode (GB/T 36624 GCM): nonce of 12 bytes, tag of 16.
///
/// libcrypto 3.0 has no such cipher: the counter mode is made of single blocks, and GHASH is computed
/// here, bit by bit with masks, so that neither tables nor branches depend on the key.
package struct SM4GCM: Sendable {
  package static let nonceLength = 12
  package static let tagLength = 16

  private let key: [UInt8]
  private let hashKey: Element

  /// - Parameter key: 16 bytes.
  package init(key: [UInt8]) throws(CryptoError) {
    self.key = key
    hashKey = Element(try SM4.encryptBlocks([UInt8](repeating: 0, count: 16), key: key)[...])
  }

  /// Ciphertext, then the tag. A nonce must never be used twice with a key.
  package func seal(
    _ plaintext: [UInt8], nonce: [UInt8], additional: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    let stream = try keyStream(for: plaintext.count, nonce: nonce)
    let ciphertext = zip(plaintext, stream.dropFirst(16)).map { $0 ^ $1 }
    return ciphertext + tag(ciphertext, additional, mask: stream.prefix(16))
  }

  /// The plaintext; `nil` when the tag does not fit, or for fewer bytes than a tag has.
  package func open(
    _ sealed: [UInt8], nonce: [UInt8], additional: [UInt8]
  ) throws(CryptoError) -> [UInt8]? {
    guard sealed.count >= Self.tagLength else { return nil }
    let ciphertext = Array(sealed.dropLast(Self.tagLength))
    let stream = try keyStream(for: ciphertext.count, nonce: nonce)
    let expected = tag(ciphertext, additional, mask: stream.prefix(16))
    guard isEqualInConstantTime(expected, Array(sealed.suffix(Self.tagLength))) else { return nil }
    return zip(ciphertext, stream.dropFirst(16)).map { $0 ^ $1 }
  }

  /// The block that masks the tag (counter 1), then the key stream (from counter 2).
  private func keyStream(for count: Int, nonce: [UInt8]) throws(CryptoError) -> [UInt8] {
    guard nonce.count == Self.nonceLength, count < 1 << 28 else {
      throw CryptoError(
        operation: "SM4-GCM",
        detail: "nonce of \(nonce.count) bytes, data of \(count); 12 and less than 2^28 expected")
    }
    var counters: [UInt8] = []
    let blocks = (count + 15) / 16 + 1
    counters.reserveCapacity(blocks * 16)
    for number in 1...UInt32(blocks) {
      counters += nonce
      for shift in [24, 16, 8, 0] as [UInt32] {
        counters.append(UInt8(truncatingIfNeeded: number >> shift))
      }
    }
    return try SM4.encryptBlocks(counters, key: key)
  }

  private func tag(
    _ ciphertext: [UInt8], _ additional: [UInt8], mask: ArraySlice<UInt8>
  ) -> [UInt8] {
    var sum = Element(high: 0, low: 0)
    for data in [additional, ciphertext] {
      for start in stride(from: 0, to: data.count, by: 16) {
        sum.add(Element(data[start..<min(start + 16, data.count)]))
        sum = sum.times(hashKey)
      }
    }
    sum.add(Element(high: UInt64(additional.count) * 8, low: UInt64(ciphertext.count) * 8))
    return zip(sum.times(hashKey).bytes, mask).map { $0 ^ $1 }
  }

  /// An element of GF(2^128) in the order of bits of NIST SP 800-38D 6.3.
  private struct Element: Sendable {
    var high: UInt64
    var low: UInt64

    init(high: UInt64, low: UInt64) {
      self.high = high
      self.low = low
    }

    /// At most 16 bytes; missing ones count as zero.
    init(_ bytes: ArraySlice<UInt8>) {
      high = 0
      low = 0
      for (index, byte) in bytes.enumerated() {
        let shift = UInt64(56 - 8 * (index & 7))
        if index < 8 { high |= UInt64(byte) << shift } else { low |= UInt64(byte) << shift }
      }
    }

    var bytes: [UInt8] {
      [high, low].flatMap { word in
        (0..<8 as Range<UInt64>).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
      }
    }

    mutating func add(_ other: Element) {
      high ^= other.high
      low ^= other.low
    }

    /// The product: 128 steps whatever the bits are.
    func times(_ other: Element) -> Element {
      var product = Element(high: 0, low: 0)
      var factor = other
      for word in [high, low] {
        for shift in (0..<64 as Range<UInt64>).reversed() {
          let isSet = 0 &- ((word >> shift) & 1)
          product.high ^= factor.high & isSet
          product.low ^= factor.low & isSet
          let carry = 0 &- (factor.low & 1)
          factor.low = factor.low >> 1 | factor.high << 63
          factor.high = factor.high >> 1 ^ (carry & 0xE100_0000_0000_0000)
        }
      }
      return product
    }
  }
}
