import Glibc
import NationalCrypto

/// Reads what parameters name by reference: `file:PATH`, a bare path, or `env:NAME`.
enum ReferencedFile {
  /// More than this is refused; PEM bundles are some kilobytes.
  static let longest = 1 << 20

  /// - Returns: `nil` when it cannot be read, is empty or too long.
  static func read(_ reference: String) -> [UInt8]? {
    if reference.hasPrefix("env:") {
      guard let value = getenv(String(reference.dropFirst(4))) else { return nil }
      let bytes = Array(String(cString: value).utf8)
      return bytes.isEmpty || bytes.count > longest ? nil : bytes
    }
    let path = reference.hasPrefix("file:") ? String(reference.dropFirst(5)) : reference
    let bytes = try? SecretFile.read(path, atMost: longest)
    return bytes.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Every certificate of a PEM text, or the one of a DER file.
  static func certificates(_ bytes: [UInt8]) throws(CryptoError) -> [Certificate] {
    let blocks = PEMDocument(bytes).blocks.filter { $0.label.hasSuffix("CERTIFICATE") }
    if blocks.isEmpty { return [try Certificate(der: bytes)] }
    var list: [Certificate] = []
    for block in blocks { list.append(try Certificate(der: block.der)) }
    return list
  }
}
