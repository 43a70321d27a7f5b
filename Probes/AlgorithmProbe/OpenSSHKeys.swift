import Bytes
import NationalCrypto

/// Keys as OpenSSH writes them: its private key file and one-line public keys.
enum OpenSSHKeys {
  /// What the clear part of a private key file says (PROTOCOL.key): the key, and whether it is encrypted.
  static func privateKey(_ data: [UInt8]) -> (key: KeyDescription, isEncrypted: Bool)? {
    let magic = Array("openssh-key-v1\0".utf8)
    guard data.starts(with: magic) else { return nil }
    var reader = ByteReader(data)
    do throws(ByteError) {
      _ = try reader.take(magic.count)
      let cipher = try string(&reader)
      _ = try string(&reader)
      _ = try string(&reader)
      guard try reader.uint32() >= 1 else { return nil }
      guard let key = publicKey(try string(&reader)) else { return nil }
      guard try !string(&reader).isEmpty else { return nil }
      return (key, cipher != Array("none".utf8))
    } catch { return nil }
  }

  /// A public key as SSH sends it (RFC 4253 6.6, RFC 5656, RFC 8709).
  static func publicKey(_ blob: [UInt8]) -> KeyDescription? {
    var reader = ByteReader(blob)
    do throws(ByteError) {
      let type = String(decoding: try string(&reader), as: UTF8.self)
      switch type {
      case "ssh-rsa":
        _ = try string(&reader)
        return KeyDescription(algorithm: "RSA", bits: bits(try string(&reader)))
      case "ssh-dss":
        return KeyDescription(algorithm: "DSA", bits: bits(try string(&reader)))
      case "ssh-ed25519": return KeyDescription(algorithm: "Ed25519", bits: 256)
      case "ecdsa-sha2-nistp256": return curve("P-256", 256)
      case "ecdsa-sha2-nistp384": return curve("P-384", 384)
      case "ecdsa-sha2-nistp521": return curve("P-521", 521)
      default: return nil
      }
    } catch { return nil }
  }

  /// The blob of a line `TYPE BASE64 COMMENT`; `nil` for any other line.
  static func blob(ofLine line: ArraySlice<UInt8>) -> [UInt8]? {
    guard line.starts(with: "ssh-".utf8) || line.starts(with: "ecdsa-sha2-".utf8) else {
      return nil
    }
    let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
    guard words.count >= 2, let blob = Base64.decode(words[1]) else { return nil }
    var reader = ByteReader(blob)
    guard let type = try? string(&reader), type.elementsEqual(words[0]) else { return nil }
    return blob
  }

  private static func curve(_ name: String, _ bits: Int) -> KeyDescription {
    KeyDescription(algorithm: "EC", bits: bits, curve: name, curveForm: .named)
  }

  private static func string(_ reader: inout ByteReader) throws(ByteError) -> [UInt8] {
    try reader.take(Int(try reader.uint32()))
  }

  private static func bits(_ number: [UInt8]) -> Int? {
    guard let top = number.firstIndex(where: { $0 != 0 }) else { return nil }
    return (number.count - top) * 8 - number[top].leadingZeroBitCount
  }
}
