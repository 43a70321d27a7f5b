import Bytes

/// Host commands over TCP in the manner of payShield and many domestic financial HSMs (金融数据密码机主机命令).
///
/// | bytes | request | answer |
/// |---|---|---|
/// | 2 | length of all that follows, big-endian | the same |
/// | n | header, fixed by the site | the same, echoed |
/// | 2 | command | its second letter raised by one |
/// | 2 | – | outcome code, `00` for success |
/// | … | fields, ASCII | fields, ASCII |
struct HostCommandAdapter: ServiceAdapter {
  var header: String
  var commands: [CommandRole: HostCommand]
  /// Commands that take a clear PIN or give one out; a device has several.
  var clearPINCommands: [HostCommand] = []

  var keepsConnection: Bool { true }

  func offers(_ role: CommandRole) -> Bool { command(role) != nil }

  func variants(of role: CommandRole) -> [String] {
    role == .clearPIN ? clearPINCommands.map(\.code) : commands[role].map { [$0.code] } ?? []
  }

  private func command(_ role: CommandRole, _ variant: Int = 0) -> HostCommand? {
    guard role == .clearPIN else { return commands[role] }
    return clearPINCommands.indices.contains(variant) ? clearPINCommands[variant] : nil
  }

  func takes(_ place: Placeholder, in role: CommandRole) -> Bool {
    command(role)?.request.places.contains(place) == true
  }

  func saysVerificationFailed(_ code: String) -> Bool? { code == "01" }

  /// 10 and 11 name a key's parity or type, 17 not authorised, 26 to 29 key scheme, length, type, function, 33
  /// and 47, 67 to 69 disabled or not licensed, A6 to A8 a key block's use.
  func saysNotPermitted(_ code: String) -> Bool? {
    ["10", "11", "17", "26", "27", "28", "29", "33", "47", "67", "68", "69", "A6", "A7", "A8"]
      .contains(code)
  }

  func request(for call: ServiceCall) -> [UInt8]? {
    guard let command = self.command(call.role, call.variant),
      let fields = command.request.filled(call.values)
    else { return nil }
    return framed(header + command.code + fields)
  }

  private func framed(_ text: String, lengthError: Int = 0) -> [UInt8]? {
    let bytes = Array(text.utf8)
    guard bytes.count + lengthError <= 0xFFFF else { return nil }
    return [UInt8((bytes.count + lengthError) >> 8), UInt8((bytes.count + lengthError) & 0xFF)]
      + bytes
  }

  func read(_ arrived: [UInt8], isEnded: Bool, answering call: ServiceCall?) -> AnswerReading {
    let command = call.flatMap { self.command($0.role, $0.variant) }
    let short: AnswerReading =
      isEnded ? .garbage("the answer ends after \(arrived.count) bytes") : .incomplete
    guard arrived.count >= 2 else { return short }
    let length = Int(arrived[0]) << 8 | Int(arrived[1])
    let prefix = header.utf8.count + (command?.answer.utf8.count ?? 2)
    guard length >= prefix + 2 else {
      return .garbage("a length of \(length) at offset 0, at least \(prefix + 2) expected")
    }
    guard arrived.count >= 2 + length else { return short }
    guard arrived.count == 2 + length else {
      return .garbage("\(arrived.count - 2 - length) bytes after the answer")
    }
    let body = arrived.dropFirst(2)
    guard body.allSatisfy({ 0x20...0x7E ~= $0 }) else {
      return .garbage("a byte that is not printable ASCII")
    }
    guard call == nil || body.starts(with: Array(header.utf8)) else {
      return .foreign("the header is not the one sent")
    }
    if let command, !body.dropFirst(header.utf8.count).starts(with: Array(command.answer.utf8)) {
      return .foreign("not the answer command of \(command.code)")
    }
    let rest = Array(body.dropFirst(prefix))
    let code = String(decoding: rest.prefix(2), as: UTF8.self)
    return answer(code, fields: Array(rest.dropFirst(2)), command?.response ?? [])
  }

  /// Only a success must have its fields; a refusal may come with nothing or with anything.
  private func answer(
    _ code: String, fields: [UInt8], _ response: [HostCommand.Field]
  ) -> AnswerReading {
    var answer = ServiceAnswer(code: code, isOK: code == "00")
    let fixed = response.reduce(0) { $0 + ($1.length ?? 0) }
    guard fields.count >= fixed else {
      return answer.isOK
        ? .garbage("\(fields.count) bytes of fields, at least \(fixed) expected")
        : .answer(answer)
    }
    var rest = fields[...]
    for field in response {
      let length = min(rest.count, field.length ?? (fields.count - fixed))
      let text = String(decoding: rest.prefix(length), as: UTF8.self)
      rest = rest.dropFirst(length)
      switch field.kind {
      case .block:
        guard let block = bytes(fromHexadecimal: text), [8, 16].contains(block.count) else {
          return answer.isOK
            ? .garbage("no block of 16 or 32 hexadecimal digits") : .answer(answer)
        }
        answer.block = block
      case .masterKeyCheck: answer.masterKeyCheck = String(text.prefix(6))
      case .other: continue
      }
    }
    return .answer(answer)
  }

  func malformedRequests(spoiling good: ServiceCall) -> [MalformedRequest] {
    var requests: [MalformedRequest] = []
    func add(_ name: String, _ bytes: [UInt8]?, breaksFrame: Bool = false, needsAnswer: Bool = true)
    {
      guard let bytes else { return }
      requests.append(
        MalformedRequest(
          name: name, bytes: bytes, breaksFrame: breaksFrame, needsAnswer: needsAnswer))
    }
    add("unknown command", framed(header + "ZZ"))
    guard let command = self.command(good.role), let fields = command.request.filled(good.values)
    else { return requests }
    let whole = header + command.code + fields
    if fields.utf8.count > 4 { add("a command cut short", framed(String(whole.dropLast(4)))) }
    add("no fields", framed(header + command.code))
    add("a block with a letter that is no digit", framed(whole.dropLast(1) + "?"))
    let otherHeader = String(repeating: "~", count: header.utf8.count) + command.code + fields
    if !header.isEmpty { add("another header", framed(otherHeader), breaksFrame: true) }
    add("a length too small", framed(whole, lengthError: -4), breaksFrame: true, needsAnswer: false)
    add("a length too large", framed(whole, lengthError: 16), breaksFrame: true, needsAnswer: false)
    add("a length of zero", [0, 0], breaksFrame: true, needsAnswer: false)
    return requests
  }
}

/// One host command: how its fields are written and read.
struct HostCommand: Sendable, Hashable {
  enum FieldKind: String, Sendable, Hashable, CaseIterable {
    case block
    case masterKeyCheck = "master-key-check"
    case other
  }
  /// A field of the answer after the code; without a length it takes what the others leave.
  struct Field: Sendable, Hashable {
    var kind: FieldKind
    var length: Int?
  }
  var code: String
  /// The command of the answer; empty for families that answer with the code directly.
  var answer: String
  var request: RequestTemplate
  var response: [Field]

  /// The answer to a command of two characters: the second raised by one.
  static func answerCode(to code: String) -> String {
    let bytes = Array(code.utf8)
    guard bytes.count == 2, bytes[1] < 0x7E else { return "" }
    return String(decoding: [bytes[0], bytes[1] + 1], as: UTF8.self)
  }

  /// The commands known by name: those of payShield that concern PINs, and W8 of a domestic family.
  static func known(_ code: String) -> HostCommand? {
    let translated = [
      Field(kind: .other, length: 2), Field(kind: .block), Field(kind: .other, length: 2),
    ]
    let form: (String, [Field])? =
      switch code {
      case "CA", "CC":
        (
          "{source-key}{destination-key}12{block}{source-format}{destination-format}"
            + "{account-field}", translated
        )
      case "W8":
        (
          "{source-algorithm}{destination-algorithm}{source-key-length}{source-key}"
            + "{destination-key-length}{destination-key}{source-format}{destination-format}"
            + "{block}{account-field}{account-field2}", [Field(kind: .block)]
        )
      case "DC", "EC": ("{source-key}{pvk}{block}{source-format}{account}{pvki}{pvv}", [])
      case "DA", "EA":
        (
          "{source-key}{pvk}12{block}{source-format}04{account}{table}{validation}{offset}", []
        )
      case "NC": ("", [Field(kind: .masterKeyCheck, length: 16), Field(kind: .other)])
      case "BA": ("{clear-pin}{account}", [Field(kind: .other)])
      case "NG": ("{account}{clear-pin}", [Field(kind: .other)])
      case "QK": ("{clear-pin}{account}{account2}", [Field(kind: .other)])
      // Of domestic families: what stands behind them differs, and only whether they are off is asked.
      case "WW", "K8", "S4", "G2", "CD", "N7": ("{clear-pin}{account}", [Field(kind: .other)])
      case "M2": ("001100B{source-key}0010{block}", [Field(kind: .other)])
      case "M6": ("0111003{source-key}0010{block}", [Field(kind: .other)])
      case "A8": ("001{destination-key}{source-key}U", [Field(kind: .other)])
      default: nil
      }
    guard let form, let request = try? RequestTemplate(form.0) else { return nil }
    return HostCommand(
      code: code, answer: answerCode(to: code), request: request, response: form.1)
  }

  static let knownNames = [
    "A8", "BA", "CA", "CC", "CD", "DA", "DC", "EA", "EC", "G2", "K8", "M2", "M6", "N7", "NC", "NG",
    "QK", "S4", "W8", "WW",
  ]
}
