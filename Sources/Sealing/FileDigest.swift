import Bytes
import NationalCrypto

/// Size and digests of a file's bytes, as manifest and evidence list state them.
package struct FileDigest: Sendable, Hashable {
  /// In bytes.
  package var size: Int
  /// Lower-case hexadecimal.
  package var sm3: String
  package var sha256: String

  package init(size: Int, sm3: String, sha256: String) {
    self.size = size
    self.sm3 = sm3
    self.sha256 = sha256
  }

  package init(of bytes: [UInt8]) throws(SealingError) {
    size = bytes.count
    sm3 = try Self.sm3(bytes)
    sha256 = try withCrypto { () throws(CryptoError) in hexadecimal(try SHA256.digest(bytes)) }
  }

  /// Reads the file once, piece by piece, whatever its size.
  init(ofFile path: String) throws(SealingError) {
    var sums = try Sums()
    try Disk.forEachChunk(of: path) { chunk throws(SealingError) in
      try sums.update(chunk)
      return true
    }
    self = try sums.finish()
  }

  /// Both digests over the same bytes.
  private struct Sums: ~Copyable {
    private var size = 0
    private var sm3: IncrementalDigest
    private var sha256: IncrementalDigest

    init() throws(SealingError) {
      let first = try Self.started(.sm3)
      let second = try Self.started(.sha256)
      sm3 = first
      sha256 = second
    }

    private static func started(
      _ algorithm: DigestAlgorithm
    ) throws(SealingError) -> IncrementalDigest {
      do throws(CryptoError) { return try IncrementalDigest(algorithm) } catch {
        throw .crypto(error)
      }
    }

    mutating func update(_ chunk: UnsafeRawBufferPointer) throws(SealingError) {
      size += chunk.count
      do throws(CryptoError) {
        try sm3.update(chunk)
        try sha256.update(chunk)
      } catch { throw .crypto(error) }
    }

    mutating func finish() throws(SealingError) -> FileDigest {
      do throws(CryptoError) {
        return FileDigest(
          size: size, sm3: hexadecimal(try sm3.finish()), sha256: hexadecimal(try sha256.finish()))
      } catch { throw .crypto(error) }
    }
  }

  static func sm3(_ bytes: [UInt8]) throws(SealingError) -> String {
    try withCrypto { () throws(CryptoError) in hexadecimal(try SM3.digest(bytes)) }
  }

  /// Whether `text` is 32 bytes in lower-case hexadecimal.
  static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 64
      && text.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }
}
