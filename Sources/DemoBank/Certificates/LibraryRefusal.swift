import COpenSSL
import NationalCrypto

extension DemoError {
  /// libcrypto or libssl refused: its error queue as one line, oldest first; the queue is empty afterwards.
  static func libcrypto(_ operation: String) -> DemoError {
    var reasons: [String] = []
    while true {
      let code = ERR_get_error()
      if code == 0 { break }
      guard reasons.count < 8 else { continue }
      reasons.append(miping_error_reason(code).map { String(cString: $0) } ?? "error \(code)")
    }
    let detail = reasons.isEmpty ? "the library gave no reason" : reasons.joined(separator: "; ")
    return .crypto(CryptoError(operation: operation, detail: detail))
  }
}

/// Throws the library's reason unless `succeeded`.
func require(_ succeeded: Bool, _ operation: String) throws(DemoError) {
  guard succeeded else { throw .libcrypto(operation) }
}

/// Memory of libcrypto that something is written to as text.
struct MemoryText: ~Copyable {
  let bio: OpaquePointer

  init(_ operation: String) throws(DemoError) {
    guard let bio = BIO_new(BIO_s_mem()) else { throw .libcrypto(operation) }
    self.bio = bio
  }

  deinit { BIO_free(bio) }

  /// All that was written and not yet read.
  func contents() -> [UInt8] {
    var contents: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = BIO_read(bio, &chunk, Int32(chunk.count))
      guard count > 0 else { return contents }
      contents += chunk.prefix(Int(count))
    }
  }
}
