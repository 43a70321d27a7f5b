import AssessmentModel
import Bytes
import Foundation
import TestSupport
import Testing

@testable import PINProbe

@Suite("Bytes written apart, dumps and names of fields in logs")
struct SpacedBytesTests {
  static let styles: [@Sendable (String) -> String] = [
    { pairs($0).joined(separator: " ") }, { pairs($0).joined(separator: ":").lowercased() },
    { pairs($0).joined(separator: "-") },
    { pairs($0).map { "0x" + $0 }.joined(separator: " ") },
    { pairs($0).map { "0x" + $0 }.joined(separator: ",") },
    { pairs($0).map { $0 + "h" }.joined(separator: " ") },
  ]

  static func pairs(_ digits: String) -> [String] {
    let digits = Array(digits.uppercased())
    return stride(from: 0, to: digits.count - 1, by: 2).map { String(digits[$0...$0 + 1]) }
  }

  @Test("Canary values and keys are found with any mark between their bytes", arguments: 0..<6)
  func canaries(style: Int) async throws {
    let plant = try Plant()
    let write = Self.styles[style]
    for value in [plant.clear0, plant.sealed0, plant.a, plant.b, plant.sealed4] {
      let text = write(hexadecimal(value))
      for line in ["12:00:01 \(text)", "x [\(text)] end", "12:00:00.948 \(text)"] {
        #expect(try await Plant.scan("one\n\(line)\n") == ["2 2"], "\(line)")
      }
      let longer = write("4142" + hexadecimal(value) + "4344")
      #expect(try await Plant.scan("raw=\(longer)\n") == ["1 2"])
    }
    #expect(try await Plant.scan("loaded \(write(Plant.sm4))\n") == ["1 5"])
  }

  @Test("Clear and enciphered blocks are found so without canaries", arguments: 0..<6)
  func blocks(style: Int) async throws {
    let plant = try Plant()
    let write = Self.styles[style]
    for line in [
      "card \(Plant.pan) [\(write(hexadecimal(plant.clear0)))]",
      "buffer=\(write(Plant.field4))", "data \(write("26489571FFFFFFFF"))",
    ] {
      #expect(try await Plant.scan("\(line)\n", canaries: nil) == ["1 3"], "\(line)")
    }
    for name in ["DE52=", "pin_block: ", "<pinBlock>", "F052=["] {
      let line = name + write("1A2B3C4D5E6F7081")
      #expect(try await Plant.scan("x \(line)\n", canaries: nil) == ["1 4"], "\(line)")
    }
    let message = MessageTests.composer(true, false).bytes
    let line = "recv len=18 \(write(hexadecimal(message)))"
    #expect(try await Plant.scan("\(line)\n", canaries: nil) == ["1 4"])
    for line in [
      "card \(Plant.otherPAN) [\(write(hexadecimal(plant.clear0)))]",
      "mac=\(write("1A2B3C4D5E6F7081"))", "fingerprint \(write(Plant.zpk + "01020304"))",
      "pin_block=\(write("0000000000000000"))",
    ] {
      #expect(try await Plant.scan("\(line)\n", canaries: nil) == [], "\(line)")
    }
  }

  /// As four common programs and libraries write dumps.
  static func dumps(_ bytes: [UInt8]) -> [String] {
    let rows = stride(from: 0, to: bytes.count, by: 16).map {
      (offset: $0, bytes: Array(bytes[$0..<min($0 + 16, bytes.count)]))
    }
    func text(_ row: [UInt8]) -> String {
      String(decoding: row.map { (0x20..<0x7F).contains($0) ? $0 : 0x2E }, as: UTF8.self)
    }
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    return [
      rows.map { row in
        let pairs = pairs(hexadecimal(row.bytes).lowercased()).map { $0.lowercased() }
        let left = padded(pairs.prefix(8).joined(separator: " "), 24)
        let right = padded(pairs.dropFirst(8).joined(separator: " "), 24)
        return String(format: "%08x", row.offset) + "  \(left) \(right) |\(text(row.bytes))|"
      },
      rows.map { row in
        let pairs = pairs(hexadecimal(row.bytes)).joined(separator: " ")
        return String(format: "%04X", row.offset) + ": \(padded(pairs, 48)) \(text(row.bytes))"
      },
      rows.map { row in
        let pairs = pairs(hexadecimal(row.bytes)).joined(separator: " ")
        return "|" + String(format: "%08x", row.offset)
          + "| \(padded(pairs, 48))|\(text(row.bytes))|"
      },
      rows.map { row in
        let digits = Array(hexadecimal(row.bytes))
        let groups = stride(from: 0, to: digits.count, by: 4).map {
          String(digits[$0..<min($0 + 4, digits.count)])
        }
        let line = padded(groups.joined(separator: " "), 39)
        return "\t0x" + String(format: "%04x", row.offset) + ":  \(line)  \(text(row.bytes))"
      },
    ].map { $0.joined(separator: "\n") }
  }

  @Test("A message dumped over several lines is found at the line of its PIN block")
  func dumpedMessage() async throws {
    for message in [
      MessageTests.composer(true, false).bytes, MessageTests.composer(false, false).bytes,
      MessageTests.composer(false, true).bytes, framed(MessageTests.composer(true, false).bytes),
    ] {
      let found = try #require(
        MessageFinder(message).messages(in: 0..<message.count, isTail: true).first?.message)
      let offset = try #require(found.pinData(in: message)?.range.lowerBound)
      for dump in Self.dumps(message) {
        let leak = ["\(3 + offset / 16) 4"]
        #expect(
          try await Plant.scan("one\nrecv:\n\(dump)\nend\n", canaries: nil) == leak, "\(dump)")
        #expect(try await Plant.scan("one\nrecv:\n\(dump)", canaries: nil) == leak, "\(dump)")
      }
    }
  }

  @Test("A canary value across two lines of a dump is found; dumps of other bytes raise nothing")
  func dumpedValues() async throws {
    let plant = try Plant()
    var generator = SeededGenerator(seed: 91)
    let noise = (0..<26).map { _ in UInt8.random(in: 0...255, using: &generator) }
    for dump in Self.dumps(noise + plant.sealed4 + noise) {
      #expect(try await Plant.scan("x\n\(dump)\n") == ["3 2"], "\(dump)")
      #expect(try await Plant.scan("x\n\(dump)\n", canaries: nil) == [], "\(dump)")
    }
    let long = (0..<12_008).map { _ in UInt8.random(in: 0...255, using: &generator) }
    for dump in Self.dumps(long + plant.sealed4 + noise) {
      #expect(try await Plant.scan("\(dump)\n") == ["751 2"])
    }
  }

  @Test(
    "A PIN is found behind these names too",
    arguments: [
      "<pin><![CDATA[489571]]></pin>", "交易密码【489571】", "<PIN type=\"s\">489571</PIN>",
      "PIN码：489571",
      "PIN码=489571", "pin->489571", "pin: <489571>", "{\"key\":\"pwd\",\"val\":\"489571\"}",
      "clear PIN is 489571",
    ])
  func names(text: String) async throws {
    #expect(try await Plant.scan("12:00:00 \(text)\n", canaries: nil) == ["1 1"], "\(text)")
  }

  @Test("The full-width colon of GB 18030 parts a name from its PIN")
  func wideColon() async throws {
    let log = [0xC3, 0xDC, 0xC2, 0xEB, 0xA3, 0xBA] as [UInt8] + Array("489571\n".utf8)
    #expect(try await Plant.scan(log, canaries: nil).lines == ["1 1"])
  }

  @Test(
    "A block is found behind these names too",
    arguments: [
      "域52=1A2B3C4D5E6F7081", "52域：1A2B3C4D5E6F7081", "第52域[1A2B3C4D5E6F7081]",
      "[52] 1A2B3C4D5E6F7081", "iso.52=1A2B3C4D5E6F7081", "DE#52=1A2B3C4D5E6F7081",
      "密文PIN=1A2B3C4D5E6F7081", "PIN密文：1A2B3C4D5E6F7081", "\"pin\":\"1A2B3C4D5E6F7081\"",
      "encPin=1A2B3C4D5E6F70811A2B3C4D5E6F7082", "pinblk=1A2B3C4D5E6F7081",
      "pinBlock=0x1A2B3C4D5E6F7081", "密码=1A2B3C4D5E6F7081", "pwd=1A2B3C4D5E6F7081",
      "id,pin\n7,1A2B3C4D5E6F7081",
    ])
  func blockNames(text: String) async throws {
    let log = text.contains("\n") ? text : "\n12:00:00 \(text)"
    #expect(try await Plant.scan("\(log)\n", canaries: nil) == ["2 4"], "\(text)")
  }

  @Test("What is derived from a password, and other tags and brackets, are no PIN data")
  func otherNames() async throws {
    for text in [
      "pwd=1A2B3C4D5E6F70811A2B3C4D5E6F7082", "<amount pin=\"no\">489571</amount>",
      "[51] 1A2B3C4D5E6F7081", "50域：1A2B3C4D5E6F7081", "页码：489571", "spin->489571",
      "this 489571",
    ] {
      #expect(try await Plant.scan("12:00:00 \(text)\n", canaries: nil) == [], "\(text)")
    }
  }

  @Test("A grouped account number behind a time is one; messages one behind another are all found")
  func groupsAndRows() async throws {
    let line = "12:00:01.048 6225 8865 2675 2942 \(Plant.pin)\n"
    #expect(try await Plant.scan(line) == ["1 1"])
    let message = MessageTests.composer(false, true).bytes
    let prefix = Array(String(format: "%04d", message.count).utf8)
    let log = (0..<3).flatMap { _ in prefix + message }
    let (lines, _) = try await Plant.scan(log, name: "wire.txt", canaries: nil)
    #expect(lines == ["1 4", "1 4", "1 4"])
  }
}
