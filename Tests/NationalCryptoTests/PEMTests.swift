import NationalCrypto
import Testing

@Suite("PEM, base64 and DER")
struct PEMTests {
  private func document(_ text: String) -> PEMDocument { PEMDocument(Array(text.utf8)) }

  @Test("Blocks are found between other text, indented and with either line end")
  func blocks() {
    let read = document(
      "\u{FEFF}words\r\n-----BEGIN A B-----\r\nAQID\r\n-----END A B-----\r\n\n"
        + "key: |\n    -----BEGIN C-----\n    AQ\n    ID\n    -----END C-----\n"
        + "-----BEGIN D-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: X,00\n\nAQ==\n-----END D-----")
    #expect(read.problems.isEmpty)
    #expect(read.blocks.map(\.label) == ["A B", "C", "D"])
    #expect(read.blocks.map(\.line) == [2, 7, 11])
    #expect(read.blocks.map(\.der) == [[1, 2, 3], [1, 2, 3], [1]])
    #expect(read.blocks.last?.headers == ["Proc-Type": "4,ENCRYPTED", "DEK-Info": "X,00"])
  }

  @Test(
    "A block that is not right to its end is a problem and no block",
    arguments: [
      "-----BEGIN A-----\nAQID\n", "-----BEGIN A-----\n-----END A-----",
      "-----BEGIN A-----\nAQID\n-----END B-----", "-----BEGIN A-----\nA*ID\n-----END A-----",
      "-----BEGIN A-----\nAQI\n-----END A-----", "-----BEGIN A-----\nAQ==AQID\n-----END A-----",
      "-----BEGIN A-----\nAR==\n-----END A-----",
    ])
  func broken(text: String) {
    let read = document(text)
    #expect(read.blocks.isEmpty)
    #expect(read.problems.map(\.line) == [1])
  }

  @Test("A block begun inside another is read, the outer one is a problem")
  func nested() {
    let read = document("-----BEGIN A-----\nAQID\n-----BEGIN B-----\nAQID\n-----END B-----\n")
    #expect(read.blocks.map(\.label) == ["B"])
    #expect(read.problems.map(\.line) == [1])
  }

  @Test("Prose about PEM is neither block nor problem")
  func prose() {
    let read = document(
      "It begins with -----BEGIN CERTIFICATE----- and ends with -----END CERTIFICATE-----.\n"
        + "-----END CERTIFICATE-----\n----------\n-----BEGIN -----\n")
    #expect(read.blocks.isEmpty)
    #expect(read.problems.isEmpty)
  }

  @Test("Problems beyond the bound are not kept, and the last one says so")
  func manyProblems() {
    let read = document(String(repeating: "-----BEGIN A-----\n", count: 5000))
    #expect(read.problems.count == PEMDocument.maximumProblems)
    #expect(read.problems.last?.message == "from here on not listed")
  }

  @Test("Base64 decodes what any encoder writes, and only that")
  func base64() {
    #expect(Base64.decode(Array("Zm9vYmFy".utf8)[...]) == Array("foobar".utf8))
    #expect(Base64.decode(Array("Zm8=".utf8)[...]) == Array("fo".utf8))
    for text in ["Zm8", "Zm9=", "Z===", "=m8=", "Zm 8", "Zm8=\n"] {
      #expect(Base64.decode(Array(text.utf8)[...]) == nil, "\(text)")
    }
    #expect(Base64.decode(Array("Zm\n8=\r\n".utf8)[...], lines: true) == Array("fo".utf8))
  }

  @Test(
    "DER with other than its shortest lengths, or cut, is refused",
    arguments: [
      [0x30], [0x30, 0x80, 0x00, 0x00], [0x30, 0x81, 0x01, 0x00], [0x30, 0x82, 0x00, 0x80],
      [0x30, 0x02, 0x00], [0x1F, 0x81, 0x01, 0x00], [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF],
      [0x30, 0x85, 1, 1, 1, 1, 1], [0x30, 0xFF], [],
    ] as [[UInt8]])
  func strictDER(bytes: [UInt8]) {
    #expect(throws: DERError.self) {
      var reader = DERReader(bytes)
      _ = try reader.next()
    }
  }
}
