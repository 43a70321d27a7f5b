import NationalCrypto

/// Files that show what the PIN probes find (PIN日志与数据块样本): a log that leaks, a log that does not, and a file of
/// PIN blocks, some of them made badly.
///
/// PANs, PINs and keys are invented at each writing; the PANs begin with 620000, which no bank issues.
package struct PINLogFiles: Sendable, Hashable {
  /// Leaks of all five forms.
  package let leakingLog: String
  /// The same transactions written as they should be.
  package let cleanLog: String
  /// For `pin.blocks`; its keys are in a file of their own.
  package let blockSamples: String
  /// For the parameter `canaries` of `pin.logs`.
  package let canaries: String
  /// The lines of `leakingLog` that leak, from 1, with the form of the leak.
  package let leaks: [Int: Int]

  /// Writes into `folder`, which is empty, missing, or of an earlier demo.
  package static func write(in folder: String) throws(DemoError) -> PINLogFiles {
    var generator = SystemRandomNumberGenerator()
    return try write(in: folder, using: &generator)
  }

  static func write(
    in folder: String, using generator: inout some RandomNumberGenerator
  ) throws(DemoError) -> PINLogFiles {
    let folder = try DemoFolder(taking: folder)
    let key = PINKey(using: &generator)
    var transactions: [PINTransaction] = []
    for _ in 0..<4 {
      do throws(CryptoError) {
        transactions.append(try PINTransaction(key: key, using: &generator))
      } catch { throw .crypto(error) }
    }
    try folder.write(Array((key.text + "\n").utf8), to: "zpk.hex", isPrivate: true)
    var lines = PINLogLines(transactions: transactions, key: key)
    lines.compose(using: &generator)
    try folder.write(lines.leaking.map { $0 + "\n" }.joined(), to: "switch-debug.log")
    try folder.write(lines.clean.map { $0 + "\n" }.joined(), to: "switch.log")
    try folder.write(canaryText(transactions), to: "canaries.yaml")
    let samples: PINSampleText
    do throws(CryptoError) {
      samples = try PINSampleText(key: key, transactions: transactions, using: &generator)
    } catch { throw .crypto(error) }
    try folder.write(samples.text, to: "pin-blocks.yaml")
    return PINLogFiles(
      leakingLog: "\(folder.path)/switch-debug.log", cleanLog: "\(folder.path)/switch.log",
      blockSamples: "\(folder.path)/pin-blocks.yaml", canaries: "\(folder.path)/canaries.yaml",
      leaks: lines.leaks)
  }

  private static func canaryText(_ transactions: [PINTransaction]) -> String {
    var text = "keys:\n  - {id: zpk, algorithm: SM4, role: pin, value: \"file:zpk.hex\"}\n"
    text += "transactions:\n"
    for (number, transaction) in transactions.enumerated() {
      text +=
        "  - {id: t\(number + 1), pan: \"\(transaction.pan)\", pin: \"\(transaction.pin)\", "
        + "format: 4, key: zpk, pin-field: \"\(transaction.field)\"}\n"
    }
    return text
  }
}
