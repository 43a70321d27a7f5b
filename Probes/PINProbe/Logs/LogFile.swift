import Glibc

/// Looks through one file from its beginning to its end in constant memory (流式日志扫描).
struct LogFile {
  static let chunk = 1 << 18
  /// Kept in front of what is new, so that a value or a message across two pieces is seen whole.
  static let overlap = 1 << 13
  static let maximumSightings = 10_000

  /// What was learnt of a file.
  struct Outcome {
    /// One for each place, the lowest form; offsets are of the file, or of a database's value.
    var sightings: [Sighting] = []
    /// How many were left out because there were too many.
    var dropped = 0
    var bytes = 0
    /// Why it was not looked through, or not in every way.
    var problem: String?
    /// Whether it was read to its end.
    var isComplete = true
  }

  private var scanner: ChunkScanner
  private var ends = RecordEnds()
  private var outcome = Outcome()
  private var isBinary = false
  /// The header of a table, once it is found; looked for in so many more lines.
  private var header: ColumnHeader?
  private var leadLeft = ColumnHeader.maximumLead
  /// The file offset of the first byte of the buffer, and its line.
  private var base = 0
  private var line = 1
  /// Where the record that is not scanned yet begins in the buffer.
  private var recordStart = 0
  private var filled = 0
  private var buffer = [UInt8](
    repeating: 0, count: LogFile.overlap + LogFile.chunk + ChunkScanner.padding)

  private init(_ index: CanaryIndex) { scanner = ChunkScanner(index) }

  /// Reads `descriptor` to its end, which stays open.
  ///
  /// - Parameter goesOn: asked before each piece.
  static func scan(
    _ descriptor: CInt, _ index: CanaryIndex, goesOn: () -> Bool
  ) -> Outcome {
    var file = LogFile(index)
    file.run(descriptor, goesOn)
    return file.outcome
  }

  private mutating func run(_ descriptor: CInt, _ goesOn: () -> Bool) {
    var isFirst = true
    while true {
      guard goesOn() else {
        outcome.isComplete = false
        break
      }
      let count = fill(descriptor)
      guard count >= 0 else {
        outcome.problem = String(cString: strerror(errno))
        outcome.isComplete = false
        break
      }
      if isFirst {
        isFirst = false
        outcome.problem = FileSignature.problem(of: buffer[..<filled])
        isBinary = buffer[..<min(filled, 4096)].contains(0)
      }
      scan(isTail: count == 0)
      if count == 0 { break }
      keepTail()
    }
    outcome.sightings = LogFile.merged(outcome.sightings)
  }

  /// Reads until the buffer is full or the file ends; the number of new bytes, negative after an error.
  private mutating func fill(_ descriptor: CInt) -> Int {
    let room = buffer.count - ChunkScanner.padding
    let before = filled
    while filled < room {
      let start = filled
      let count = buffer.withUnsafeMutableBytes { bytes in
        read(descriptor, bytes.baseAddress?.advanced(by: start), room - start)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return -1 }
      if count == 0 { break }
      filled += count
    }
    outcome.bytes += filled - before
    return filled - before
  }

  private mutating func scan(isTail: Bool) {
    let first = recordStart
    let end = filled
    scanner.reset()
    var hasControl = false
    while recordStart < end {
      let start = recordStart
      var next = buffer.withUnsafeBytes { ends.next(in: $0, from: start, end: end) }
      if next == nil, isTail { next = end }
      // A record as long as the buffer is cut, where it can be between two words.
      if next == nil, start <= LogFile.overlap, end == buffer.count - ChunkScanner.padding {
        let place = ChunkScanner.cut(buffer, start, end)
        ends.cut(lineFeeds: lineFeeds(in: start..<place))
        next = place
      }
      guard let next else { break }
      if scanner.scanRecord(buffer, start, next) { hasControl = true }
      scanner.scanDump(buffer, start, next)
      if let header {
        scanner.scanColumns(buffer, start, next, header)
      } else if leadLeft > 0, next > start {
        seekHeader(start, next)
      }
      recordStart = next
    }
    if isTail { scanner.scanDump(buffer, end, end) }
    let from = max(0, first - LogFile.overlap)
    scanner.scanLiterals(buffer, from, end)
    if hasControl || isBinary { scanner.scanBinary(buffer, from..<end, isTail: isTail) }
    take()
  }

  private mutating func seekHeader(_ start: Int, _ end: Int) {
    switch buffer.withUnsafeBytes({ ColumnHeader.read($0, start, end) }) {
    case .header(let found):
      header = found
      leadLeft = 0
    case .lead: leadLeft -= 1
    case .other: leadLeft = 0
    }
  }

  /// Keeps what is not scanned, and the overlap in front of it.
  private mutating func keepTail() {
    let from = max(0, recordStart - LogFile.overlap)
    guard from > 0 else { return }
    let skipped = from
    scanner.move(by: from)
    // Those of all records so far, without those that are kept.
    line = 1 + ends.lineFeeds - lineFeeds(in: from..<recordStart)
    let rest = filled - from
    buffer.withUnsafeMutableBytes { bytes in
      if let start = bytes.baseAddress { memmove(start, start + skipped, rest) }
    }
    base += from
    recordStart -= from
    filled = rest
  }

  private func lineFeeds(in range: Range<Int>) -> Int {
    buffer.withUnsafeBytes { countLineFeeds(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }

  /// Moves the sightings of this piece to the places of the file.
  private mutating func take() {
    // Line feeds are counted from one sighting to the next.
    var counted = (place: 0, line: line)
    let found = scanner.takeSightings().sorted { $0.run.lowerBound < $1.run.lowerBound }
    for var sighting in found {
      guard outcome.sightings.count < LogFile.maximumSightings else {
        outcome.dropped += 1
        continue
      }
      let place = sighting.run.lowerBound
      if !isBinary {
        counted = (place, counted.line + lineFeeds(in: counted.place..<place))
        sighting.line = counted.line
      }
      sighting.run = base + place..<base + sighting.run.upperBound
      outcome.sightings.append(sighting)
    }
  }

  /// One sighting for each place: where two overlap, the lower form stands.
  static func merged(_ sightings: [Sighting]) -> [Sighting] {
    var merged: [Sighting] = []
    let sorted = sightings.sorted {
      ($0.run.lowerBound, $0.form, $0.run.upperBound)
        < ($1.run.lowerBound, $1.form, $1.run.upperBound)
    }
    for sighting in sorted {
      guard let last = merged.last, last.run.overlaps(sighting.run) else {
        merged.append(sighting)
        continue
      }
      if sighting.form < last.form { merged[merged.count - 1] = sighting }
    }
    return merged
  }
}

/// Kinds of file that cannot be looked through as they are.
enum FileSignature {
  static let database = Array("SQLite format 3\0".utf8)

  static func problem(of start: ArraySlice<UInt8>) -> String? {
    if start.starts(with: [0x1F, 0x8B]) || start.starts(with: [0x50, 0x4B, 0x03, 0x04])
      || start.starts(with: Array("BZh".utf8))
      || start.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A])
      || start.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
    {
      return "compressed: what is inside was not looked at"
    }
    if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
      return "UTF-16: only canary values were searched for, UTF-8 or GB 18030 is expected"
    }
    return nil
  }
}
