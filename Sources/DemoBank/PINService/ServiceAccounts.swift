import Synchronization

/// The test accounts of the PIN service: what their PINs are compared with, and how often that failed
/// (试错计数).
final class ServiceAccounts: Sendable {
  /// Failures in a row after which an account is locked (PIN试错上限).
  static let limit = 3

  struct Account: Sendable {
    var pan: String
    var pin: String
    var pvv: String
    var offset: String

    /// The 12 digits left of the check digit.
    var twelve: String { String(pan.dropLast().suffix(12)) }
  }

  private struct State {
    var failures: [String: Int] = [:]
    var sequences: Set<String> = []
    var blocks: Set<[UInt8]> = []
    var counter = 0
  }

  let accounts: [Account]
  private let hasLimit: Bool
  /// Protects against connections, each on a thread of its own.
  private let state = Mutex(State())

  init(_ accounts: [Account], hasLimit: Bool) {
    self.accounts = accounts
    self.hasLimit = hasLimit
  }

  /// By all digits or by the 12.
  func account(_ digits: String) -> Account? {
    accounts.first { $0.pan == digits || $0.twelve == digits }
  }

  func isLocked(_ account: Account) -> Bool {
    hasLimit && state.withLock { $0.failures[account.pan, default: 0] >= Self.limit }
  }

  func note(_ isRight: Bool, _ account: Account) {
    state.withLock {
      $0.failures[account.pan] = isRight ? 0 : $0.failures[account.pan, default: 0] + 1
    }
  }

  func next() -> Int {
    state.withLock { state in
      state.counter += 1
      return state.counter
    }
  }

  /// Whether neither the number nor the block was seen before; both are remembered.
  func isNew(sequence: String, block: [UInt8]) -> Bool {
    state.withLock { state in
      // Bounded, for a demonstration that runs for long: the oldest transactions are simply forgotten.
      if state.sequences.count > 10_000 {
        state.sequences = []
        state.blocks = []
      }
      let isNewNumber = state.sequences.insert(sequence).inserted
      let isNewBlock = state.blocks.insert(block).inserted
      return isNewNumber && isNewBlock
    }
  }
}

/// What PINs are compared with: the PVV and the offset of IBM 3624.
enum PINReference {
  /// Digits 0 to 9 of `nibbles` in their order, then A to F less ten.
  static func pvv(
    pan: String, index: String, digits: [UInt8], under cipher: ServiceCipher
  ) throws(DemoError) -> String {
    let eleven = pan.utf8.dropLast().suffix(11).map { $0 & 15 }
    let block = eleven + index.utf8.prefix(1).map { $0 & 15 } + digits.prefix(4)
    guard block.count == 16 else { return "" }
    let nibbles = ServiceBlock.nibbles(try cipher.encrypt(ServiceBlock.bytes(block)))
    let found = nibbles.filter { $0 < 10 } + nibbles.filter { $0 > 9 }.map { $0 - 10 }
    return text(Array(found.prefix(4)))
  }

  /// The first four digits of the PIN that the validation data stand for.
  static func natural(
    validation: String, table: String, under cipher: ServiceCipher
  ) throws(DemoError) -> [UInt8] {
    let padded = validation + String(repeating: "0", count: max(0, 16 - validation.utf8.count))
    guard let block = Hexadecimal.bytes(padded), block.count == 8, table.utf8.count == 16 else {
      return []
    }
    let digits = table.utf8.map { $0 & 15 }
    return ServiceBlock.nibbles(try cipher.encrypt(block)).prefix(4).map { digits[Int($0)] }
  }

  /// Four digits, then F up to 12 characters.
  static func offset(pin: [UInt8], natural: [UInt8]) -> String {
    text(zip(pin, natural).map { (10 + $0 - $1) % 10 }) + "FFFFFFFF"
  }

  static func text(_ digits: [UInt8]) -> String {
    String(decoding: digits.map { 0x30 + $0 % 10 }, as: UTF8.self)
  }
}
