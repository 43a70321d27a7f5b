import Glibc

/// Where one record of a text source ends.
enum Frame: Equatable {
  /// A record of the bytes up to `end`; the next one begins at `next`.
  case record(end: Int, next: Int)
  /// Nothing but white space up to `next`.
  case blank(next: Int)
  /// The bytes at hand hold no whole record.
  case unfinished
}

/// How records follow one another in a text source (记录分隔).
enum RecordFraming: Sendable, Hashable {
  /// One a line.
  case lines
  /// One a line, but line ends inside quotes belong to a field (RFC 4180).
  case csv
  /// Entries of `journalctl -o export`, ended by an empty line outside binary values.
  case journal

  func frame(_ bytes: Span<UInt8>, from start: Int) -> Frame {
    switch self {
    case .lines: Self.line(bytes, from: start)
    case .csv: Self.csv(bytes, from: start)
    case .journal: Self.entry(bytes, from: start)
    }
  }

  /// Whether reading can go on behind a record that is too long.
  var canSkip: Bool { self == .lines }

  private static func lineFeed(_ bytes: Span<UInt8>, from start: Int) -> Int? {
    guard start < bytes.count else { return nil }
    return bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress,
        let found = memchr(base + start, 0x0A, buffer.count - start)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  private static func line(_ bytes: Span<UInt8>, from start: Int) -> Frame {
    guard let end = lineFeed(bytes, from: start) else { return .unfinished }
    return isBlank(bytes, start..<end) ? .blank(next: end + 1) : .record(end: end, next: end + 1)
  }

  static func isBlank(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    for index in range {
      let byte = bytes[index]
      if byte != 0x20, byte != 0x09, byte != 0x0D { return false }
    }
    return true
  }

  private static func csv(_ bytes: Span<UInt8>, from start: Int) -> Frame {
    var isQuoted = false
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x22 {
        isQuoted.toggle()
      } else if byte == 0x0A, !isQuoted {
        return isBlank(bytes, start..<index)
          ? .blank(next: index + 1) : .record(end: index, next: index + 1)
      }
      index += 1
    }
    return .unfinished
  }

  private static func entry(_ bytes: Span<UInt8>, from start: Int) -> Frame {
    var index = start
    while let end = lineFeed(bytes, from: index) {
      if end == index {
        return index == start ? .blank(next: end + 1) : .record(end: index, next: end + 1)
      }
      var isText = false
      for place in index..<end where bytes[place] == 0x3D {
        isText = true
        break
      }
      index = end + 1
      if isText { continue }
      guard bytes.count - index >= 8 else { return .unfinished }
      let length = JournalRecordDecoder.length(bytes, index)
      guard length < bytes.count - index - 8 else { return .unfinished }
      index += 8 + length + 1
    }
    return .unfinished
  }
}
