import Bytes
import COpenSSL
import FoundationEssentials
import NationalCrypto

/// Protects the records of the demo's logs (完整性保护).
enum AuditProtection {
  /// Records from one signed head to the next.
  private static let headInterval = 8

  /// 16 random bytes.
  static func randomKey() -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }

  /// PEM of the public half.
  static func publicPEM(of key: DemoKey) throws(DemoError) -> [UInt8] {
    let operation = "writing a public key"
    let text = try MemoryText(operation)
    try require(PEM_write_bio_PUBKEY(text.bio, key.pointer) == 1, operation)
    return text.contents()
  }

  /// Chains the records: each value is computed over the one before, as hexadecimal text, and the record.
  ///
  /// - Returns: what stands before the first record, the SM3 of the log's name.
  static func chain(
    _ records: inout [AuditRecord], name: String, key: [UInt8]
  ) throws(DemoError) -> [UInt8] {
    do throws(CryptoError) {
      let genesis = try SM3.digest(Array(name.utf8))
      var code = try HMACSM3(key: key)
      var previous = hexadecimal(genesis)
      for index in records.indices {
        previous = hexadecimal(
          try code.code(of: Array((previous + records[index].canonical).utf8)))
        records[index].value = previous
      }
      return genesis
    } catch { throw .crypto(error) }
  }

  /// Gives each record a value of its own.
  static func codes(_ records: inout [AuditRecord], key: [UInt8]) throws(DemoError) {
    do throws(CryptoError) {
      var code = try HMACSM3(key: key)
      for index in records.indices {
        records[index].value = hexadecimal(
          try code.code(of: Array(records[index].canonical.utf8)))
      }
    } catch { throw .crypto(error) }
  }

  /// Signed heads after every eight records and after the last one, one a line.
  static func heads(
    _ records: [AuditRecord], name: String, signer: DemoKey
  ) throws(DemoError) -> String {
    let key = try signer.privatePEM(password: nil)
    var text = ""
    for (index, record) in records.enumerated() {
      let count = index + 1
      guard count % headInterval == 0 || count == records.count else { continue }
      let message = "audit-checkpoint/1\n\(name)\n\(count)\n\(record.value)\n\(record.time)\n"
      do throws(CryptoError) {
        let signature = Data(try SM2.sign(Array(message.utf8), privateKeyPEM: key))
          .base64EncodedString()
        text += """
          {"log_id":"\(name)","count":\(count),"head":"\(record.value)","ts":"\(record.time)",\
          "key_id":"heads-1","sig":"\(signature)"}

          """
      } catch { throw .crypto(error) }
    }
    return text
  }
}
