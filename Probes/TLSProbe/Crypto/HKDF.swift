import COpenSSL
import NationalCrypto

/// A hash of TLS 1.3's key schedule.
enum ScheduleHash: Sendable, Hashable {
  case sha256, sha384, sm3

  var length: Int {
    switch self {
    case .sha256, .sm3: 32
    case .sha384: 48
    }
  }

  private var method: OpaquePointer? {
    switch self {
    case .sha256: EVP_sha256()
    case .sha384: EVP_sha384()
    case .sm3: EVP_sm3()
    }
  }

  func digest(_ bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: length)
    guard EVP_Digest(bytes, bytes.count, &result, nil, method, nil) == 1 else {
      throw cryptoFailure("hashing a transcript")
    }
    return result
  }

  func hmac(key: [UInt8], _ message: [UInt8]) throws(CryptoError) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: length)
    var written: UInt32 = 0
    let code = HMAC(
      method, key, Int32(clamping: key.count), message, message.count, &result, &written)
    guard code != nil, Int(written) == length else { throw cryptoFailure("computing an HMAC") }
    return result
  }

  /// HKDF-Extract (RFC 5869 2.2).
  func extract(salt: [UInt8], _ secret: [UInt8]) throws(CryptoError) -> [UInt8] {
    try hmac(key: salt, secret)
  }

  /// HKDF-Expand-Label (RFC 8446 7.1).
  func expand(
    _ secret: [UInt8], label: String, context: [UInt8], length wanted: Int
  ) throws(CryptoError) -> [UInt8] {
    var info = ByteWriter()
    info.uint16(UInt16(clamping: wanted))
    info.vector(1) { $0.append(Array("tls13 \(label)".utf8)) }
    info.vector(1) { $0.append(context) }
    var output: [UInt8] = []
    var block: [UInt8] = []
    var counter: UInt8 = 1
    while output.count < wanted {
      block = try hmac(key: secret, block + info.bytes + [counter])
      output += block
      counter &+= 1
    }
    return Array(output.prefix(wanted))
  }
}

/// The last word of libcrypto on `operation`; its error queue is empty afterwards.
func cryptoFailure(_ operation: String) -> CryptoError {
  let code = ERR_get_error()
  ERR_clear_error()
  let reason = miping_error_reason(code).map { String(cString: $0) }
  return CryptoError(operation: operation, detail: reason ?? "libcrypto gave no reason")
}
