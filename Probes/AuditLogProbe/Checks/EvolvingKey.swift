import NationalCrypto

/// The key of an HMAC chain as it changes (前向安全密钥演化): `K(e+1) = H(label || K(e))`, a new one every so many
/// records.
///
/// After records are removed or put in, all later ones were made under the keys of other places. The first
/// of them is reported; from there on the shift is known and the rest is checked under it.
struct EvolvingKey {
  /// Shifts tried, in both directions, where a record does not verify.
  private static let reach = 32
  /// Records at which shifts are tried, so that a log under another key costs little.
  private static let searchLimit = 200

  private let every: Int
  private let label: [UInt8]
  private let digest: ProtectionDigest
  /// Keys by epoch, for the epochs around the present one.
  private var keys: [Int: [UInt8]]
  private var newest = 0
  private var hashes: [Int: RecordHash] = [:]
  private var searches = 0
  /// Records by which places have moved: positive after a removal.
  private(set) var shift = 0

  init(_ protection: Protection, key: [UInt8]) {
    every = max(1, protection.evolveEvery)
    label = Array(protection.evolveLabel.utf8)
    digest = protection.digest
    keys = [0: key]
  }

  func epoch(of position: Int) -> Int { max(0, position + shift) / every }

  /// The code of `message` under the key of `position`.
  mutating func code(
    of message: [UInt8], at position: Int
  ) throws(CryptoError) -> [UInt8] {
    try code(of: message, epoch: epoch(of: position))
  }

  /// Whether `message` has the `value` under the key of `position` itself: what was removed and what was put in
  /// before it are as many, and nothing is moved any more.
  mutating func isBack(
    _ message: [UInt8], at position: Int, value: [UInt8]
  ) throws(CryptoError) -> Bool {
    guard position / every != epoch(of: position), !value.isEmpty,
      try code(of: message, epoch: position / every).prefix(value.count).elementsEqual(value)
    else { return false }
    shift = 0
    return true
  }

  /// Looks for a shift under which `message` at `position` has the `value`; true when one was found and taken.
  mutating func findShift(
    _ message: [UInt8], at position: Int, value: [UInt8]
  ) throws(CryptoError) -> Bool {
    guard searches < Self.searchLimit else { return false }
    searches += 1
    for distance in 1...Self.reach {
      for moved in [distance, -distance] {
        let place = position + shift + moved
        guard place >= 0, place / every != epoch(of: position) else { continue }
        let code = try code(of: message, epoch: place / every)
        if !value.isEmpty, code.prefix(value.count).elementsEqual(value) {
          shift += moved
          return true
        }
      }
    }
    return false
  }

  private mutating func code(
    of message: [UInt8], epoch: Int
  ) throws(CryptoError) -> [UInt8] {
    if let hash = hashes[epoch] {
      try hash.compute(message)
      return hash.result
    }
    let hash = try RecordHash(digest, key: try key(epoch))
    if hashes.count > 2 * Self.reach { hashes.removeAll(keepingCapacity: true) }
    hashes[epoch] = hash
    try hash.compute(message)
    return hash.result
  }

  private mutating func key(_ epoch: Int) throws(CryptoError) -> [UInt8] {
    if let key = keys[epoch] { return key }
    while newest < epoch, let present = keys[newest] {
      var message = label + present
      defer { wipe(&message) }
      newest += 1
      keys[newest] = try NationalCrypto.digest(message, digest.algorithm)
      let oldest = newest - 4 * Self.reach
      if oldest > 0 { keys[oldest] = nil }
    }
    guard let key = keys[epoch] else {
      throw CryptoError(
        operation: "evolving the key", detail: "the key of epoch \(epoch) is not kept any more")
    }
    return key
  }

  /// Forgets every key.
  mutating func forget() {
    for epoch in keys.keys { wipe(&keys[epoch, default: []]) }
    hashes = [:]
  }
}
