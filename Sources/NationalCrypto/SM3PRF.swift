/// The key derivation of TLCP (GB/T 38636 6.5): P_hash of RFC 5246 5 with HMAC-SM3 (伪随机函数).
package enum SM3PRF {
  /// `length` bytes made of `secret`, `label` and `seed`.
  package static func derive(
    secret: [UInt8], label: String, seed: [UInt8], length: Int
  ) throws(CryptoError) -> [UInt8] {
    let labelled = Array(label.utf8) + seed
    var mac = try HMACSM3(key: secret)
    var chain = labelled
    var output: [UInt8] = []
    while output.count < length {
      chain = try mac.code(of: chain)
      output += try mac.code(of: chain + labelled)
    }
    return Array(output.prefix(length))
  }
}
