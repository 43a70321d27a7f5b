/// The canaries by what is looked up while reading: accounts, PINs, values.
struct CanaryIndex: Sendable {
  let canaries: Canaries
  let matcher: LiteralMatcher
  private var accounts: [PAN: Int] = [:]
  private var values: [[UInt8]: Int] = [:]
  /// A bit for each first two bytes of a value.
  private var prefixes = [UInt64](repeating: 0, count: 1 << 10)

  init(_ canaries: Canaries) {
    self.canaries = canaries
    matcher = LiteralMatcher(needles: canaries.needles.map(\.bytes))
    for (index, transaction) in canaries.transactions.enumerated() {
      if let pan = transaction.pan, accounts[pan] == nil { accounts[pan] = index }
    }
    for (index, needle) in canaries.needles.enumerated() where values[needle.bytes] == nil {
      values[needle.bytes] = index
      let prefix = Int(needle.bytes[0]) << 8 | Int(needle.bytes[1])
      prefixes[prefix >> 6] |= 1 << UInt64(prefix & 63)
    }
  }

  var hasShortAccounts: Bool { accounts.keys.contains { $0.length < 13 } }

  func transaction(of pan: PAN) -> Int? { accounts.isEmpty ? nil : accounts[pan] }

  /// Whether `digits` are the PIN of the transaction, or of another one with the same account.
  func isPIN(_ digits: UnsafeRawBufferPointer, of transaction: Int) -> Bool {
    let pan = canaries.transactions[transaction].pan
    return canaries.transactions.contains { other in
      guard let pin = other.pin, other.pan == pan, pin.length == digits.count else { return false }
      return pin.digits.elementsEqual(digits)
    }
  }

  /// The canary value that these digits are.
  func needle(_ value: HexadecimalValue) -> Canaries.Needle? {
    let prefix = Int(value.prefix)
    guard prefixes[prefix >> 6] >> UInt64(prefix & 63) & 1 == 1 else { return nil }
    return needle(value.bytes)
  }

  /// The canary value that these bytes are.
  func needle(_ value: [UInt8]) -> Canaries.Needle? {
    values.isEmpty ? nil : values[value].map { canaries.needles[$0] }
  }
}
