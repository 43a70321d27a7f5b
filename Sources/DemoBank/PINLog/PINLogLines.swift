/// The lines of the two logs: the same transactions, once with everything in them, once masked.
struct PINLogLines {
  let transactions: [PINTransaction]
  let key: PINKey
  private(set) var leaking: [String] = []
  private(set) var clean: [String] = []
  /// By line of the leaking log, from 1, the form of its leak.
  private(set) var leaks: [Int: Int] = [:]

  init(transactions: [PINTransaction], key: PINKey) {
    self.transactions = transactions
    self.key = key
  }

  mutating func compose(using generator: inout some RandomNumberGenerator) {
    add("INFO  [boot] switch started, node 0007, build 20260105.1142")
    add(
      "DEBUG [hsm] loaded, clear ZPK: \(key.text)", 5,
      masked: "DEBUG [hsm] loaded, ZPK in slot 0003")
    for (number, transaction) in transactions.enumerated() {
      let trace = "\(100_200 + number)"
      let reference = (0..<12).map { _ in String(Int.random(in: 0...9, using: &generator)) }
        .joined()
      add("INFO  [pay] request rrn=\(reference) stan=\(trace) card=\(transaction.maskedPAN)")
      switch number % 4 {
      case 0:
        add(
          "DEBUG [pay] {\"card\":\"\(transaction.pan)\",\"pin\":\"\(transaction.pin)\"}", 1,
          masked: "DEBUG [pay] {\"card\":\"\(transaction.maskedPAN)\",\"pin\":\"******\"}")
        add(
          "DEBUG [pin] sealed \(transaction.block)", 2, masked: "DEBUG [pin] sealed 16 bytes")
      case 1:
        add(
          "TRACE [pin] card \(transaction.pan) block \(transaction.clearBlock)", 3,
          masked: "TRACE [pin] card \(transaction.maskedPAN) block of 8 bytes")
        add(
          "DEBUG [iso] DE2=\(transaction.maskedPAN) DE52=\(String(transaction.block.prefix(16)))",
          4, masked: "DEBUG [iso] DE2=\(transaction.maskedPAN) DE52=****************")
      case 2:
        add(
          "TRACE [pin] intermediate \(transaction.between.b)", 2,
          masked: "TRACE [pin] pin-length=6 pin_retry=0")
        add(
          "WARN  [pay] 卡号：\(transaction.maskedPAN)，交易密码：\(transaction.pin)，返回码 55", 1,
          masked: "WARN  [pay] 卡号：\(transaction.maskedPAN)，密码长度：6，返回码 55")
      default:
        add(
          "DEBUG [iso] DE63=SM\(transaction.block)", 2, masked: "DEBUG [iso] DE63=SM, 18 bytes")
        add(
          "TRACE [pin] field \(transaction.field)", 2, masked: "TRACE [pin] field of format 4")
      }
      add("INFO  [pay] answered stan=\(trace) amount=\(1250 + number).00 CNY code=00 in 0042 ms")
    }
  }

  private mutating func add(_ text: String, _ form: Int? = nil, masked: String? = nil) {
    let second = leaking.count % 60
    let time = "2026-03-02 09:30:\(second < 10 ? "0" : "")\(second).118"
    leaking.append("\(time) \(text)")
    clean.append("\(time) \(masked ?? text)")
    if let form { leaks[leaking.count] = form }
  }
}
