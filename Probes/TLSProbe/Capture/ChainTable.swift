/// The certificate chains met in a capture, each read once and known by its number.
struct ChainTable: Sendable {
  /// Bytes of different chains; what comes later is not kept.
  static let mostBytes = 1 << 23

  private struct Key: Hashable {
    var ders: [[UInt8]]

    func hash(into hasher: inout Hasher) {
      for der in ders {
        hasher.combine(der.count)
        der.withUnsafeBytes { hasher.combine(bytes: $0) }
      }
    }
  }

  private(set) var chains: [ServedChain] = []
  private var numbers: [Key: Int] = [:]
  private var byteCount = 0

  /// The number of the chain; `nil` when there are too many.
  mutating func number(of ders: [[UInt8]]) -> Int? {
    let key = Key(ders: ders)
    if let known = numbers[key] { return known }
    let size = ders.reduce(64) { $0 + $1.count }
    guard byteCount + size <= Self.mostBytes else { return nil }
    byteCount += size
    numbers[key] = chains.count
    chains.append(ServedChain(ders))
    return chains.count - 1
  }
}
