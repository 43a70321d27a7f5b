import AssessmentModel
import Bytes
import YAMLDocument

/// A service that takes JSON over HTTP/1.1 in its own words (HTTP/JSON网关): templates of requests, places in
/// the answers. One connection a call, never kept.
struct HTTPAdapter: ServiceAdapter {
  /// The most an answer may have; it is far more than an outcome and a block need.
  static let answerLimit = 256 * 1024

  var host: String
  var commands: [CommandRole: HTTPCommand]

  var keepsConnection: Bool { false }

  func offers(_ role: CommandRole) -> Bool { commands[role] != nil }

  func variants(of role: CommandRole) -> [String] { offers(role) ? [role.rawValue] : [] }

  func takes(_ place: Placeholder, in role: CommandRole) -> Bool {
    commands[role]?.places.contains(place) == true
  }

  func saysVerificationFailed(_ code: String) -> Bool? { nil }

  func saysNotPermitted(_ code: String) -> Bool? { nil }

  func request(for call: ServiceCall) -> [UInt8]? {
    guard let command = commands[call.role],
      let path = command.path.filled(call.values, HTTPAdapter.percentEncoded),
      let body = command.body.filled(call.values, HTTPAdapter.jsonEscaped)
    else { return nil }
    var headers: [(String, String)] = []
    for header in command.headers {
      guard let value = header.value.filled(call.values),
        value.utf8.allSatisfy({ 0x20...0x7E ~= $0 })
      else { return nil }
      headers.append((header.name, value))
    }
    return HTTPAdapter.written(
      command.method, path, host: host, headers: headers, body: Array(body.utf8))
  }

  private static func written(
    _ method: String, _ path: String, host: String, headers: [(String, String)], body: [UInt8],
    claimedLength: Int? = nil
  ) -> [UInt8] {
    var head = "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n"
    if !headers.contains(where: { $0.0.lowercased() == "content-type" }) {
      head += "Content-Type: application/json\r\n"
    }
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    head += "Content-Length: \(claimedLength ?? body.count)\r\n\r\n"
    return Array(head.utf8) + body
  }

  func read(_ arrived: [UInt8], isEnded: Bool, answering call: ServiceCall?) -> AnswerReading {
    guard let message = HTTPMessage(arrived, isEnded: isEnded) else {
      return isEnded ? .garbage("no whole HTTP answer") : .incomplete
    }
    guard let status = message.status else {
      return .garbage("the answer does not begin with HTTP/1.")
    }
    let refused = ServiceAnswer(code: "http-\(status)", isOK: false)
    guard let call, let command = commands[call.role] else { return .answer(refused) }
    let faults = Faults()
    let node = YAMLDocument.parse(message.body, file: "answer.json", faults: faults)
    guard let node, faults.isEmpty else {
      return status >= 400 ? .answer(refused) : .garbage("the body is not JSON")
    }
    if let pointer = command.response.callID, let found = node.value(at: pointer),
      found != call.values[.callID]
    {
      return .foreign("the call's number is not the one sent")
    }
    var answer = refused
    if let pointer = command.response.code {
      guard let code = node.value(at: pointer) else {
        return status >= 400
          ? .answer(refused) : .garbage("nothing at the place of the outcome code")
      }
      answer.code = code
      answer.isOK = command.response.ok.contains(code)
    } else {
      answer.isOK = command.response.ok.contains(String(status))
    }
    if let pointer = command.response.block, let text = node.value(at: pointer), !text.isEmpty {
      guard let block = bytes(fromHexadecimal: text), [8, 16].contains(block.count) else {
        return answer.isOK
          ? .garbage("no block of 16 or 32 hexadecimal digits") : .answer(answer)
      }
      answer.block = block
    } else if call.role == .translate, answer.isOK, command.response.block != nil {
      return .garbage("an accepting answer without a block")
    }
    return .answer(answer)
  }

  func malformedRequests(spoiling good: ServiceCall) -> [MalformedRequest] {
    var good = good
    good.values[.callID] = "c0"
    guard let command = commands[good.role], let whole = self.request(for: good),
      let path = command.path.filled(good.values, HTTPAdapter.percentEncoded)
    else { return [] }
    func request(_ method: String, _ path: String, _ body: String, claimed: Int? = nil) -> [UInt8] {
      HTTPAdapter.written(
        method, path, host: host, headers: [], body: Array(body.utf8), claimedLength: claimed)
    }
    // A query behind the path would take the addition for its own.
    let unknown = path.prefix { $0 != "?" } + "/no-such-command"
    return [
      ("unknown path", request(command.method, String(unknown), "{}"), false, true),
      ("a body that is not JSON", request(command.method, path, "{\"block\": "), false, true),
      ("no fields", request(command.method, path, "{}"), false, true),
      ("a list instead of an object", request(command.method, path, "[[[[]]]]"), false, true),
      ("another method", request("DELETE", path, "{}"), false, true),
      (
        "a length too large", request(command.method, path, "{}", claimed: 4096), true, false
      ),
      ("no HTTP", Array("\u{1}\u{2}\r\n\r\n".utf8), true, false),
      ("a request cut short", Array(whole.dropLast(whole.count / 2)), true, false),
    ].map { MalformedRequest(name: $0, bytes: $1, breaksFrame: $2, needsAnswer: $3) }
  }

  private static func percentEncoded(_ text: String) -> String {
    text.utf8.map { byte in
      let isPlain =
        0x30...0x39 ~= byte || 0x61...0x7A ~= byte | 0x20 || Array("-._~".utf8).contains(byte)
      return isPlain
        ? String(UnicodeScalar(byte)) : "%" + hexadecimal([byte]).uppercased()
    }.joined()
  }

  private static func jsonEscaped(_ text: String) -> String {
    String(JSONText.compact(.text(text)).dropFirst().dropLast())
  }
}

/// One request of an HTTP service, and where its answer holds what.
struct HTTPCommand: Sendable, Hashable {
  struct Header: Sendable, Hashable {
    var name: String
    var value: RequestTemplate
  }
  /// JSON pointers (RFC 6901) into the answer.
  struct Response: Sendable, Hashable {
    /// nil: the status of the answer is its code.
    var code: JSONPointer?
    /// The codes that mean success.
    var ok: [String]
    var block: JSONPointer?
    /// Echoes `{call-id}`.
    var callID: JSONPointer?
  }
  var method: String
  var path: RequestTemplate
  var headers: [Header]
  var body: RequestTemplate
  var response: Response

  var places: Set<Placeholder> {
    headers.reduce(path.places.union(body.places)) { $0.union($1.value.places) }
  }
}

/// A place in a JSON value, RFC 6901: `/data/block`.
struct JSONPointer: Sendable, Hashable {
  var names: [String]

  /// nil unless it is empty or begins with a slash.
  init?(_ text: String) {
    guard text.isEmpty || text.hasPrefix("/") else { return nil }
    names = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
      // `~1` before `~0`, so that `~01` stays `~1`.
      $0.split(separator: "~1", omittingEmptySubsequences: false).joined(separator: "/")
        .split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~")
    }
  }
}

private extension YAMLNode {
  /// The text of the scalar at `pointer`; nil when there is none.
  func value(at pointer: JSONPointer) -> String? {
    var node = self
    for name in pointer.names {
      switch node.content {
      case .mapping(let entries):
        guard let entry = entries.first(where: { $0.key == name }) else { return nil }
        node = entry.value
      case .sequence(let items):
        guard let index = Int(name), items.indices.contains(index) else { return nil }
        node = items[index]
      case .scalar: return nil
      }
    }
    guard case .scalar(let text, _) = node.content, !node.isNull else { return nil }
    return text
  }
}

/// One HTTP/1.x answer in clear; nil while it is not whole.
private struct HTTPMessage {
  /// nil: the bytes are not HTTP.
  var status: Int?
  var body: [UInt8]

  init?(_ bytes: [UInt8], isEnded: Bool) {
    let start = Array("HTTP/1.".utf8)
    guard bytes.prefix(start.count).elementsEqual(start.prefix(bytes.count)) else {
      status = nil
      body = []
      return
    }
    guard let end = HTTPMessage.headEnd(bytes) else { return nil }
    let head = String(decoding: bytes[..<end], as: UTF8.self)
    let lines = head.split(whereSeparator: \.isNewline)
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count >= 2, let status = Int(words[1]), 100...599 ~= status else {
      self.status = nil
      body = []
      return
    }
    self.status = status
    var length: Int?
    var isChunked = false
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = line[..<colon].lowercased()
      let value = line[line.index(after: colon)...].filter { !$0.isWhitespace }.lowercased()
      if name == "content-length" { length = Int(value) }
      if name == "transfer-encoding" { isChunked = value == "chunked" }
    }
    let rest = Array(bytes[(end + 4)...])
    if isChunked {
      guard let whole = HTTPMessage.unchunked(rest) else { return nil }
      body = whole
    } else if let length, length >= 0 {
      guard rest.count >= length else { return nil }
      body = Array(rest.prefix(length))
    } else {
      guard isEnded else { return nil }
      body = rest
    }
  }

  /// The offset of the empty line.
  private static func headEnd(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 4 else { return nil }
    return (0...(bytes.count - 4)).first { bytes[$0..<($0 + 4)].elementsEqual([13, 10, 13, 10]) }
  }

  private static func unchunked(_ bytes: [UInt8]) -> [UInt8]? {
    var rest = bytes[...]
    var body: [UInt8] = []
    while let end = rest.firstIndex(of: 13), rest.distance(from: end, to: rest.endIndex) > 1 {
      let digits = String(decoding: rest[..<end], as: UTF8.self).prefix { $0 != ";" }
      guard let size = Int(digits, radix: 16), 0...HTTPAdapter.answerLimit ~= size else {
        return nil
      }
      rest = rest[(end + 2)...]
      if size == 0 { return body }
      guard rest.count >= size + 2 else { return nil }
      body += rest.prefix(size)
      rest = rest.dropFirst(size + 2)
    }
    return nil
  }
}
