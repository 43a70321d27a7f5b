import AssessmentModel
import Foundation
import Testing

@testable import PINProbe

@Suite("The probe pin.logs")
struct PINLogsTests {
  @Test(
    "A PIN in a field named for it is found without canaries",
    arguments: [
      "pin=4895", "PIN: 489571", "\"pin\":\"489571\"", "\"pin\" : 489571,", "userPin=489571&x=1",
      "card_pin = '489571'", "<pin>489571</pin>", "[PIN] [489571]", "pwd=489571;", "mima:489571",
      "密码：489571，", "\"交易密码\":\"489571\"", "密码为489571", "{\\\"pin\\\":\\\"489571\\\"}",
      "\"\\u5bc6\\u7801\":\"489571\"", "\"name\":\"pin\",\"value\":\"489571\"", "pin_value=489571",
      "pinCode: 489571", "PINCode=489571", "newPIN(489571)", "passwd => 489571489571",
    ])
  func namedPIN(text: String) async throws {
    #expect(try await Plant.scan("12:00:00 \(text)\n", canaries: nil) == ["1 1"], "\(text)")
    #expect(try await Plant.scan("first\n\n\(text)", canaries: nil) == ["3 1"], "\(text)")
  }

  @Test("密码 in GB 18030 is a name of the PIN too")
  func gbk() async throws {
    let log = [0xC3, 0xDC, 0xC2, 0xEB, 0x3D] as [UInt8] + Array("489571\n".utf8)
    #expect(try await Plant.scan(log, canaries: nil).lines == ["1 1"])
  }

  @Test(
    "Names that only hold the letters, other values and masks are no PIN",
    arguments: [
      "pin-length=0006", "pin_retry=1234", "spinning=1234", "pin=***", "pin=123",
      "pin=1234567890123",
      "pin=2026-01-01", "pin=12.34.5678", "pinned: 4895", "pin 4895", "pin=4895ms",
      "pinTimeout: 5000",
      "密码长度=000006", "密码：489571次", "shipping: 489571", "opinion=4895", "PIN=48957*",
      "pin_block_len=0016", "pin.count=4895", "pincount=4895", "tapin: 4895",
    ])
  func notPIN(text: String) async throws {
    #expect(try await Plant.scan("12:00:00 \(text)\n", canaries: nil) == [], "\(text)")
  }

  @Test("A canary PIN beside its PAN is found, in another field or far away it is not")
  func besidePAN() async throws {
    let pan = Plant.pan
    let pin = Plant.pin
    for text in [
      "\(pan) \(pin)", "\(pan)/\(pin)", "pan=\(pan) entered=\(pin)", "\(pin),\(pan)",
      "\(pan)|\(pin)|00", "card \(pan) code [\(pin)]", "6225 8865 2675 2942 code \(pin)",
    ] {
      #expect(try await Plant.scan("\(text)\n") == ["1 1"], "\(text)")
    }
    for text in [
      "\(Plant.otherPAN) x=\(pin)", "pan=\(pan) t=12:\(pin)", "pan=\(pan) id=a\(pin)",
      "pan=\(pan) \(String(repeating: "-", count: 60)) \(pin)", "pan=\(pan)\n\(pin)",
    ] {
      #expect(try await Plant.scan("\(text)\n") == [], "\(text)")
    }
  }

  @Test("Without canaries digits right behind a PAN are a PIN unless they are a date or an amount")
  func behindPAN() async throws {
    for text in ["\(Plant.pan) 4895", "\(Plant.pan)/489571", "\(Plant.pan):489571"] {
      #expect(try await Plant.scan("x \(text)\n", canaries: nil) == ["1 1"], "\(text)")
    }
    for text in [
      "\(Plant.pan) : 4895", "card \(Plant.pan) pin 4895", "卡号\(Plant.pan)密码489571",
      "6225-8865-2675-2942 pin 4895", "x pin=4895,\(Plant.pan)",
    ] {
      #expect(try await Plant.scan("x \(text)\n", canaries: nil) == ["1 1"], "\(text)")
    }
    for text in [
      "\(Plant.pan) 489571 CNY", "\(Plant.pan) 4895 ms", "\(Plant.pan) 489571元", "pin=4895,000",
      "orderNo=\(Plant.pan) 489571", "trace \(Plant.pan) 489571", "1111222233334444 489571",
      "\(Plant.pan) 000012", "\(Plant.pan) 202612", "6225 8865 2675 2942 4895",
      "1773112345678903 489571", "pin 4895", "\(Plant.pan) pins 4895", "\(Plant.pan) shipping 4895",
      "\(Plant.pan)", "\(Plant.pan) 2612", "\(Plant.pan)/2612", "\(Plant.pan) 20260101",
      "\(Plant.pan) 13912345678", "\(Plant.pan) 000000010000", "\(Plant.pan) 4895.00",
      "\(Plant.pan),4895,00", "\(Plant.pan)=26122011234", "6225886526752943 4895",
    ] {
      #expect(try await Plant.scan("x \(text)\n", canaries: nil) == [], "\(text)")
    }
  }

  @Test("Every canary value is found in hexadecimal of either case, raw and in Base64")
  func canaryValues() async throws {
    let plant = try Plant()
    let field4 = try #require(UInt128(Plant.field4, radix: 16)).bigEndian
    let values =
      [plant.clear0, plant.sealed0, plant.a, plant.b, plant.sealed4]
      + [withUnsafeBytes(of: field4) { Array($0) }]
    for value in values {
      let upper = hexadecimal(value).uppercased()
      var mixed = ""
      for (index, digit) in upper.enumerated() {
        mixed += index.isMultiple(of: 2) ? digit.lowercased() : String(digit)
      }
      for text in [upper, upper.lowercased(), mixed, Data(value).base64EncodedString()] {
        #expect(try await Plant.scan("a\nblock \(text) end\n") == ["2 2"], "\(text)")
      }
      // In a longer run of digits, and in Base64 of a longer message.
      #expect(try await Plant.scan("a\nCA0123\(upper)0101\n") == ["2 2"])
      for count in 1...3 {
        let longer = Data([UInt8](repeating: 0x41, count: count) + value + [0x42, 0x43])
        #expect(try await Plant.scan("x=\(longer.base64EncodedString());\n") == ["1 2"])
      }
      let raw = try await Plant.scan(Array("\n\nx".utf8) + value + Array("\nend\n".utf8))
      #expect(raw.observation.facts["pin.leak-forms"] == [2])
      let offset = raw.observation.facts["pin.leaks"]?.list?.first?["place"]?["offset"]
      #expect(offset == 3)
    }
    for key in [Plant.zpk, Plant.sm4.lowercased()] {
      #expect(try await Plant.scan("loaded U\(key)\n") == ["1 5"])
    }
  }

  @Test("Clear blocks are found without canaries, by a PAN of the record or by their fill")
  func clearBlocks() async throws {
    let vectors = try Fixture.vectors().vectors
    var seen = 0
    for vector in vectors {
      switch vector.format {
      case 0 where (vector.pan?.count ?? 0) >= 13, 3 where (vector.pan?.count ?? 0) >= 13:
        let pan = try #require(vector.pan)
        let clear = try #require(vector.clearBlock)
        guard PAN(pan)?.hasValidCheckDigit == true else { continue }
        seen += 1
        #expect(
          try await Plant.scan("card \(pan) blk \(clear)\n", canaries: nil) == ["1 3"],
          "\(vector.id)")
        #expect(try await Plant.scan("card \(pan)\nblk \(clear)\n", canaries: nil) == [])
      case 2, 4:
        seen += 1
        #expect(
          try await Plant.scan("blk=\(vector.pinField.lowercased())\n", canaries: nil) == ["1 3"])
      default: break
      }
    }
    #expect(seen > 20)
  }

  @Test("In a JSON document of many lines an element is one record")
  func document() async throws {
    let plant = try Plant()
    let json = """
      [
        {
          "pan": "\(Plant.pan)",
          "emv": {"tag": 1},
          "data": "\(hexadecimal(plant.clear0))"
        },
        {
          "pan": "\(Plant.otherPAN)",
          "data": "\(hexadecimal(plant.clear0))"
        }
      ]
      """
    #expect(try await Plant.scan(json, name: "dump.json", canaries: nil) == ["5 3"])
  }

  @Test(
    "An enciphered block in a field named for it is form 4, a canary's form 2, a masked one none",
    arguments: [
      "DE52=1A2B3C4D5E6F7081", "\"52\":\"1A2B3C4D5E6F7081\"", "field 52: 1A2B3C4D5E6F7081",
      "F052=[1a2b3c4d5e6f7081]", "pinBlock=1A2B3C4D5E6F7081", "PIN_DATA: 1A2B3C4D5E6F7081",
      "<field id=\"52\" value=\"1A2B3C4D5E6F7081\"/>", "DE63=SM1A2B3C4D5E6F70811A2B3C4D5E6F7082",
    ])
  func namedBlock(text: String) async throws {
    #expect(try await Plant.scan("x \(text)\n", canaries: nil) == ["1 4"], "\(text)")
    let plant = try Plant()
    let canary = text.replacing(
      "1A2B3C4D5E6F70811A2B3C4D5E6F7082", with: hexadecimal(plant.sealed4)
    )
    .replacing("1A2B3C4D5E6F7081", with: hexadecimal(plant.sealed0))
    .replacing("1a2b3c4d5e6f7081", with: hexadecimal(plant.sealed0))
    #expect(try await Plant.scan("x \(canary)\n") == ["1 2"], "\(text)")
    let masked = text.replacing(
      "1A2B3C4D5E6F70811A2B3C4D5E6F7082", with: String(repeating: "*", count: 32)
    )
    .replacing("1A2B3C4D5E6F7081", with: "****************")
    .replacing("1a2b3c4d5e6f7081", with: "0000000000000000")
    #expect(try await Plant.scan("x \(masked)\n", canaries: nil) == [], "\(masked)")
  }

  @Test("A key that its field calls clear is found without canaries")
  func clearKeys() async throws {
    #expect(
      try await Plant.scan("Clear ZPK: 0123456789ABCDEFFEDCBA9876543210\n", canaries: nil) == [
        "1 5"
      ])
    #expect(try await Plant.scan("zpk=\(Plant.zpk)\n", canaries: nil) == ["1 5"])
    for name in [
      "clearKey", "plaintext_key", "ZPK明文", "明文密钥", "cleartext zpk", "密钥明文",
    ] {
      #expect(
        try await Plant.scan("\(name)：0123456789ABCDEFFEDCBA9876543211\n", canaries: nil)
          == ["1 5"], "\(name)")
    }
    #expect(
      try await Plant.scan("zpk=U0123456789ABCDEFFEDCBA9876543211\n", canaries: nil) == [])
  }

  @Test(
    "A clean log full of numbers raises nothing, with canaries and without", arguments: [1, 2, 3])
  func clean(seed: UInt64) async throws {
    let log = cleanLog(lines: 16_000, seed: seed)
    for canaries in [nil, Plant.canaries] {
      let (lines, observation) = try await Plant.scan(Array(log.utf8), canaries: canaries)
      let texts = log.split(separator: "\n", omittingEmptySubsequences: false)
      for line in lines {
        let number = line.split(separator: " ").first.flatMap { Int($0) } ?? 1
        Issue.record("\(line): \(texts[number - 1])")
      }
      #expect(observation.facts["pin.leak-count"] == 0)
      #expect(observation.facts["pin.logs-read"]?["bytes"]?.integer == log.utf8.count)
    }
  }

  @Test(
    "Leaks planted in a large log are all found with their lines, across the pieces it is read in")
  func planted() async throws {
    let plant = try Plant()
    let leaks = [
      "pin=\(Plant.pin)", "pan \(Plant.pan) \(Plant.pin)", "blk \(hexadecimal(plant.sealed0))",
      "card \(Plant.pan) clear \(hexadecimal(plant.clear0))", "DE52=1A2B3C4D5E6F7081",
      "key \(Plant.sm4)", "b \(Data(plant.b).base64EncodedString())",
    ]
    let forms = [1, 1, 2, 2, 4, 5, 2]
    var log = ""
    var expected: [String] = []
    var line = 0
    for round in 0..<120 {
      let clean = cleanLog(lines: 257, seed: UInt64(1000 + round))
      log += clean
      line += 257
      log += "x \(leaks[round % leaks.count]) y\n"
      line += 1
      expected.append("\(line) \(forms[round % leaks.count])")
    }
    #expect(log.utf8.count > 2 * LogFile.chunk)
    #expect(try await Plant.scan(log) == expected)
  }

  @Test("One line of several megabytes is looked through as well")
  func longLine() async throws {
    let filler = String(repeating: "{\"k\":\"value\",\"n\":12345},", count: 100_000)
    let text = "[\(filler){\"pin\":\"489571\"},\(filler)0]"
    let (_, observation) = try await Plant.scan(Array(text.utf8), canaries: nil)
    #expect(observation.facts["pin.leaks"]?.list?.count == 1)
    let offset = observation.facts["pin.leaks"]?.list?.first?["place"]?["offset"]?.integer
    #expect(offset == 1 + filler.utf8.count + 8)
  }

  @Test("Nothing secret is in the output, and places, counts and files are")
  func secrecy() async throws {
    let plant = try Plant()
    let log = plant.secrets.map { "pan=\(Plant.pan) pin=\(Plant.pin) v=\($0)\n" }.joined()
    let (lines, observation) = try await Plant.scan(
      Array(log.utf8), name: "trace-\(Plant.pan).log")
    #expect(lines.count > 10)
    let output = PINBlocksTests.output(observation).uppercased()
    for secret in plant.secrets { #expect(!output.contains(secret.uppercased())) }
    #expect(output.contains("622588******2942".uppercased()))
    #expect(observation.facts["pin.leak-forms"] == [1, 2, 5])
  }

  @Test("What was not looked through is named: compressed files, links, missing targets")
  func problems() async throws {
    try await withTemporaryFolder { folder in
      try Data([0x1F, 0x8B, 8, 0, 1, 2, 3]).write(to: folder.appendingPathComponent("old.log.gz"))
      try Data("pin=4895\n".utf8).write(to: folder.appendingPathComponent("b.log"))
      try Data().write(to: folder.appendingPathComponent("empty.log"))
      try FileManager.default.createSymbolicLink(
        at: folder.appendingPathComponent("link"), withDestinationURL: folder)
      let observation = try await Fixture.inspectLogs(folder.path)
      #expect(observation.facts["pin.leaks"]?.list?.count == 1)
      #expect(observation.facts["pin.leaks"]?.list?.first?["place"]?["path"] == "b.log")
      let paths = observation.facts["pin.log-problems"]?.list?.compactMap { $0["path"]?.text }
      #expect(paths == ["link", "old.log.gz"])
      let late = try await Fixture.inspectLogs(folder.path, seconds: -1)
      #expect(late.unavailable?.reason == .deadline)
      let without = try await Fixture.inspectLogs(folder.path, canaries: "/nonexistent.yaml")
      #expect(without.unavailable?.reason == .unreadable)
    }
    let missing = try await Fixture.inspectLogs("/nonexistent/logs")
    #expect(missing.unavailable?.reason == .unreadable)
    #expect(throws: (any Error).self) { try PINLogsProbe(parameters: ["canary": "x"]) }
    #expect(throws: (any Error).self) { try PINLogsProbe(parameters: ["canaries": 3]) }
  }
}
