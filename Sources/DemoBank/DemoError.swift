package import NationalCrypto

/// Why the demonstration bank could not be set up. What it should contain when it is up is no error of its.
package enum DemoError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The folder holds something that is not the bank's; nothing in it was touched.
  case folderInUse(path: String)
  /// A file or folder could not be made or read; `code` is the system's `errno`.
  case file(path: String, code: Int32)
  /// A socket on loopback could not be set up; `operation` is the call, `code` its `errno`.
  case socket(operation: String, code: Int32)
  /// A key, a certificate or a TLS context could not be made.
  case crypto(CryptoError)

  package var description: String {
    switch self {
    case .folderInUse(let path):
      "\(path) is not empty and was not made by the demo; expected an empty folder or none"
    case .file(let path, let code): "\(path) cannot be written: system error \(code)"
    case .socket(let operation, let code):
      "loopback server: \(operation) failed with system error \(code)"
    case .crypto(let error): error.description
    }
  }
}
