/// One word of a field's name in lower case (字段名词语): its last eight letters packed into one integer.
struct NameWord: Hashable {
  /// What a word may say.
  struct Roles: OptionSet {
    let rawValue: UInt16

    static let pin = Roles(rawValue: 1)
    /// The word pin, which a block may be named after.
    static let pinItself = Roles(rawValue: 2)
    /// May follow a word for the PIN without changing what the value is.
    static let tail = Roles(rawValue: 4)
    static let value = Roles(rawValue: 8)
    static let block = Roles(rawValue: 16)
    /// The words pin and block in one.
    static let pinBlock = Roles(rawValue: 32)
    static let key = Roles(rawValue: 64)
    static let clear = Roles(rawValue: 128)
    /// Stands in front of the number of a data element.
    static let element = Roles(rawValue: 256)
    /// Names a number that is no account.
    static let otherNumber = Roles(rawValue: 512)
  }

  private let packed: UInt64
  let isNumber: Bool

  init(packed: UInt64, isNumber: Bool) {
    self.packed = packed
    self.isNumber = isNumber
  }

  static let `in` = NameWord(packed: 0x696E, isNumber: false)
  static let none = NameWord(packed: 0, isNumber: false)
  /// Longer than any of ours.
  static let long = NameWord(packed: .max, isNumber: false)

  /// Of one or two digits.
  var isShortNumber: Bool { isNumber && packed < 1 << 16 }

  /// The value of a number of up to three digits.
  var number: Int? {
    guard isNumber, packed < 1 << 24 else { return nil }
    let digits = [packed >> 16 & 255, packed >> 8 & 255, packed & 255]
    return digits.reduce(0) { $0 * 10 + Int($1 & 15) }
  }

  var roles: Roles { Table.shared.roles(of: packed) }

  /// The words by a hash of their letters; slots that are not taken hold 0.
  private struct Table {
    static let shared = Table()
    private static let bits: UInt64 = 9

    private var slots: [(word: UInt64, roles: Roles)]

    @inline(__always)
    func roles(of word: UInt64) -> Roles {
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
      var roles: [UInt64: Roles] = [:]
      for (names, role) in Table.words {
        for name in names.split(separator: " ") {
          // Of a longer word the last eight letters.
          let packed = name.utf8.reduce(0) { $0 << 8 | UInt64($1) }
          roles[packed, default: []].formUnion(role)
        }
      }
      slots = [(word: UInt64, roles: Roles)](repeating: (0, []), count: 1 << Int(Table.bits))
      for (word, role) in roles {
        var slot = Table.slot(word)
        while slots[slot].word != 0 { slot = (slot + 1) & (1 << Int(Table.bits) - 1) }
        slots[slot] = (word, role)
      }
    }

    private static let words: [(String, Roles)] = [
      ("pin pwd passwd mima", .pin),
      ("pin", .pinItself),
      ("value val code no num number digits clear plain text input entered new old str is", .tail),
      ("value val", .value),
      ("block blk data", .block),
      ("pinblock pinblk pindata", .pinBlock),
      ("key zpk tpk zmk tmk pvk pek bdk lmk zak tak miyao", .key),
      ("clear plain cleartxt mingwen cleartext plaintext", .clear),
      ("de f df field fld bit p yu elem element iso", .element),
      (
        "order orderno orderid txn trace traceid seq seqno serial rrn ref refno stan phone mobile "
          + "tel batch session request invoice", .otherNumber
      ),
    ]
  }
}
