import Foundation
import PINProbe

/// A log like that of a payment switch, with leaks of all five forms among many numbers, and 20 canaries.
enum PINBenchLog {
  /// Returns how many leaks are in it.
  static func write(_ log: URL, canaries: URL, size: Int) throws -> Int {
    var generator = Numbers(state: 20_260_301)
    let key = hexadecimal(16, &generator)
    var list = "keys:\n  - {id: zpk, algorithm: SM4, role: pin, value: \"\(key)\"}\ntransactions:\n"
    var leaks = ["DEBUG [hsm] loaded \(key)"]
    let cipher = try PINKeyCipher(.sm4, key: try PINBench.required(bytes(key)))
    for number in 0..<20 {
      let card = account(&generator)
      let pan = try PINBench.required(PAN(card))
      let pin = "\(471_390 + number * 1_307)"
      let random = generator.next()
      let field = try ExtendedBlock.field(of: try PINBench.required(PIN(pin)), random: random)
      list +=
        "  - {id: t\(number), pan: \"\(card)\", pin: \"\(pin)\", format: 4, key: zpk, "
        + "pin-field: \"\(text(field))\"}\n"
      let sealed = try cipher.sealExtended(field, pan: pan)
      let clear = try CompactBlock.clearBlock(
        of: try PINBench.required(PIN(pin)), format: .format0, pan: pan)
      leaks += [
        "DEBUG [pay] {\"card\":\"\(card)\",\"pin\":\"\(pin)\"}", "TRACE [pin] b \(text(sealed.b))",
        "TRACE [pin] card \(card) block \(text(clear))",
        "DEBUG [iso] DE52=\(hexadecimal(8, &generator).uppercased())",
        "TRACE [pin] sent \(text(sealed.block))",
      ]
    }
    try Data(list.utf8).write(to: canaries)
    var piece: [UInt8] = []
    var line = 0
    while piece.count < size / 50 {
      piece += Array(clean(line, &generator).utf8)
      line += 1
    }
    guard FileManager.default.createFile(atPath: log.path, contents: nil) else {
      throw CocoaError(.fileWriteUnknown)
    }
    let file = try FileHandle(forWritingTo: log)
    defer { try? file.close() }
    for part in 0..<50 {
      try file.write(contentsOf: piece)
      for number in stride(from: part, to: leaks.count, by: 50) {
        try file.write(contentsOf: Data("2026-03-01 10:00:00.000 \(leaks[number])\n".utf8))
      }
    }
    return leaks.count
  }

  private static func clean(_ line: Int, _ generator: inout Numbers) -> String {
    let time = "2026-03-\(10 + line % 19) 1\(line % 10):\(10 + line % 50):\(10 + line % 49).118"
    func digits(_ count: Int) -> String {
      (0..<count).map { _ in "\(generator.next() % 10)" }.joined()
    }
    switch line % 8 {
    case 0:
      return "\(time) INFO  [http-\(line % 40)] c.b.p.PaymentController - request received "
        + "txn=\(digits(12)) channel=MOBILE amount=\(digits(6)).00 CNY\n"
    case 1:
      return "\(time) DEBUG [pay] card=\(account(&generator)) stan=\(digits(6)) rrn=\(digits(12)) "
        + "term=\(hexadecimal(4, &generator)) mcc=\(digits(4))\n"
    case 2:
      return "{\"ts\":\"\(time)\",\"level\":\"INFO\",\"id\":\"\(hexadecimal(4, &generator))-"
        + "\(hexadecimal(2, &generator))-4\(digits(3))-a\(digits(3))-\(hexadecimal(6, &generator))\","
        + "\"ms\":\(digits(4)),\"msg\":\"settlement batch finished\"}\n"
    case 3:
      return
        "\(time) WARN  [db] slow query select * from t_account where phone=139\(digits(8)) and "
        + "order_no=2026\(digits(16)) took \(digits(4)) ms\n"
    case 4:
      return "\(time) INFO  [sec] sha256=\(hexadecimal(32, &generator)) "
        + "trace=\(hexadecimal(8, &generator)) verified\n"
    case 5: return "\(time) INFO  [pin] pin-length=0006 pin_retry=0003 PIN verified in 0012 ms\n"
    case 6:
      return "\(time) INFO  [core] 交易成功 卡号：\(account(&generator)) 金额：\(digits(6)) "
        + "返回码 00 流水 \(digits(12))\n"
    default:
      return "\tat com.example.bank.payment.TransferService.transfer(TransferService.java:885)\n"
    }
  }

  /// 16 digits from 620000 on, with a right check digit.
  private static func account(_ generator: inout Numbers) -> String {
    let start = "620000" + (0..<9).map { _ in "\(generator.next() % 10)" }.joined()
    return (0...9).map { start + "\($0)" }.first { PAN($0)?.hasValidCheckDigit == true } ?? start
  }

  private static func hexadecimal(_ count: Int, _ generator: inout Numbers) -> String {
    (0..<count).map { _ in
      let byte = String(generator.next() & 255, radix: 16)
      return byte.count == 1 ? "0" + byte : byte
    }.joined()
  }

  private static func bytes(_ text: String) -> [UInt8]? {
    let bytes = stride(from: 0, to: text.count, by: 2).compactMap {
      UInt8(text.dropFirst($0).prefix(2), radix: 16)
    }
    return bytes.count * 2 == text.count ? bytes : nil
  }

  private static func text(_ word: some FixedWidthInteger) -> String {
    let digits = String(word, radix: 16, uppercase: true)
    return String(repeating: "0", count: word.bitWidth / 4 - digits.count) + digits
  }

  /// Repeatable pseudo-random numbers (SplitMix64).
  private struct Numbers {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }
}
