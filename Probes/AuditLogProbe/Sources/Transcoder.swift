import Glibc

/// Converts text between UTF-8 and GB18030 with the C library's tables.
final class Transcoder {
  enum Direction { case toUTF8, fromUTF8 }

  /// What cannot be converted, and where.
  struct Failure: Error, Sendable, Hashable {
    /// Bytes before the first one that is not understood.
    var offset: Int
  }

  private let handle: iconv_t

  /// nil where the C library has no tables for GB18030.
  init?(_ direction: Direction) {
    let opened =
      switch direction {
      case .toUTF8: iconv_open("UTF-8", "GB18030")
      case .fromUTF8: iconv_open("GB18030", "UTF-8")
      }
    // The C library answers (iconv_t)-1 when it cannot.
    guard let opened, UInt(bitPattern: opened) != UInt.max else { return nil }
    handle = opened
  }

  deinit { iconv_close(handle) }

  /// Appends the converted `text`.
  func convert(_ text: Span<UInt8>, into output: inout [UInt8]) throws(Failure) {
    let length = text.count
    guard length > 0 else { return }
    let handle = handle
    let start = output.count
    // No character grows to more than the double in either direction.
    let room = length * 2 + 8
    output.append(contentsOf: repeatElement(0, count: room))
    var unread = length
    var free = room
    let code = text.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBytes { target -> Int in
        var from = UnsafeMutablePointer<CChar>(
          mutating: UnsafeRawPointer(input.baseAddress)?.assumingMemoryBound(to: CChar.self))
        var to = target.baseAddress?.advanced(by: start).assumingMemoryBound(to: CChar.self)
        iconv(handle, nil, nil, nil, nil)
        return iconv(handle, &from, &unread, &to, &free)
      }
    }
    output.removeLast(min(free, room))
    // A conversion that is not exactly reversible is none.
    guard code == 0, unread == 0 else {
      output.removeLast(output.count - start)
      throw Failure(offset: length - unread)
    }
  }
}
