/// The service by host commands in the manner of payShield: CA, CC, W8, DC, EC, DA, EA, M2, BA, NC.
struct HostCommandFront: Sendable {
  static let header = "SSSS"

  let engine: ServiceEngine

  /// Answers frames until the peer goes away, or for good on the fault that crashes.
  func serve(_ descriptor: CInt) {
    var arrived: [UInt8] = []
    while true {
      while arrived.count >= 2 {
        let length = Int(arrived[0]) << 8 | Int(arrived[1])
        guard arrived.count >= 2 + length else { break }
        let frame = Array(arrived[2..<(2 + length)])
        arrived.removeFirst(2 + length)
        guard let answer = answer(to: String(decoding: frame, as: UTF8.self)) else { return }
        let bytes = Array(answer.utf8)
        let prefix = [UInt8(bytes.count >> 8 & 0xFF), UInt8(bytes.count & 0xFF)]
        guard PeerSocket.write(prefix + bytes, to: descriptor) else { return }
      }
      let part = PeerSocket.read(descriptor)
      if part.isEmpty { return }
      arrived += part
    }
  }

  /// nil: the connection ends without an answer.
  private func answer(to text: String) -> String? {
    let header = text.prefix(Self.header.utf8.count)
    let rest = text.dropFirst(Self.header.utf8.count)
    guard header.utf8.count == Self.header.utf8.count, rest.utf8.count >= 2 else {
      return Self.header + "ZZ15"
    }
    let command = String(rest.prefix(2))
    var reader = FieldScanner(rest: rest.dropFirst(2))
    let start = "\(header)\(Self.answerCode(command))"
    switch command {
    case "NC": return start + "00" + "0011223344556677" + "DEMO-1"
    case "CA", "CC", "W8":
      let fields = command == "W8" ? reader.domesticTranslation() : reader.translation()
      let reply = engine.reply(to: "translate", fields)
      guard let block = reply.block else { return start + reply.code }
      let hexadecimal = Hexadecimal.text(block)
      let format = fields["destination-format"] ?? ""
      return start + reply.code
        + (command == "W8" ? hexadecimal : "04" + hexadecimal + format)
    case "DC", "EC":
      return start + engine.reply(to: "verify", reader.verification()).code
    case "DA", "EA":
      return start + engine.reply(to: "verify-offset", reader.offsetVerification()).code
    case "M2":
      let reply = engine.reply(to: "decrypt-data", reader.data())
      return start + reply.code + (reply.block.map { "00" + Hexadecimal.text($0) } ?? "")
    case "BA":
      let reply = engine.reply(to: "clear-pin", [:])
      return start + reply.code + (reply.code == "00" ? "00000" : "")
    default:
      return engine.faults.contains(.crash) ? nil : start + ServiceEngine.Refusal.disabled.rawValue
    }
  }

  private static func answerCode(_ command: String) -> String {
    let bytes = Array(command.utf8)
    guard bytes.count == 2, bytes[1] < 0x7E else { return "ZZ" }
    return String(decoding: [bytes[0], bytes[1] + 1], as: UTF8.self)
  }
}

/// Takes the fields of a command one after another; what is missing stays out, and the engine refuses it.
private struct FieldScanner {
  var rest: Substring

  private mutating func take(_ count: Int) -> String? {
    guard rest.utf8.count >= count else {
      rest = ""
      return nil
    }
    defer { rest = rest.dropFirst(count) }
    return String(rest.prefix(count))
  }

  /// A scheme letter and 32 digits, or 16 digits alone.
  private mutating func key() -> String? {
    take(["U", "S"].contains(rest.first) || rest.first == "A" ? 33 : 16)
  }

  mutating func translation() -> [String: String] {
    var fields: [String: String] = [:]
    fields["source-key"] = key()
    fields["destination-key"] = key()
    _ = take(2)
    // The source format stands behind the block, so the key's scheme says how long the block is.
    let isWide = ["S", "A"].contains(fields["source-key"]?.prefix(1))
    fields["block"] = take(isWide ? 32 : 16)
    fields["source-format"] = take(2)
    fields["destination-format"] = take(2)
    fields["pan"] = String(rest)
    return fields
  }

  mutating func domesticTranslation() -> [String: String] {
    var fields: [String: String] = [:]
    _ = take(2)
    _ = take(1)
    fields["source-key"] = key()
    _ = take(1)
    fields["destination-key"] = key()
    fields["source-format"] = take(2)
    fields["destination-format"] = take(2)
    fields["block"] = take(fields["source-format"] == "48" ? 32 : 16)
    let half = rest.utf8.count / 2
    fields["pan"] = take(half)
    fields["pan2"] = String(rest)
    return fields
  }

  mutating func verification() -> [String: String] {
    var fields: [String: String] = [:]
    fields["source-key"] = key()
    fields["pvk"] = key()
    fields["block"] = take(16)
    fields["source-format"] = take(2)
    fields["pan"] = take(12)
    fields["pvki"] = take(1)
    fields["pvv"] = take(4)
    return fields
  }

  mutating func offsetVerification() -> [String: String] {
    var fields: [String: String] = [:]
    fields["source-key"] = key()
    fields["pvk"] = key()
    _ = take(2)
    fields["block"] = take(16)
    fields["source-format"] = take(2)
    _ = take(2)
    fields["pan"] = take(12)
    fields["table"] = take(16)
    fields["validation"] = take(12)
    fields["offset"] = take(12)
    return fields
  }

  mutating func data() -> [String: String] {
    var fields: [String: String] = [:]
    _ = take(7)
    fields["source-key"] = key()
    _ = take(4)
    fields["block"] = String(rest)
    return fields
  }
}
