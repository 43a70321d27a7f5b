internal import COpenSSL

/// Owns libcrypto's view of a certificate for the time of one operation.
struct X509Handle: ~Copyable {
  let pointer: OpaquePointer

  init(_ der: [UInt8]) throws(CryptoError) {
    let operation = "reading a certificate"
    clearErrorQueue()
    var consumed = 0
    let pointer = der.withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      let certificate = d2i_X509(nil, &next, buffer.count)
      if let start = buffer.baseAddress, let next { consumed = next - start }
      return certificate
    }
    guard let pointer else { throw CryptoError.drained(operation) }
    guard consumed == der.count else {
      X509_free(pointer)
      throw CryptoError(
        operation: operation, detail: "offset \(consumed): bytes after the certificate")
    }
    clearErrorQueue()
    self.pointer = pointer
  }

  deinit { X509_free(pointer) }

  var isSelfIssued: Bool {
    X509_NAME_cmp(X509_get_subject_name(pointer), X509_get_issuer_name(pointer)) == 0
  }

  func subject() throws(CryptoError) -> String {
    try X509Handle.text(X509_get_subject_name(pointer))
  }

  func issuer() throws(CryptoError) -> String {
    try X509Handle.text(X509_get_issuer_name(pointer))
  }

  /// A name by RFC 4514.
  private static func text(_ name: OpaquePointer?) throws(CryptoError) -> String {
    let operation = "writing a name"
    guard let name, let output = BIO_new(BIO_s_mem()) else { throw CryptoError.drained(operation) }
    defer { BIO_free(output) }
    guard X509_NAME_print_ex(output, name, 0, miping_rfc4514_flags()) >= 0 else {
      throw CryptoError.drained(operation)
    }
    return String(decoding: MemoryBIO.contents(output), as: UTF8.self)
  }
}

/// Memory of libcrypto, read and written as bytes.
enum MemoryBIO {
  /// All that can be read from `bio`.
  static func contents(_ bio: OpaquePointer) -> [UInt8] {
    var contents: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = BIO_read(bio, &chunk, Int32(chunk.count))
      guard count > 0 else { return contents }
      contents += chunk.prefix(Int(count))
    }
  }
}
