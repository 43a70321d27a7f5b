import Bytes
import Foundation

/// The PIN blocks of the tests, and a few messages and log lines, for libFuzzer to begin with.
enum PINSeeds {
  private struct Vectors: Decodable {
    var vectors: [Vector]
    var malformed: [Vector]
  }

  private struct Vector: Decodable {
    var format: UInt8
    var pan: String?
    var clearBlock: String?
    var pinField: String?
  }

  static func write(to folder: String, fixtures: URL) throws {
    let file = fixtures.appending(path: "PINProbeTests/Fixtures/vectors.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let known = try decoder.decode(Vectors.self, from: Data(contentsOf: file))
    for (place, vector) in (known.vectors + known.malformed).enumerated() {
      let pan = Array((vector.pan ?? "").utf8)
      guard let block = Bytes.bytes(fromHexadecimal: vector.clearBlock ?? vector.pinField ?? "")
      else { continue }
      // TDEA for blocks of 8 bytes, SM4 for those of 16.
      let head = [vector.format | (vector.format == 4 ? 6 : 1) << 3, UInt8(pan.count)]
      try Data(head + pan + block).write(to: URL(filePath: "\(folder)/pinblocks/\(place)"))
    }
    for (place, message) in messages.enumerated() {
      for target in ["messages", "pinlogs"] {
        try Data(message).write(to: URL(filePath: "\(folder)/\(target)/message-\(place)"))
      }
    }
    for (place, log) in logs.enumerated() {
      try Data(log.utf8).write(to: URL(filePath: "\(folder)/pinlogs/\(place)"))
    }
  }

  private static let block: [UInt8] = [0x1C, 0x9E, 0x4A, 0x57, 0xB8, 0x03, 0xD2, 0x6F]
  private static let wide = block + block.reversed()

  /// DE 2, 3, 4, 11, 22, 25, 26, 35, 41, 42, 49, 52, 53, 63, 64: in text, in text throughout, packed, and packed
  /// behind a length and a transport header.
  private static var messages: [[UInt8]] {
    let bitmap: [UInt8] = [0x70, 0x20, 0x04, 0xC0, 0x20, 0xC0, 0x98, 0x03]
    let digits =
      "166225886526752942000000000000012345000017021001237"
      + "6225886526752942D26122011234567890000"
    let text = Array((digits + "TERM0001MERCHANT0000001156").utf8)
    let security = Array("2600000000000000018SM".utf8)
    let plain = Array("0200".utf8) + bitmap + text + block + security + wide + block
    let hexadecimal =
      Array("0200".utf8) + upper(bitmap) + text + upper(block)
      + Array("2600000000000000034SM".utf8) + upper(wide) + upper(block)
    let packedDigits =
      Bytes.bytes(
        fromHexadecimal:
          "166225886526752942000000000000012345000017002100120"
          + "376225886526752942D261220112345678900000") ?? []
    let packed =
      [0x02, 0x00] + bitmap + packedDigits + Array("TERM0001MERCHANT0000001156".utf8) + block
      + [0x26, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x18] + Array("SM".utf8) + wide + block
    let transport = [0x60, 0x00, 0x03, 0x00, 0x00] + packed
    let framed = [UInt8(transport.count >> 8), UInt8(transport.count & 255)] + transport
    return [plain, hexadecimal, packed, framed, upper(framed)]
  }

  private static func upper(_ bytes: [UInt8]) -> [UInt8] {
    Array(hexadecimal(bytes).uppercased().utf8)
  }

  private static let logs = [
    "2026-03-10 12:00:00 card=6225886526752942 pin=489571 block=0448CD79AD98AD6B\n密码：4895\n",
    "id,pan,pin_block,zpk\n1,6225886526752942,1C9E4A57B803D26F,\"29F1EF7FF146E5251662BC58C71AB032\"\n",
    "{\n  \"pan\": \"6225886526752942\",\n  \"password\": \"4895\",\n  \"\\u5bc6\\u7801\": \"489571\"\n}\n",
    "00 10 1C 9E 4A 57 6225-8865-2675-2942 4895 HJ5KV7gD0m8= <pin>4895</pin>\n",
  ]
}
