import AssessmentModel
import Bytes
import Foundation
import Testing

@testable import PINProbe

@Suite("Ways in which programs write PIN data into logs")
struct LogStyleTests {
  static func isFound(_ text: String, form: Int, canaries: String? = nil) async throws -> Bool {
    try await Plant.scan("12:00:00 \(text)\n", canaries: canaries).contains("1 \(form)")
  }

  @Test(
    "A PIN is found in names, lists, statements and printed objects",
    arguments: [
      "pin\t489571", "pin|489571|ok", "PIN | 489571 |", "pin;489571", "pin^489571",
      "PIN......: 489571",
      "pin --> 489571", "pin - [489571]", "pin='489571'", "set pin=N'489571' where id=1",
      "--pin 489571",
      "('pin', '489571')", "(pin, 489571)", "pin=Optional(\"489571\")", "pin=Some(489571)",
      "{\"pin\":{\"S\":\"489571\"}}", "{\"fieldName\":\"pin\",\"fieldValue\":\"489571\"}",
      "[\"pin\"]=> string(6) \"489571\"", "char pin[13] = \"489571\"", "pin[0]=489571",
      "pin_2=489571",
      "<property name=\"pin\"><value>489571</value>", "<param name=\"pin\" value=\"489571\"/>",
      "pinData=489571", "pin_buf=489571", "PIN (clear) = 489571", "PIN entered was 489571",
      "clear PIN 489571", "decrypted pin is 489571", "customer pin \"489571\"",
      "PinRequest{pan=***, pin='489571'}",
      "x\\npin=489571", "tradePwd=489571",
    ])
  func pins(text: String) async throws {
    #expect(try await Self.isFound(text, form: 1), "\(text)")
  }

  @Test(
    "A PIN is found behind Chinese words",
    arguments: [
      "密码 489571", "密码489571", "密码是489571", "密码（489571）", "密码「489571」", "密码=“489571”",
      "输入密码 489571", "用户输入密码489571", "PIN明文=489571", "明文PIN：489571", "密码明文：489571", "解密后密码：489571",
      "密码内容：489571", "密码值=489571", "PIN值=489571", "个人识别码：489571",
    ])
  func chinesePINs(text: String) async throws {
    #expect(try await Self.isFound(text, form: 1), "\(text)")
  }

  @Test("Every Chinese word has its writing in GB 18030 beside that in UTF-8")
  func encodings() {
    for word in NameVocabulary.chinese {
      let count = (64 - word.gb.leadingZeroBitCount + 7) / 8
      #expect(count == 2 * word.utf8.count, "\(word.utf8)")
    }
  }

  @Test(
    "What is escaped is read as what it stands for",
    arguments: [
      "%7B%22pin%22%3A%22489571%22%7D", "q=pin%3D489571", "pin=%22489571%22",
      "&quot;pin&quot;:&quot;489571&quot;",
      "&lt;pin&gt;489571&lt;/pin&gt;", "\\u0022pin\\u0022:\\u0022489571\\u0022",
      "pin=&#34;489571&#x22;",
      "\u{1B}[32mpin\u{1B}[0m=\u{1B}[1m489571\u{1B}[0m",
    ])
  func escapes(text: String) async throws {
    #expect(try await Self.isFound(text, form: 1), "\(text)")
  }

  @Test(
    "An enciphered block is found as switches, gateways and applications write it",
    arguments: [
      "DE052[16]: #", "DE52 [8] #", "FIELD 052 [016] = #", "S-052 : #", "P-052: #", "BM52=#",
      "BMP 052=#",
      "msg.52=#", "setField(52, \"#\")", "fields.52=#", "ISO field (52) value #", "(052) #",
      "(52): #", "[052]: #",
      "<52>#</52>", "052: #", "052 : #", "52 -> #".replacing(" -> ", with: "->"), "{52: '#'}",
      "052|B|8|#", "052,#",
      "<field id=\"52\" type=\"binary\" value=\"#\"/>", "{\"de\":52,\"len\":8,\"data\":\"#\"}",
      "{\"id\":52,\"value\":\"#\"}", "Field  52 (b   8): #", "DE052 BIN    8 [#]",
      "P-052  PIN data        = #", "[52][PIN DATA][8][#]", "F052 PIN data ....... #",
      "(052) PIN Data(b 64): #",
      "pinCipher=#", "pinEncrypted=#", "PIN cryptogram: #", "EPB: #", "pinBlockOut=#",
      "PinBlock{value=#}",
      "PinBlock{format=0, value=#}", "pinBlockHex=#", "PIN block (hex): #",
      "pin block under zpk: #",
      "PIN block received #", "translated PIN block #", "pinBlock\t#", "pinBlock|#|", "PIN块：#",
      "PIN数据=#",
      "52域=#", "【52】#", "域（52）：#", "字段52=#", "密码域=#", "pinBlock%3D#",
      "&lt;pinBlock&gt;#&lt;/pinBlock&gt;",
    ])
  func blocks(text: String) async throws {
    let line = text.replacing("#", with: "1A2B3C4D5E6F7081")
    #expect(try await Self.isFound(line, form: 4), "\(text)")
  }

  @Test(
    "A clear key is found by its name, one that is not said to be clear by its parity",
    arguments: [
      "PIN key clear value #", "clear value of key #", "ZPK (clear) #", "TMK in clear #",
      "IPEK clear=#",
      "clear component 1 = #", "keyComponent1 clear=#", "key part 1: #", "ZMK component 3: #",
      "密钥（明文）：#", "密钥分量1=#", "第一分量：#", "解密后密钥：#", "Key{alg=SM4, clear=#}", "clear_key|#|",
      "export clear key #",
    ])
  func keys(text: String) async throws {
    let line = text.replacing("#", with: "0123456789ABCDEFFEDCBA9876543211")
    #expect(try await Self.isFound(line, form: 5), "\(text)")
    for name in ["KEK=", "PIK=", "loaded ZPK ", "keyValue: "] {
      #expect(try await Self.isFound(name + Plant.zpk, form: 5), "\(name)")
      #expect(try await !Self.isFound(name + Plant.sm4, form: 5), "\(name)")
    }
  }

  /// As Java, C, Go and Python print arrays.
  static let lists: [@Sendable ([UInt8]) -> String] = [
    { "[\($0.map { "\(Int8(bitPattern: $0))" }.joined(separator: ", "))]" },
    { "[\($0.map { "\($0)" }.joined(separator: " "))]" },
    { "{\($0.map { "\($0)" }.joined(separator: ","))}" },
    { $0.map { "0x" + hexadecimal([$0]) }.joined(separator: ", ") },
    { $0.map { "(byte) 0x" + hexadecimal([$0]) }.joined(separator: ", ") },
    { $0.map { hexadecimal([$0]) }.joined(separator: ", ") },
    { $0.map { "\\x" + hexadecimal([$0]) }.joined() },
    { $0.map { "%" + hexadecimal([$0]) }.joined() },
    { $0.map { "\\" + octal($0) }.joined() },
    { groups(hexadecimal($0), 4).joined(separator: " ") },
    { groups(hexadecimal($0), 8).joined(separator: "-") },
  ]

  static func octal(_ byte: UInt8) -> String { String("00\(String(byte, radix: 8))".suffix(3)) }

  static func groups(_ text: String, _ count: Int) -> [String] {
    stride(from: 0, to: text.count, by: count).map { String(text.dropFirst($0).prefix(count)) }
  }

  @Test("Bytes printed as lists, escapes or groups are read", arguments: 0..<11)
  func lists(style: Int) async throws {
    let plant = try Plant()
    let write = Self.lists[style]
    for value in [plant.clear0, plant.sealed0, plant.a, plant.b, plant.sealed4] {
      let line = "item \(write(value))"
      #expect(try await Self.isFound(line, form: 2, canaries: Plant.canaries), "\(line)")
      #expect(try await !Self.isFound(line, form: 2), "\(line)")
    }
    #expect(try await Self.isFound("card \(Plant.pan) \(write(plant.clear0))", form: 3))
    let block: [UInt8] = [0x1A, 0x2B, 0x3C, 0x4D, 0x5E, 0x6F, 0x70, 0x81]
    #expect(try await Self.isFound("pinBlock=\(write(block))", form: 4))
    #expect(try await !Self.isFound("mac=\(write(block))", form: 4))
  }

  @Test(
    "Numbers that are no bytes end a list",
    arguments: ["0xFFFF", "FFFF", "-999", "9999", "-", "0x"])
  func longNumbers(item: String) async throws {
    for mark in [",", ", ", " "] {
      let list = Array(repeating: item, count: 12).joined(separator: mark)
      #expect(try await Plant.scan("x [\(list)]\n").isEmpty, "\(list)")
    }
  }

  @Test("A block in a command of a security module is found, and a PIN")
  func hostCommands() async throws {
    let key = "U0123456789ABCDEF0123456789ABCDE0"
    let block = "1A2B3C4D5E6F7081"
    for text in [
      "SSSSCA\(key)\(key)12\(block)0105588652675294",
      "0001CC\(key)\(key)12\(block)4701588652675294",
      "EA\(key)\(key)12\(block)0106588652675294", "HDR1DC\(key)\(key)\(block)015886526752941",
      "SSSSCD0006\(block)01", "SSSSW8221K0011K0020101\(block)588652675294588652675294",
    ] {
      #expect(try await Self.isFound("sent=\(text)", form: 4), "\(text)")
      let plain = text.replacing(block, with: hexadecimal(try Plant().clear0).uppercased())
      if !text.contains("CD0006") {
        #expect(try await Self.isFound("sent=\(plain)", form: 3), "\(plain)")
      }
    }
    #expect(try await Self.isFound(">> SSSSBA489571FFFFFFF588652675294", form: 1))
    for text in ["SSSSCA\(key)\(key)1234", "SSSSND00\(block)0701", "SSSSA0001\(key)"] {
      #expect(try await Plant.scan("\(text)\n", canaries: nil) == [], "\(text)")
    }
  }

  @Test("Dumps without offsets, behind a logger's prefix or in another layout are put together")
  func dumps() async throws {
    let bytes = MessageTests.composer(true, false).bytes
    let found = try #require(
      MessageFinder(bytes).messages(in: 0..<bytes.count, isTail: true).first?.message)
    let place = try #require(found.pinData(in: bytes)?.range.lowerBound)
    func rows(_ width: Int) -> [[String]] {
      stride(from: 0, to: bytes.count, by: width).map {
        SpacedBytesTests.pairs(hexadecimal(Array(bytes[$0..<min($0 + width, bytes.count)])))
      }
    }
    for (width, write) in [
      (16, { _, row in "  " + row.joined(separator: " ") }),
      (16, { "2026-03-01 12:00:00.123 DEBUG - \(offset($0 * 16)): " + $1.joined(separator: " ") }),
      (
        16,
        {
          "\(offset($0 * 16))  " + $1.prefix(8).joined(separator: " ") + " - "
            + $1.dropFirst(8).joined(separator: " ")
        }
      ),
      (16, { "[\(offset($0 * 16))] " + $1.joined(separator: " ") }),
      (8, { "\(offset($0 * 8)): " + $1.joined(separator: " ") + "  12 AB" }),
      (12, { _, row in "  " + row.map { "0x" + $0 }.joined(separator: ", ") + "," }),
      (32, { _, row in row.joined() }),
    ] as [(Int, (Int, [String]) -> String)] {
      let dump = rows(width).enumerated().map { write($0.offset, $0.element) }
      let line = "\(2 + place / width) 4"
      let log = "recv\n\(dump.joined(separator: "\n"))\nend\n"
      #expect(try await Plant.scan(log, canaries: nil) == [line], "\(log)")
    }
    func offset(_ value: Int) -> String { String(format: "%04X", value) }
  }

  @Test(
    "Near misses are none",
    arguments: [
      "passwd: 8125 entries loaded", "PIN error 1234", "PIN retry 3", "pin_id=123456",
      "PIN verify result: 0000", "密码错误，错误码1234", "密码键盘编号=12345678", "密码修改日期：20260311",
      "服务密码状态码 1234",
      "设备识别码：12345678", "{\"pin\":\"****\",\"value\":\"489571\"}", "pin=0, value=489571",
      "pin_block_id=1A2B3C4D5E6F7081", "pin_block mac=1A2B3C4D5E6F7081",
      "step 52: 1A2B3C4D5E6F7081",
      "12:34:52 1A2B3C4D5E6F7081", "page 52 hash 1A2B3C4D5E6F7081", "53: 1A2B3C4D5E6F7081",
      "ZPK check value 1A2B3C4D5E6F7081", "zpk=U29F1EF7FF146E5251662BC58C71AB032",
      "key=[18, 204, 7, 9, 1, 2, 3, 4]", "0080  9D C0 DB 9F 6F 52 3A 93 - 46 77 49 C9 C1 06 33 32",
      "id,pin_len,pin_retry\n7,4895,4895", "password=489571", "口令：489571", "shipping%3D489571",
      "spin|489571", "pin (12 of 489571)",
    ])
  func nearMisses(text: String) async throws {
    #expect(try await Plant.scan("\(text)\n", canaries: nil) == [], "\(text)")
  }

  @Test(
    "A name behind the value in its tag, and an element by its number and length, name the value",
    arguments: [
      ("<field value=\"1A2B3C4D5E6F7081\" id=\"52\"/>", 4),
      ("<isofield type='b' value='1a2b3c4d5e6f7081' length='8' id='52'>", 4),
      ("<f value=\"1A2B3C4D5E6F7081\" name=\"pinBlock\"/>", 4),
      ("<param value=\"489571\" name=\"pin\"/>", 1), ("recv 52,8,1A2B3C4D5E6F7081", 4),
      ("recv 41,8,T1|52|8|1A2B3C4D5E6F7081|", 4), ("52,16,1A2B3C4D5E6F7081", 4),
    ])
  func namesBehind(text: String, form: Int) async throws {
    #expect(try await Plant.scan("x \(text)\n", canaries: nil) == ["1 \(form)"], "\(text)")
  }

  @Test(
    "Another number, another tag or another attribute names nothing",
    arguments: [
      "<field value=\"1A2B3C4D5E6F7081\" id=\"53\"/>",
      "<a value=\"1A2B3C4D5E6F7081\"/><b id=\"52\"/>",
      "<a value=\"1A2B3C4D5E6F7081\" width=\"52\"/>", "<a value=\"489571\" name=\"pin-length\"/>",
      "<a value=\"489571\"/>\n<b name=\"pin\"/>", "<a value=\"1A2B3C4D5E6F7081",
      "12:52,8,1A2B3C4D5E6F7081", "a52,8,1A2B3C4D5E6F7081", "152,8,1A2B3C4D5E6F7081",
      "recv 52,7,1A2B3C4D5E6F7081", "took 52 8 1A2B3C4D5E6F7081", "4h 52h and 12h",
    ])
  func namesNothing(text: String) async throws {
    #expect(try await Plant.scan("x \(text)\n", canaries: nil) == [], "\(text)")
  }

  @Test("A PAN of any length in groups of four is one, also behind the number of a thread")
  func groupedAccounts() async throws {
    for length in 12...19 {
      let pan = String("6228501234567890139".prefix(length))
      let canaries = """
        keys: []
        transactions:
          - {id: t, pan: "\(pan)", pin: "739104", format: 0}
        """
      for mark in [" ", "-"] {
        let groups = stride(from: 0, to: length, by: 4).map { pan.dropFirst($0).prefix(4) }
        let three = groups.prefix(3) + (length > 12 ? [pan.dropFirst(12)] : [])
        for written in [groups.joined(separator: mark), three.joined(separator: mark)] {
          for line in [
            "\(written) 739104", "T3780 \(written) 739104", "\(written) code [739104]",
          ] {
            #expect(
              try await Plant.scan("x \(line)\n", canaries: canaries) == ["1 1"], "\(line)")
          }
          #expect(try await Plant.scan("x \(written)\n", canaries: canaries) == [], "\(written)")
        }
      }
    }
    // Without canaries the longer number that it is a part of is no PAN: the block does not open with it.
    let plant = try Plant()
    let block = hexadecimal(plant.clear0)
    let written = "6225 8865 2675 2942"
    #expect(try await Plant.scan("T37 \(written) \(block)\n", canaries: nil) == ["1 3"])
    #expect(try await Plant.scan("T3780 \(written) \(block)\n", canaries: nil) == ["1 3"])
    #expect(try await Plant.scan("x 3780 \(written) \(block)\n", canaries: nil) == [])
  }
}
