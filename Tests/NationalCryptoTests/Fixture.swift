import Foundation
import NationalCrypto

/// The files beside the tests.
enum Fixture {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  static func certificate(_ name: String) throws -> Certificate {
    try Certificate(pem: bytes("\(name).cert.pem"))
  }

  static let certificateNames = [
    "sm2-root", "sm2-inter", "sm2-server-sign", "sm2-server-enc", "sm2-otherid-sign", "sm2-noku",
    "sm2-explicit-curve", "mixed-sm2-leaf-rsa-ca", "rsa-inter", "rsa1024-sha1-server",
    "p256-root", "ed25519", "rsa-pss-sha384",
  ]
}

/// Writes DER for tests.
enum DER {
  static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    let count = content.count
    switch count {
    case ..<0x80: return [tag, UInt8(count)] + content
    case ..<0x100: return [tag, 0x81, UInt8(count)] + content
    case ..<0x10000: return [tag, 0x82, UInt8(count >> 8), UInt8(count & 0xFF)] + content
    default:
      return [tag, 0x83, UInt8(count >> 16), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
        + content
    }
  }

  static func sequence(_ parts: [UInt8]...) -> [UInt8] { element(0x30, parts.flatMap { $0 }) }

  static let rsaWithSHA256: [UInt8] = sequence(
    [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B], [0x05, 0x00])
  static let ed25519: [UInt8] = [0x06, 0x03, 0x2B, 0x65, 0x70]

  static func name(_ text: [UInt8], string: UInt8 = 0x0C) -> [UInt8] {
    sequence(element(0x31, sequence([0x06, 0x03, 0x55, 0x04, 0x03], element(string, text))))
  }

  /// A certificate with the given parts; its signature is nonsense, as reading does not verify it.
  static func certificate(
    serial: [UInt8] = [0x02, 0x01, 0x01], signature: [UInt8] = rsaWithSHA256,
    subject: [UInt8] = name(Array("x".utf8)),
    notBefore: [UInt8] = element(0x17, Array("260101000000Z".utf8)),
    notAfter: [UInt8] = element(0x17, Array("350101000000Z".utf8)),
    keyAlgorithm: [UInt8] = sequence(ed25519), key: [UInt8] = [UInt8](repeating: 7, count: 32),
    extensions: [UInt8] = []
  ) -> [UInt8] {
    let body = sequence(
      element(0xA0, [0x02, 0x01, 0x02]), serial, signature, name(Array("issuer".utf8)),
      sequence(notBefore, notAfter), subject, sequence(keyAlgorithm, element(0x03, [0] + key)),
      extensions.isEmpty ? [] : element(0xA3, element(0x30, extensions)))
    return sequence(body, signature, element(0x03, [0, 1, 2, 3]))
  }
}
