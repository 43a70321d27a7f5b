/// What a server that does not speak TLS says first, in clear.
enum ClearProtocol: String, Sendable, Hashable, CaseIterable {
  case http, ssh, smtp, ftp, telnet, unknown

  init(_ bytes: [UInt8]) {
    let text = String(decoding: bytes.prefix(256), as: UTF8.self)
    let lower = text.lowercased()
    if text.hasPrefix("HTTP/") || lower.hasPrefix("<html") || lower.hasPrefix("<!doctype html") {
      self = .http
    } else if text.hasPrefix("SSH-") {
      self = .ssh
    } else if text.hasPrefix("220") || text.hasPrefix("421") || text.hasPrefix("554") {
      // Both greet with 220; mail servers name SMTP or ESMTP.
      self = lower.contains("smtp") || lower.contains("mail") ? .smtp : .ftp
    } else if bytes.first == 0xFF {
      self = .telnet
    } else {
      self = .unknown
    }
  }
}
