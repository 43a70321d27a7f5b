import NationalCrypto

/// The file of PIN blocks: blocks as they should be, and sets made in three weak ways.
struct PINSampleText {
  private(set) var text = "# Made-up PIN blocks. The key is in the file zpk.hex.\nvectors:\n"

  init(
    key: PINKey, transactions: [PINTransaction], using generator: inout some RandomNumberGenerator
  ) throws(CryptoError) {
    for (number, transaction) in transactions.enumerated() {
      text +=
        "  - {id: good-\(number + 1), format: 4, algorithm: SM4, key: \"file:zpk.hex\", "
        + "pan: \"\(transaction.pan)\", pin: \"\(transaction.pin)\", "
        + "enciphered: \"\(transaction.block)\"}\n"
    }
    text += "weak_sets:\n"
    var sound: [PINTransaction] = []
    var constant: [PINTransaction] = []
    var counted: [PINTransaction] = []
    let start = UInt64.random(in: 1...1 << 40, using: &generator)
    for number in 0..<12 {
      sound.append(try PINTransaction(key: key, using: &generator))
      constant.append(try PINTransaction(random: 0, key: key, using: &generator))
      counted.append(
        try PINTransaction(random: start + UInt64(number), key: key, using: &generator))
    }
    add("sound", sound.map { ($0.pan, $0.block) })
    add("constant-random-field", constant.map { ($0.pan, $0.block) })
    add("counted-random-field", counted.map { ($0.pan, $0.block) })
    var legacy: [(String, String)] = []
    for transaction in sound {
      legacy.append((transaction.pan, try transaction.legacyBlock(key: key)))
    }
    add("older-convention", legacy)
  }

  private mutating func add(_ id: String, _ blocks: [(pan: String, block: String)]) {
    text +=
      "  - id: \(id)\n    format: 4\n    algorithm: SM4\n    key: \"file:zpk.hex\"\n    blocks:\n"
    for (pan, block) in blocks { text += "      - {pan: \"\(pan)\", enciphered: \"\(block)\"}\n" }
  }
}
