import Foundation

/// The service as JSON over HTTP: one request a connection.
struct HTTPFront: Sendable {
  /// Command by path.
  static let paths = [
    "/pin/translate": "translate", "/pin/verify": "verify", "/pin/verify-offset": "verify-offset",
    "/pin/clear": "clear-pin", "/data/decrypt": "decrypt-data", "/transactions": "transaction",
  ]
  private static let requestLimit = 64 * 1024

  let engine: ServiceEngine

  func serve(_ descriptor: CInt) {
    defer { PeerSocket.finish(descriptor) }
    var arrived: [UInt8] = []
    while arrived.count < Self.requestLimit {
      if let request = Request(arrived) {
        guard let (status, body) = answer(to: request) else { return }
        let head =
          "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.count)\r\n"
          + "Connection: close\r\n\r\n"
        PeerSocket.write(Array(head.utf8) + body, to: descriptor)
        return
      }
      let part = PeerSocket.read(descriptor)
      if part.isEmpty { return }
      arrived += part
    }
  }

  /// nil: the connection ends without an answer.
  private func answer(to request: Request) -> (status: String, body: [UInt8])? {
    guard let command = Self.paths[request.path] else {
      return engine.faults.contains(.crash) ? nil : ("404 Not Found", json("68", nil, nil))
    }
    guard request.method == "POST" else {
      return ("405 Method Not Allowed", json("68", nil, nil))
    }
    guard
      let fields = try? JSONDecoder().decode([String: String].self, from: Data(request.body))
    else { return ("400 Bad Request", json("15", nil, nil)) }
    let reply = engine.reply(to: command, fields)
    return ("200 OK", json(reply.code, reply.block, fields["id"]))
  }

  private func json(_ code: String, _ block: [UInt8]?, _ id: String?) -> [UInt8] {
    var fields = ["code": code]
    fields["block"] = block.map(Hexadecimal.text)
    fields["id"] = id
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return (try? Array(encoder.encode(fields))) ?? []
  }
}

/// A whole HTTP request; nil while it is not whole.
private struct Request {
  var method: String
  var path: String
  var body: [UInt8]

  init?(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].split(whereSeparator: \.isNewline)
    let words = lines.first?.split(separator: " ") ?? []
    method = words.first.map(String.init) ?? ""
    path = words.count > 1 ? String(words[1]) : ""
    let lengths = lines.filter { $0.lowercased().hasPrefix("content-length:") }
      .compactMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
    let rest = Array(text[end.upperBound...].utf8)
    guard rest.count >= min(max(0, lengths.first ?? 0), 65_536) else { return nil }
    body = rest
  }
}
