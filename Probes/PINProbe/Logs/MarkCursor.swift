import Glibc

/// The next place of one byte in a piece of a log, found once and kept (标记游标): what occurs rarely costs next to
/// nothing for each record.
struct MarkCursor {
  private let mark: UInt8
  private var next = 0
  private var isKnown = false

  init(_ mark: UInt8) { self.mark = mark }

  /// The first place of the byte in `start..<end`.
  @inline(__always)
  mutating func first(in bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Int? {
    if !isKnown || next < start { seek(bytes, start) }
    return next < end ? next : nil
  }

  private mutating func seek(_ bytes: UnsafeRawBufferPointer, _ start: Int) {
    isKnown = true
    next = .max
    guard let base = bytes.baseAddress, start < bytes.count,
      let found = memchr(base + start, Int32(mark), bytes.count - start)
    else { return }
    next = UnsafeRawPointer(found) - base
  }
}
