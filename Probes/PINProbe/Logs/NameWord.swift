/// One word of a field's name in lower case (字段名词语): its last eight letters packed into one integer.
struct NameWord: Hashable {
  private let packed: UInt64
  let isNumber: Bool

  init(packed: UInt64, isNumber: Bool) {
    self.packed = packed
    self.isNumber = isNumber
  }

  static let none = NameWord(packed: 0, isNumber: false)
  /// Longer than any of ours.
  static let long = NameWord(packed: .max, isNumber: false)

  /// The value of a number of up to three digits.
  var number: Int? {
    guard isNumber, packed < 1 << 24 else { return nil }
    let digits = [packed >> 16 & 255, packed >> 8 & 255, packed & 255]
    return digits.reduce(0) { $0 * 10 + Int($1 & 15) }
  }

  /// A number of three digits, as `052`.
  var isPadded: Bool { isNumber && packed >= 1 << 16 }

  var roles: NameRoles { isNumber ? [] : Table.shared.roles(of: packed) }

  /// The words by a hash of their letters; slots that are not taken hold 0.
  private struct Table {
    static let shared = Table()
    private static let bits: UInt64 = 10

    private var slots: [(word: UInt64, roles: NameRoles)]

    @inline(__always)
    func roles(of word: UInt64) -> NameRoles {
      var slot = Table.slot(word)
      while slots[slot].word != 0 {
        if slots[slot].word == word { return slots[slot].roles }
        slot = (slot + 1) & (1 << Int(Table.bits) - 1)
      }
      return []
    }

    @inline(__always)
    private static func slot(_ word: UInt64) -> Int {
      Int(truncatingIfNeeded: (word &* 0x9E37_79B9_7F4A_7C15) &>> (64 - bits))
    }

    private init() {
      var roles: [UInt64: NameRoles] = [:]
      for (names, role) in NameVocabulary.words {
        for name in names.split(separator: " ") {
          // Of a longer word the last eight letters.
          let packed = name.utf8.reduce(0) { $0 << 8 | UInt64($1) }
          roles[packed, default: []].formUnion(role)
        }
      }
      slots = [(word: UInt64, roles: NameRoles)](
        repeating: (0, []), count: 1 << Int(Table.bits))
      for (word, role) in roles {
        var slot = Table.slot(word)
        while slots[slot].word != 0 { slot = (slot + 1) & (1 << Int(Table.bits) - 1) }
        slots[slot] = (word, role)
      }
    }
  }
}
