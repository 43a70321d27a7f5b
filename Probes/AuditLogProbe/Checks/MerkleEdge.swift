import NationalCrypto

/// The right edge of a growing Merkle tree (RFC 6962, here with SM3): enough to give the root of every size as the
/// leaves come, in memory that grows with the tree's height.
struct MerkleEdge {
  private let hash: RecordHash
  /// Roots of the full trees the leaves so far fall into, largest first: one for each bit of `count`.
  private var peaks: [[UInt8]] = []
  private(set) var count = 0

  init(_ digest: ProtectionDigest) throws(CryptoError) { hash = try RecordHash(digest) }

  mutating func append(leaf: ArraySlice<UInt8>) throws(CryptoError) {
    var node = Array(leaf)
    var level = count
    while level & 1 == 1, let left = peaks.popLast() {
      node = try self.node(left, node)
      level >>= 1
    }
    peaks.append(node)
    count += 1
  }

  /// The root of the leaves so far; of none, the digest of nothing.
  func root() throws(CryptoError) -> [UInt8] {
    guard var root = peaks.last else {
      try hash.compute([])
      return hash.result
    }
    for left in peaks.dropLast().reversed() { root = try node(left, root) }
    return root
  }

  private func node(_ left: [UInt8], _ right: [UInt8]) throws(CryptoError) -> [UInt8] {
    try hash.compute([1] + left + right)
    return hash.result
  }
}
