import Bytes
internal import COpenSSL
import Glibc
import NationalCrypto

/// A secret key in memory, wiped when nobody holds it any more.
///
/// Unchecked: the bytes are written once, before anybody else can see them, and only read afterwards.
final class SecretKey: @unchecked Sendable {
  private static let sizeLimit = 1 << 16
  private let storage: UnsafeMutableRawBufferPointer

  init(_ bytes: [UInt8]) {
    storage = .allocate(byteCount: bytes.count, alignment: 1)
    storage.copyBytes(from: bytes)
  }

  deinit {
    OPENSSL_cleanse(storage.baseAddress, storage.count)
    storage.deallocate()
  }

  /// A copy the caller wipes.
  var bytes: [UInt8] { Array(storage) }

  /// Reads a key where its reference says; nothing of it is in the failure.
  static func read(_ reference: KeyReference) throws(FileFailure) -> SecretKey {
    var text: [UInt8]
    let place: String
    switch reference.place {
    case .file(let path):
      text = try SmallFile.read(path, limit: sizeLimit)
      place = path
    case .environment(let name):
      guard let value = getenv(name) else {
        throw FileFailure(path: "env:\(name)", reason: "no such environment variable")
      }
      text = Array(String(cString: value).utf8)
      place = "env:\(name)"
    case .device(let kind):
      throw FileFailure(path: kind, reason: "keys inside a device cannot be read by this probe")
    }
    defer { wipe(&text) }
    // A code under no key at all proves nothing: a file that holds none is a mistake, not a key of no bytes.
    guard !trimmed(text).isEmpty else {
      throw FileFailure(path: place, reason: "there is no key in it, only nothing or blanks")
    }
    switch reference.format {
    case .raw: return SecretKey(text)
    case .hex:
      let digits = String(decoding: trimmed(text), as: UTF8.self)
      guard var bytes = Bytes.bytes(fromHexadecimal: digits) else {
        throw FileFailure(path: place, reason: "hexadecimal digits are expected, two a byte")
      }
      defer { wipe(&bytes) }
      return SecretKey(bytes)
    case .base64:
      guard var bytes = Base64.decode(trimmed(text), lines: true), !bytes.isEmpty else {
        throw FileFailure(path: place, reason: "base64 is expected")
      }
      defer { wipe(&bytes) }
      return SecretKey(bytes)
    }
  }

  private static func trimmed(_ text: [UInt8]) -> ArraySlice<UInt8> {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    let start = text.firstIndex { !isSpace($0) } ?? text.endIndex
    let end = text.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start
    return text[start..<max(start, end)]
  }
}
