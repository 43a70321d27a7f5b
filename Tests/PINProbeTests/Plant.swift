import AssessmentModel
import Foundation
import TestSupport

@testable import PINProbe

/// Test data of one service and the values it would leak, for planting into logs.
struct Plant {
  static let pan = "6225886526752942"
  static let pin = "489571"
  static let longPAN = "6217000975579528115"
  static let longPIN = "148711"
  static let zpk = "29F1EF7FF146E5251662BC58C71AB032"
  static let sm4 = "16CF67299A943FCE407A5E0B54C64A13"
  static let otherPAN = "4000005977698455"
  static let field4 = "46148711AAAAAAAA749D4077911C20FA"

  static let canaries = """
    keys:
      - {id: zpk, algorithm: TDES-2K, role: pin, value: \(zpk)}
      - {id: sm4, algorithm: SM4, role: pin, value: \(sm4)}
    transactions:
      - {id: t1, pan: "\(pan)", pin: "\(pin)", format: 0, key: zpk}
      - {id: t2, pan: "\(longPAN)", pin: "\(longPIN)", format: 4, key: sm4, pin-field: \(field4)}
    """

  /// Clear block, enciphered block of t1; A, B and the enciphered block of t2.
  let clear0: [UInt8]
  let sealed0: [UInt8]
  let a: [UInt8]
  let b: [UInt8]
  let sealed4: [UInt8]

  init() throws {
    func key(_ text: String) -> [UInt8] {
      stride(from: 0, to: text.count, by: 2).compactMap {
        UInt8(text.dropFirst($0).prefix(2), radix: 16)
      }
    }
    guard let pin = PIN(Plant.pin), let pan = PAN(Plant.pan), let longPAN = PAN(Plant.longPAN),
      let field = UInt128(Plant.field4, radix: 16)
    else { throw CocoaError(.formatting) }
    let clear = try CompactBlock.clearBlock(of: pin, format: .format0, pan: pan)
    clear0 = bytes(of: clear)
    sealed0 = bytes(of: try PINKeyCipher(.tdes2, key: key(Plant.zpk)).encipher(clear))
    let sealed = try PINKeyCipher(.sm4, key: key(Plant.sm4)).sealExtended(field, pan: longPAN)
    a = bytes(of: sealed.a)
    b = bytes(of: sealed.b)
    sealed4 = bytes(of: sealed.block)
  }

  /// Everything that may never be in an output.
  var secrets: [String] {
    [Plant.pan, Plant.pin, Plant.longPAN, Plant.longPIN, Plant.zpk, Plant.sm4, Plant.field4]
      + [clear0, sealed0, a, b, sealed4].map { hexadecimal($0).uppercased() }
      + [clear0, sealed0, a, b, sealed4].map { Data($0).base64EncodedString() }
  }

  /// What the probe says of one log, as `line form` or `@offset form`.
  static func scan(
    _ log: [UInt8], name: String = "app.log", canaries: String? = Plant.canaries
  ) async throws -> (lines: [String], observation: Observation) {
    try await withTemporaryFolder { folder in
      let file = folder.appendingPathComponent(name)
      try Data(log).write(to: file)
      var path: String?
      if let canaries {
        let list = folder.appendingPathComponent("canaries.yaml")
        try Data(canaries.utf8).write(to: list)
        path = list.path
      }
      let observation = try await Fixture.inspectLogs(file.path, canaries: path)
      let lines = (observation.facts["pin.leaks"]?.list ?? []).map { leak in
        let place =
          leak["place"]?["line"]?.integer.map { "\($0)" }
          ?? "@\(leak["place"]?["offset"]?.integer ?? -1)"
        return "\(place) \(leak["form"]?.integer ?? 0)"
      }
      return (lines, observation)
    }
  }

  static func scan(
    _ log: String, name: String = "app.log", canaries: String? = Plant.canaries
  ) async throws -> [String] {
    try await scan(Array(log.utf8), name: name, canaries: canaries).lines
  }
}

/// A log without any leak, full of numbers: moments, amounts, numbers of requests, telephones, PANs alone, UUIDs,
/// digests, counters with pin in their names.
func cleanLog(lines: Int, seed: UInt64) -> String {
  var generator = SeededGenerator(seed: seed)
  func digits(_ count: Int) -> String {
    String((0..<count).map { _ in "0123456789".randomElement(using: &generator) ?? "0" })
  }
  func hex(_ count: Int) -> String {
    String((0..<count).map { _ in "0123456789abcdef".randomElement(using: &generator) ?? "0" })
  }
  func pan() -> String {
    let body =
      ["622588", "621700", "4000", "5105", "356600"].randomElement(using: &generator) ?? "62"
    let text = body + digits(15 - body.count)
    for check in 0...9 where PAN(text + "\(check)")?.hasValidCheckDigit == true {
      return text + "\(check)"
    }
    return text
  }
  var log = ""
  for number in 0..<lines {
    let time = "2026-03-\(10 + number % 20) 12:\(10 + number % 50):\(10 + number % 49).\(digits(3))"
    switch number % 16 {
    case 0: log += "\(time) INFO [pay-\(digits(4))] txn=\(digits(12)) amount=\(digits(6)).00 CNY\n"
    case 1:
      log += "\(time) DEBUG pan=\(pan()) stan=\(digits(6)) rrn=\(digits(12)) mcc=\(digits(4))\n"
    case 2:
      log +=
        "{\"ts\":\"\(time)\",\"id\":\"\(hex(8))-\(hex(4))-4\(hex(3))-a\(hex(3))-\(hex(12))\",\"ms\":\(digits(4))}\n"
    case 3: log += "\(time) phone=139\(digits(8)) orderNo=2026\(digits(16)) code=\(digits(6))\n"
    case 4: log += "\(time) sha256=\(hex(64)) md5=\(hex(32)) trace=\(hex(16))\n"
    case 5: log += "\(time) pin-length=0006 pin_retry=0003 spinning=1234 pinpad-id=\(digits(8))\n"
    case 6: log += "\(time) PIN verified, elapsed 0012 ms, pin_try_limit: 5000, shipping=123456\n"
    case 7: log += "\(time),\(pan()),\(digits(6)),\(digits(12)),156,00\n"
    case 8: log += "\(time) card \(pan()) amount \(digits(6)) status 0000\n"
    case 9: log += "\(time) 卡号：\(pan())，密码长度：000006，密码错误次数：0003，金额：\(digits(6))元\n"
    case 10: log += "\(time) track2=\(pan())=2612\(digits(9)) expiry \(pan())/2612\n"
    case 11: log += "\(time) DE52=**************** pin_block=masked pinBlockFormat=\(digits(4))\n"
    case 12:
      log += "{\"pan\":\"\(pan())\",\"pin\":\"******\",\"pinLength\":\"0006\",\"tries\":1000}\n"
    case 13: log += "\(time) \(pan()) 20260311 \(digits(6)).\(digits(2)) \(hex(40))\n"
    case 14: log += "\(time) keyId=\(digits(4)) key.check=\(hex(6)) zpk=U\(hex(32))\n"
    default: log += "\(time) 报文 02000000 长度 \(digits(4)) 返回码 00 流水 \(digits(12))\n"
    }
  }
  return log
}
