/// Looks through a piece of a log that is in memory, record by record and as a whole.
struct ChunkScanner {
  /// Zero bytes behind the piece, so that whole words may be read at its end.
  static let padding = 192
  /// Hexadecimal text inside hexadecimal text is followed so deep.
  static let maximumDepth = 2
  /// A longer run of hexadecimal digits is a file, not a message.
  static let maximumRun = 1 << 15

  private let index: CanaryIndex
  private var scanner: RecordScanner
  private var dump = HexadecimalDump()
  /// Where the bytes of the last record begin that may be a line of a dump.
  private var firstBytes: Int?
  private(set) var sightings: [Sighting] = []

  init(_ index: CanaryIndex) {
    self.index = index
    scanner = RecordScanner(canaries: index)
  }

  /// Other bytes are looked at than before.
  mutating func reset() { scanner.cursors = RecordScanner.Cursors() }

  mutating func takeSightings() -> [Sighting] {
    defer { sightings.removeAll(keepingCapacity: true) }
    return sightings
  }

  /// Takes the record that was scanned last as a line of a hexadecimal dump; with any other record, or with none,
  /// the dump is over and looked through.
  mutating func scanDump(_ buffer: [UInt8], _ start: Int, _ end: Int) {
    let first = start < end ? firstBytes : nil
    guard first != nil || !dump.bytes.isEmpty,
      !buffer.withUnsafeBytes({ dump.take($0, first, start, end) })
    else { return }
    let (bytes, places, isLong) = (dump.bytes, dump.places, dump.lines > 1)
    dump.clear()
    _ = buffer.withUnsafeBytes { dump.take($0, first, start, end) }
    if isLong { scanBytes(bytes, places, depth: 0) }
  }

  /// What was looked at moved `count` bytes towards the beginning of the buffer.
  mutating func move(by count: Int) { dump.move(by: count) }

  /// Messages, canary values and text among bytes that were written in hexadecimal apart from each other.
  private mutating func scanBytes(_ bytes: [UInt8], _ places: [Int], depth: Int) {
    let count = sightings.count
    let padded = bytes + [UInt8](repeating: 0, count: ChunkScanner.padding)
    scanLiterals(padded, 0, bytes.count)
    let messages = MessageFinder(bytes, withPINs: true).messages(in: 0..<bytes.count, isTail: true)
    for found in messages { note(found, in: bytes) { $0 } }
    if messages.isEmpty, depth < ChunkScanner.maximumDepth, bytes.allSatisfy(ChunkScanner.isText) {
      scanInner(padded, bytes.count, depth)
    }
    for index in sightings.indices.dropFirst(count) {
      sightings[index].run = SpacedBytes.place(of: sightings[index].run, in: places)
    }
  }

  /// Text found within text.
  private mutating func scanInner(_ padded: [UInt8], _ count: Int, _ depth: Int) {
    let cursors = scanner.cursors
    reset()
    _ = scanRecord(padded, 0, count, depth: depth + 1)
    scanner.cursors = cursors
  }

  /// The record with what is escaped in it written out.
  private mutating func scanEscaped(_ text: EscapedText, _ depth: Int) {
    guard depth < ChunkScanner.maximumDepth else { return }
    let count = sightings.count
    let padded = text.bytes + [UInt8](repeating: 0, count: ChunkScanner.padding)
    scanLiterals(padded, 0, text.bytes.count)
    scanInner(padded, text.bytes.count, depth)
    for index in sightings.indices.dropFirst(count) {
      sightings[index].run = text.place(of: sightings[index].run)
    }
  }

  private static func isText(_ byte: UInt8) -> Bool {
    byte >= 0x20 || byte == 0x0A || byte == 0x0D || byte == 9
  }

  /// One record, a very long one in pieces. Returns whether it had bytes that text never has.
  mutating func scanRecord(_ buffer: [UInt8], _ start: Int, _ end: Int, depth: Int = 0) -> Bool {
    guard end - start > RecordScanner.maximumRecord else {
      return scanPiece(buffer, start, end, depth)
    }
    var hasControl = false
    var place = start
    while place < end {
      let next =
        end - place > RecordScanner.maximumRecord
        ? ChunkScanner.cut(buffer, place, place + RecordScanner.maximumRecord) : end
      if scanPiece(buffer, place, next, depth) { hasControl = true }
      place = next
    }
    return hasControl
  }

  /// Where a piece of a long record ends: behind a mark between two fields, else between two words.
  static func cut(_ buffer: [UInt8], _ start: Int, _ end: Int) -> Int {
    let tail = buffer[max(start, end - 4096)..<end]
    let marks = [UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: ";"), UInt8(ascii: "\n")]
    let last = tail.lastIndex { marks.contains($0) } ?? tail.lastIndex(of: UInt8(ascii: " "))
    return last.map { $0 + 1 } ?? end
  }

  private mutating func scanPiece(
    _ buffer: [UInt8], _ start: Int, _ end: Int, _ depth: Int
  ) -> Bool {
    var found: [Sighting] = []
    var candidates: [Range<Int>] = []
    var text: EscapedText?
    buffer.withUnsafeBytes { bytes in
      scanner.scan(
        bytes, start, end, sink: { found.append($0) }, message: { candidates.append($0) })
      guard scanner.hasEscape else { return }
      text = EscapedText(bytes, start: start, end: end)
      for apart in text?.values ?? [] {
        scanner.scanSpaced(apart, bytes, start, end) { found.append($0) }
      }
    }
    let hasControl = scanner.hasControl
    if depth == 0 { firstBytes = scanner.firstBytes(from: start, to: end) }
    if !found.isEmpty { sightings += found }
    let spaced = scanner.spaced
    if candidates.isEmpty, spaced.isEmpty, text == nil { return hasControl }
    for run in candidates {
      scanMessages(run, buffer, end: end, depth: depth)
      let command = buffer.withUnsafeBytes {
        ChunkScanner.sighting(ofCommandAround: run, in: $0, start: start, end: end, index)
      }
      if let command { sightings.append(command) }
    }
    for apart in spaced { scanBytes(apart.bytes, apart.places, depth: depth) }
    if let text { scanEscaped(text, depth) }
    return hasControl
  }

  /// The columns of the record that was scanned last, one line of a table.
  mutating func scanColumns(
    _ buffer: [UInt8], _ start: Int, _ end: Int, _ header: ColumnHeader
  ) {
    var found: [Sighting] = []
    buffer.withUnsafeBytes { bytes in
      for (meaning, run) in header.values(bytes, start, end) {
        scanner.scanValue(run, meaning, bytes) { found.append($0) }
      }
    }
    sightings += found
  }

  /// The canary values, wherever they stand in `start..<end`.
  mutating func scanLiterals(_ buffer: [UInt8], _ start: Int, _ end: Int) {
    guard !index.matcher.isEmpty else { return }
    var found: [Sighting] = []
    buffer.withUnsafeBytes { bytes in
      index.matcher.search(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) {
        needle, place, length in
        let needle = index.canaries.needles[needle]
        found.append(
          Sighting(
            run: start + place..<start + place + length, form: needle.form, what: needle.what,
            maskedPAN: needle.maskedPAN, canary: needle.id))
      }
    }
    sightings += found
  }

  /// Messages among bytes that are not text.
  mutating func scanBinary(_ buffer: [UInt8], _ range: Range<Int>, isTail: Bool) {
    for found in MessageFinder(buffer, withPINs: true).messages(in: range, isTail: isTail) {
      note(found, in: buffer) { $0 }
    }
  }

  /// A message in text at the beginning of a run of digits, or one written as hexadecimal text.
  private mutating func scanMessages(
    _ run: Range<Int>, _ buffer: [UInt8], end: Int, depth: Int
  ) {
    let finder = MessageFinder(buffer, withPINs: true)
    // A length or a name of the protocol may stand in front of the message type, another message behind it.
    var first = run.lowerBound
    var limit = run.upperBound
    while let found = ChunkScanner.message(finder, buffer, from: first, limit: limit, end: end) {
      note(found, in: buffer) { $0 }
      first = found.message.end
      limit = end
    }
    if first > run.lowerBound { return }
    guard depth < ChunkScanner.maximumDepth, run.count >= 32, run.count <= ChunkScanner.maximumRun
    else { return }
    let even = run.lowerBound..<(run.upperBound - run.count % 2)
    guard buffer.withUnsafeBytes({ HexadecimalText.mayMatter($0, even) }),
      let inner = hexadecimalValue(buffer[even])
    else { return }
    let outer: (Range<Int>) -> Range<Int> = {
      even.lowerBound + 2 * $0.lowerBound..<even.lowerBound + 2 * $0.upperBound
    }
    let messages = MessageFinder(inner, withPINs: true).messages(in: 0..<inner.count, isTail: true)
    for found in messages { note(found, in: inner, outer) }
    guard messages.isEmpty, inner.allSatisfy(ChunkScanner.isText) else { return }
    let count = sightings.count
    scanInner(inner + [UInt8](repeating: 0, count: ChunkScanner.padding), inner.count, depth)
    for index in sightings.indices.dropFirst(count) {
      sightings[index].run = outer(sightings[index].run)
    }
  }

  /// The first message that begins within a few bytes.
  private static func message(
    _ finder: MessageFinder, _ buffer: [UInt8], from first: Int, limit: Int, end: Int
  ) -> MessageFinder.Found? {
    for start in first..<max(first, min(first + 17, limit)) where buffer[start] == UInt8(ascii: "0")
    {
      guard start + 4 <= limit, MessageReader.isText(buffer, at: start) else { continue }
      let found = finder.message(at: start, limit: end) { place in
        place >= end || !(isDigit(buffer[place]) || isLetter(buffer[place]))
      }
      if let found { return found }
    }
    return nil
  }

  /// The PIN data of a message: form 2 when it is a canary's, 3 when it opens without a key, else 4.
  ///
  /// - Parameter place: from places in `bytes` to places in the piece.
  private mutating func note(
    _ found: MessageFinder.Found, in bytes: [UInt8], _ place: (Range<Int>) -> Range<Int>
  ) {
    let message = found.message
    let pan = message.pan(in: bytes)
    let values = [
      message.pinData(in: bytes).map { ("de-52", $0.block, $0.range) },
      message.privatePIN(in: bytes).map { ("de-63", $0.block, $0.range) },
    ]
    for (what, block, range) in values.compactMap({ $0 }) {
      var sighting = Sighting(
        run: place(range), form: .messageBlock, what: what, maskedPAN: pan?.masked,
        isSingleLengthKey: message.saysSingleLength(in: bytes), isAmbiguous: found.isAmbiguous)
      if let needle = index.needle(block) {
        sighting.form = needle.form
        sighting.canary = needle.id
      } else if ChunkScanner.opens(block, pan) {
        sighting.form = .clearBlock
      }
      sightings.append(sighting)
    }
  }

  /// Whether a block opens without a key, with the PAN of its message where the format needs one.
  static func opens(_ block: [UInt8], _ pan: PAN?) -> Bool {
    if let wide = word(UInt128.self, of: block) {
      return (try? ExtendedBlock.pin(ofField: wide)) != nil
    }
    guard let compact = word(UInt64.self, of: block) else { return false }
    return [PINBlockFormat.format0, .format2, .format3].contains { format in
      (pan != nil || !format.bindsPAN)
        && (try? CompactBlock.pin(ofClearBlock: compact, format: format, pan: pan)) != nil
    }
  }
}
