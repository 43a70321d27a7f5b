internal import COpenSSL

/// Something cryptographic could not be done: the operation and why.
///
/// Thrown for "could not do it" only. A signature that does not verify is a value, not an error.
package struct CryptoError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was tried, in a few words: `reading a certificate`.
  package var operation: String
  /// What was found, what was expected; the drained error queue of libcrypto where it had a say.
  package var detail: String

  package init(operation: String, detail: String) {
    self.operation = operation
    self.detail = detail
  }

  package var description: String { "\(operation): \(detail)" }

  /// The error queue of libcrypto as one line, oldest entry first; the queue is empty afterwards.
  static func drained(_ operation: String) -> CryptoError {
    var entries: [String] = []
    while true {
      let code = ERR_get_error()
      if code == 0 { break }
      if entries.count < 8 {
        entries.append(
          miping_error_reason(code).map { String(cString: $0) } ?? "libcrypto error \(code)")
      }
    }
    return CryptoError(
      operation: operation,
      detail: entries.isEmpty ? "libcrypto gave no reason" : entries.joined(separator: "; "))
  }
}

/// Forgets what libcrypto queued about a failure that is an answer, so that it cannot be taken for the
/// reason of a later one.
func clearErrorQueue() { ERR_clear_error() }

/// Refuses any result but 1, libcrypto's word for success.
func require(_ result: Int32, _ operation: String) throws(CryptoError) {
  guard result == 1 else { throw CryptoError.drained(operation) }
}
