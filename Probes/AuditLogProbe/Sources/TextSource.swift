/// Reads the records of a file in their order, with constant memory, up to the size it had when it was opened.
struct TextSource: RecordSource {
  private let file: OpenFile
  private let atOpening: OpenFile.Status
  private let framing: RecordFraming
  /// Records of a chunk at most.
  private let recordLimit: Int
  private(set) var faults: [LogFault] = []
  /// The record before, if any, and behind it bytes read and not yet given out. The next chunk takes over the
  /// whole of it, so that what is read is not copied once more.
  private var pending: [UInt8] = []
  /// The record before the bytes that were not given out, at the start of `pending`.
  private var before: RawRecord?
  /// Place in the file of the first byte that was not given out.
  private var offset = 0
  private var bytesRead = 0
  /// Bytes that are read: the size at opening, more only to finish the record that was being written then.
  private var end: Int
  private var isAtEnd = false
  private var isDone = false
  /// The rest of a record that is too long is passed over.
  private var isSkipping = false
  private var chunkCount = 0
  private var recordCount = 0
  private var spare = SpareBytes()

  init(
    path: String, framing: RecordFraming, recordLimit: Int = RecordChunk.recordLimit
  ) throws(FileFailure) {
    file = try OpenFile(path)
    atOpening = try file.status()
    end = atOpening.size
    self.framing = framing
    self.recordLimit = recordLimit
    fill()
    if pending.starts(with: [0xEF, 0xBB, 0xBF]) {
      pending.removeFirst(3)
      offset = 3
    }
  }

  mutating func next() -> RecordChunk? { next(limit: recordLimit) }

  mutating func reuse(_ bytes: [UInt8]) { spare.put(bytes) }

  /// The first record, which is then no record of the log: the header of a CSV file.
  mutating func header() -> [UInt8]? {
    guard let chunk = next(limit: 1), let record = chunk.records.first, record.state != .tooLong
    else { return nil }
    recordCount = 0
    chunkCount = 0
    let text = Array(chunk.bytes[record.start..<record.end])
    pending.removeFirst(lead)
    before = nil
    return text
  }

  /// Bytes at the start of `pending` that were given out already.
  private var lead: Int { before?.end ?? 0 }

  private mutating func next(limit: Int) -> RecordChunk? {
    if isSkipping { skipLine() }
    guard !isDone else { return nil }
    if pending.count - lead < RecordChunk.byteTarget / 2 { fill() }
    var found: [RawRecord] = []
    found.reserveCapacity(min(limit, RecordChunk.usualRecords))
    // Places are those in `pending`; in the file they are so much further on.
    let shift = offset - lead
    var at = lead
    while !isDone, found.count < limit, at < RecordChunk.byteTarget || found.isEmpty {
      switch framing.frame(pending.span, from: at) {
      case .record(let end, let next):
        let isTooLong = end - at > RecordChunk.recordSizeLimit
        found.append(
          RawRecord(
            start: at, end: isTooLong ? at : end, offset: shift + at,
            state: isTooLong ? .tooLong : .whole))
        // What was being written at the opening is read to its end, and nothing after it.
        if self.end > atOpening.size { finish() }
        at = next
      case .blank(let next): at = next
      case .unfinished:
        if pending.count - at > RecordChunk.recordSizeLimit {
          found.append(RawRecord(start: at, end: at, offset: shift + at, state: .tooLong))
          tooLong(at: shift + at)
          return handOut(found, upTo: at)
        }
        if isAtEnd {
          if !endMoved(from: at) {
            if !RecordFraming.isBlank(pending.span, at..<pending.count) {
              found.append(
                RawRecord(start: at, end: pending.count, offset: shift + at, state: .unfinished))
            }
            at = pending.count
            finish()
          }
        } else if found.isEmpty {
          fill()
        } else {
          return handOut(found, upTo: at)
        }
      }
    }
    return found.isEmpty && isDone ? nil : handOut(found, upTo: at)
  }

  /// Gives away everything up to `at`, and keeps the last record and what follows.
  private mutating func handOut(_ found: [RawRecord], upTo at: Int) -> RecordChunk {
    var chunk = RecordChunk(index: chunkCount, first: recordCount)
    chunk.before = before
    chunk.records = found
    offset += at - lead
    chunkCount += 1
    recordCount += found.count
    let all = pending
    var text = 0..<0
    if let record = found.last ?? before {
      text = record.start..<record.end
      before = RawRecord(start: 0, end: text.count, offset: record.offset, state: record.state)
    }
    pending = []
    read(after: all[text], all[at...], isEnough: all.count - at >= RecordChunk.byteTarget / 2)
    chunk.bytes = all
    return chunk
  }

  /// Reads on, one target of bytes or to the end.
  private mutating func fill() { read(after: pending[...], [], isEnough: isAtEnd) }

  /// Sets `pending` to the two pieces and, unless they are enough, what is read behind them.
  private mutating func read(
    after first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>, isEnough: Bool
  ) {
    let wanted = isEnough || isAtEnd ? 0 : min(RecordChunk.byteTarget, end - bytesRead)
    var failure: FileFailure?
    var got = 0
    var bytes = spare.take(first.count + second.count + wanted)
    bytes.append(contentsOf: first)
    bytes.append(contentsOf: second)
    bytes.append(addingCapacity: wanted) { [file] span in
      span.withUnsafeMutableBufferPointer { target, count in
        let room = UnsafeMutableRawBufferPointer(target)[count..<(count + wanted)]
        do throws(FileFailure) {
          got = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: room))
          count += got
        } catch {
          failure = error
        }
      }
    }
    pending = bytes
    bytesRead += got
    if let failure {
      faults.append(
        LogFault(.readFailed, record: recordCount, offset: bytesRead, failure.description))
      isAtEnd = true
    } else if got == 0, wanted > 0 {
      faults.append(
        LogFault(
          .logShrank, record: recordCount, offset: bytesRead,
          "the log ends here, but had \(end) bytes when it was opened"))
      isAtEnd = true
    }
    if bytesRead >= end { isAtEnd = true }
  }

  /// The last record may have been in the middle of being written when the log was opened: whether there is
  /// more of it now.
  private mutating func endMoved(from at: Int) -> Bool {
    guard at < pending.count, end == atOpening.size, bytesRead == end,
      let now = try? file.status(), now.size > end
    else { return false }
    end = min(now.size, end + RecordChunk.recordSizeLimit)
    isAtEnd = false
    fill()
    return true
  }

  private mutating func tooLong(at place: Int) {
    guard framing.canSkip else {
      faults.append(
        LogFault(
          .readFailed, offset: place,
          "a record of more than \(RecordChunk.recordSizeLimit) bytes: what follows is not read"))
      isDone = true
      return
    }
    isSkipping = true
  }

  private mutating func skipLine() {
    while isSkipping {
      if let feed = pending[lead...].firstIndex(of: 0x0A) {
        let rest = pending
        offset += feed + 1 - lead
        pending = []
        read(after: rest[..<lead], rest[(feed + 1)...], isEnough: true)
        isSkipping = false
      } else {
        offset += pending.count - lead
        pending.removeSubrange(lead...)
        if isAtEnd {
          isSkipping = false
          finish()
        }
        fill()
      }
    }
  }

  /// Looks whether the log stayed what it was while it was read.
  private mutating func finish() {
    isDone = true
    guard let now = try? file.status() else { return }
    let named = OpenFile.status(ofPath: file.path)
    if named?.inode != now.inode || named?.device != now.device {
      faults.append(
        LogFault(.logRotated, "the name led to another file, or to none, before the end was read"))
    }
    if now.size > atOpening.size {
      faults.append(
        LogFault(
          .logGrew, offset: atOpening.size,
          "the log grew while it was read; what it held at the beginning was looked at"))
    } else if now.size == atOpening.size, now.modified != atOpening.modified {
      faults.append(LogFault(.logChanged, "the log was written to while it was read"))
    }
  }
}
