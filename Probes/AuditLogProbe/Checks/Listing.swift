import Bytes
import Glibc
import NationalCrypto

/// What a digest says about a file: its SM3 and its size.
struct Listing: Sendable, Hashable {
  let sm3: String
  let size: Int

  /// Digests the file piece by piece.
  ///
  /// - Parameter visit: gets every piece, in order.
  init(_ path: String, visit: ([UInt8]) -> Void = { _ in }) throws(FileFailure) {
    let file = try OpenFile(path)
    var size = 0
    do throws(CryptoError) {
      var digest = try IncrementalDigest(.sm3)
      var piece: [UInt8] = []
      while true {
        piece.removeAll(keepingCapacity: true)
        do throws(FileFailure) {
          if try file.read(upTo: 1 << 18, into: &piece) == 0 { break }
        } catch {
          throw CryptoError(operation: "reading", detail: error.reason)
        }
        try digest.update(piece)
        visit(piece)
        size += piece.count
      }
      sm3 = hexadecimal(try digest.finish())
      self.size = size
    } catch {
      throw FileFailure(path: path, reason: error.description)
    }
  }
}

extension OpenFile {
  /// Whether a regular file, and no link to one, bears the name.
  static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}
