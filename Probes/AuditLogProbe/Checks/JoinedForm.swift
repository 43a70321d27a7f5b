import Glibc

/// Writes the joined canonical form in UTF-8, in one pass over the texts: eight bytes are looked at and copied in
/// one step while none of them needs more.
struct JoinedForm: Sendable {
  private let separator: [UInt8]
  private let null: [UInt8]
  private let isEscaped: Bool
  /// Every byte of a word set to the byte a separator begins with.
  private let separatorWord: UInt64
  /// Whether the marks of escapes hold the separator's first byte without being told of it.
  private let isSeparatorMarked: Bool

  init(_ rule: CanonicalRule) {
    separator = rule.separator
    null = Array(rule.null.utf8)
    isEscaped = rule.escape == .backslash
    let first = rule.separator.first ?? 0x5C
    separatorWord = Self.ones &* UInt64(first)
    isSeparatorMarked = first < 0x20 || first | 0x20 == 0x7C
  }

  /// Appends the cells' texts; nil stands for null. True when a reader cannot tell what stood there: an unescaped
  /// separator or the null text stands in a value.
  ///
  /// - Parameters:
  ///   - slots: places in `fields`, each of a text, a number, null or absent.
  ///   - length: bytes of all their texts.
  func write(
    _ fields: borrowing RecordFields, _ slots: [Int], length: Int, into output: inout [UInt8]
  ) -> Bool {
    // An escape at most doubles a text. Whole words are written, of which the last may stand out.
    let room = 2 * length + slots.count * (null.count + separator.count) + 8
    return fields.bytes.withUnsafeBytes { texts in
      var isAmbiguous = false
      output.append(addingCapacity: room) { span in
        span.withUnsafeMutableBufferPointer { target, count in
          var run = Run(target: UnsafeMutableRawBufferPointer(target), count: count)
          for (index, slot) in slots.enumerated() {
            if index > 0 { run.put(separator) }
            let cell = fields.cells[slot]
            switch cell.kind {
            case .text, .number, .blob, .other:
              let start = run.count
              let text = cell.start..<cell.end
              let holdsSeparator =
                isEscaped ? escape(texts, text, &run) : copy(texts, text, &run)
              if holdsSeparator || run.holds(null, from: start) { isAmbiguous = true }
            case .absent, .null: run.put(null)
            }
          }
          count = run.count
        }
      }
      return isAmbiguous
    }
  }

  /// True when the separator stands in the text.
  private func copy(
    _ texts: UnsafeRawBufferPointer, _ text: Range<Int>, _ run: inout Run
  ) -> Bool {
    var holdsSeparator = separator.isEmpty && !text.isEmpty
    var at = text.lowerBound
    while at < text.upperBound, !holdsSeparator {
      at = plain(texts, at..<text.upperBound, &run) { word in Self.zeros(word ^ separatorWord) }
      guard at < text.upperBound else { break }
      holdsSeparator = starts(texts, at..<text.upperBound)
      run.put(texts[at])
      at += 1
    }
    run.put(UnsafeRawBufferPointer(rebasing: texts[at..<text.upperBound]))
    return holdsSeparator
  }

  /// Always false: whatever stands in the text is told from a separator.
  private func escape(
    _ texts: UnsafeRawBufferPointer, _ text: Range<Int>, _ run: inout Run
  ) -> Bool {
    if run.put(texts, text, unless: marked) { return false }
    var at = text.lowerBound
    while true {
      at = plain(texts, at..<text.upperBound, &run, marked: marked)
      guard at < text.upperBound else { return false }
      let byte = texts[at]
      if byte == 0x5C {
        run.put(0x5C)
        run.put(0x5C)
      } else if !separator.isEmpty, starts(texts, at..<text.upperBound) {
        run.put(0x5C)
        run.put(separator)
        at += separator.count
        continue
      } else if byte == 0x0A || byte == 0x0D {
        run.put(0x5C)
        run.put(byte == 0x0A ? 0x6E : 0x72)
      } else {
        run.put(byte)
      }
      at += 1
    }
  }

  /// The top bit of every byte that may need an escape, up to the lowest of them at least: control characters,
  /// backslash and bar are more than do, and quickly found.
  @inline(__always)
  private func marked(_ word: UInt64) -> UInt64 {
    let isControl = (word &- Self.ones &* 0x20) & ~word & (Self.ones &* 0x80)
    let found = isControl | Self.zeros((word | Self.ones &* 0x20) ^ (Self.ones &* 0x7C))
    return isSeparatorMarked ? found : found | Self.zeros(word ^ separatorWord)
  }

  /// Copies from `text.lowerBound` up to the first byte that `marked` sets a top bit for; returns its place, or
  /// the end of `text`.
  @inline(__always)
  private func plain(
    _ texts: UnsafeRawBufferPointer, _ text: Range<Int>, _ run: inout Run,
    marked: (UInt64) -> UInt64
  ) -> Int {
    var at = text.lowerBound
    while text.upperBound > at, texts.count - at >= 8 {
      let word = UInt64(littleEndian: texts.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      let length = min(8, text.upperBound - at)
      // What stands behind the text does not count.
      let found = marked(word) & (.max >> (8 * UInt64(8 - length)))
      // The lowest bit set belongs to the first byte that is marked.
      let count = found == 0 ? length : found.trailingZeroBitCount / 8
      run.put(word: word, count)
      at += count
      if found != 0 { return at }
    }
    while at < text.upperBound {
      guard marked(UInt64(texts[at]) | ~0xFF) & 0x80 == 0 else { return at }
      run.put(texts[at])
      at += 1
    }
    return at
  }

  private func starts(_ texts: UnsafeRawBufferPointer, _ text: Range<Int>) -> Bool {
    guard text.count >= separator.count else { return false }
    for index in separator.indices where texts[text.lowerBound + index] != separator[index] {
      return false
    }
    return true
  }

  private static let ones: UInt64 = 0x0101_0101_0101_0101

  /// The top bit of every byte that is zero, up to the lowest of them at least.
  private static func zeros(_ word: UInt64) -> UInt64 {
    (word &- ones) & ~word & (ones &* 0x80)
  }
}

/// Bytes written one after another into room set aside for them; what does not fit is left out.
private struct Run {
  let target: UnsafeMutableRawBufferPointer
  private(set) var count: Int

  mutating func put(_ byte: UInt8) {
    guard count < target.count else { return }
    target[count] = byte
    count += 1
  }

  /// A whole text; false, with nothing put, when `marked` finds a byte in it, or it cannot be read word by word.
  @inline(__always)
  mutating func put(
    _ texts: UnsafeRawBufferPointer, _ text: Range<Int>, unless marked: (UInt64) -> UInt64
  ) -> Bool {
    guard texts.count - text.upperBound >= 7, target.count - count >= text.count + 7 else {
      return false
    }
    var found: UInt64 = 0
    var at = text.lowerBound
    var place = count
    while text.upperBound - at >= 8 {
      let word = texts.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      target.storeBytes(of: word, toByteOffset: place, as: UInt64.self)
      found |= marked(word)
      at += 8
      place += 8
    }
    if at < text.upperBound {
      let word = texts.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      target.storeBytes(of: word, toByteOffset: place, as: UInt64.self)
      // What stands behind the text does not count.
      let unused = UInt64(8 - (text.upperBound - at)) * 8
      found |= marked(UInt64(littleEndian: word)) & (.max >> unused)
    }
    guard found == 0 else { return false }
    count += text.count
    return true
  }

  /// The first `length` bytes of the word.
  mutating func put(word: UInt64, _ length: Int) {
    guard target.count - count >= 8 else { return }
    target.storeBytes(of: word.littleEndian, toByteOffset: count, as: UInt64.self)
    count += length
  }

  mutating func put(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count > 0, target.count - count >= bytes.count, let source = bytes.baseAddress,
      let base = target.baseAddress
    else { return }
    memcpy(base + count, source, bytes.count)
    count += bytes.count
  }

  mutating func put(_ bytes: [UInt8]) {
    if bytes.count == 1 {
      put(bytes[0])
    } else {
      bytes.withUnsafeBytes { put($0) }
    }
  }

  /// Whether what was put from `start` on is exactly `bytes`; never for none.
  func holds(_ bytes: [UInt8], from start: Int) -> Bool {
    guard count - start == bytes.count, !bytes.isEmpty, let base = target.baseAddress else {
      return false
    }
    return memcmp(base + start, bytes, bytes.count) == 0
  }
}
