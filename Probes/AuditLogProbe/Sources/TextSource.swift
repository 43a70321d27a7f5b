/// Reads the records of a file in their order, with constant memory, up to the size it had when it was opened.
struct TextSource: RecordSource {
  private let file: OpenFile
  private let atOpening: OpenFile.Status
  private let framing: RecordFraming
  /// Records of a chunk at most.
  private let recordLimit: Int
  private(set) var faults: [LogFault] = []
  /// Bytes read and not yet given out; the first is at `offset` of the file.
  private var pending: [UInt8] = []
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
  private var last: (bytes: [UInt8], record: RawRecord)?

  init(
    path: String, framing: RecordFraming, recordLimit: Int = RecordChunk.recordLimit
  ) throws(FileFailure) {
    file = try OpenFile(path)
    atOpening = try file.status()
    end = atOpening.size
    self.framing = framing
    self.recordLimit = recordLimit
    fill()
    if pending.starts(with: [0xEF, 0xBB, 0xBF]) { drop(3) }
  }

  mutating func next() -> RecordChunk? { next(limit: recordLimit) }

  /// The first record, which is then no record of the log: the header of a CSV file.
  mutating func header() -> [UInt8]? {
    guard let chunk = next(limit: 1), let record = chunk.records.first, record.state != .tooLong
    else { return nil }
    recordCount = 0
    chunkCount = 0
    last = nil
    return Array(chunk.bytes[record.start..<record.end])
  }

  private mutating func next(limit: Int) -> RecordChunk? {
    if isSkipping { skipLine() }
    guard !isDone else { return nil }
    if pending.count < RecordChunk.byteTarget / 2 { fill() }
    var found: [RawRecord] = []
    var at = 0
    while !isDone, found.count < limit, at < RecordChunk.byteTarget || found.isEmpty {
      switch framing.frame(pending.span, from: at) {
      case .record(let end, let next):
        let isTooLong = end - at > RecordChunk.recordSizeLimit
        found.append(
          RawRecord(
            start: at, end: isTooLong ? at : end, offset: offset + at,
            state: isTooLong ? .tooLong : .whole))
        // What was being written at the opening is read to its end, and nothing after it.
        if self.end > atOpening.size { finish() }
        at = next
      case .blank(let next): at = next
      case .unfinished:
        if pending.count - at > RecordChunk.recordSizeLimit {
          found.append(RawRecord(start: at, end: at, offset: offset + at, state: .tooLong))
          tooLong(at: offset + at)
          return handOut(found, upTo: at)
        }
        if isAtEnd {
          if !endMoved(from: at) {
            if !RecordFraming.isBlank(pending.span, at..<pending.count) {
              found.append(
                RawRecord(start: at, end: pending.count, offset: offset + at, state: .unfinished))
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

  private mutating func handOut(_ found: [RawRecord], upTo at: Int) -> RecordChunk {
    var chunk = RecordChunk(index: chunkCount, first: recordCount)
    if let last {
      chunk.bytes = last.bytes
      chunk.before = last.record
    }
    let base = chunk.bytes.count
    chunk.bytes.append(contentsOf: pending[..<at])
    chunk.records = found.map { record in
      var record = record
      record.start += base
      record.end += base
      return record
    }
    if let record = chunk.records.last {
      last = (
        Array(chunk.bytes[record.start..<record.end]),
        RawRecord(
          start: 0, end: record.end - record.start, offset: record.offset, state: record.state)
      )
    }
    chunkCount += 1
    recordCount += found.count
    drop(at)
    return chunk
  }

  private mutating func drop(_ count: Int) {
    pending.removeSubrange(..<count)
    offset += count
  }

  /// Reads on, one target of bytes or to the end.
  private mutating func fill() {
    guard !isAtEnd else { return }
    do throws(FileFailure) {
      let count = try file.read(
        upTo: min(RecordChunk.byteTarget, end - bytesRead), into: &pending)
      bytesRead += count
      if count == 0, bytesRead < end {
        faults.append(
          LogFault(
            .logShrank, record: recordCount, offset: bytesRead,
            "the log ends here, but had \(end) bytes when it was opened"))
        isAtEnd = true
      }
    } catch {
      faults.append(
        LogFault(.readFailed, record: recordCount, offset: bytesRead, error.description))
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
      if let end = pending.firstIndex(of: 0x0A) {
        drop(end + 1)
        isSkipping = false
      } else {
        drop(pending.count)
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
