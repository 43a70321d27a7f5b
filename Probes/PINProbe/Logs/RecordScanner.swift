/// Looks through one record of a log, a line or a JSON element, for the forms of leak that need its context.
struct RecordScanner {
  /// A run of digits or hexadecimal digits, or a value.
  typealias Run = Range<Int>
  /// An account number of the record; `canary` is the index of the transaction it belongs to.
  struct Account {
    /// Its place among the numbers of the record.
    var number: Int
    var run: Run
    var pan: PAN
    var canary: Int?
    /// Written in groups of four.
    var isGrouped = false
  }

  /// Takes every value found.
  typealias Sink = (Sighting) -> Void

  /// No record is longer; four digits and what separates them take five bytes.
  static let maximumRecord = 1 << 16
  static let maximumRuns = 1 << 14
  static let maximumSpaced = 1 << 10
  static let maximumAccounts = 256

  let canaries: CanaryIndex
  let digitEndings = NameVocabulary.digitEndings
  private(set) var numbers: [Run] = []
  private var hexadecimals: [Run] = []
  /// Bytes of the last record that are written apart.
  private(set) var spaced: [SpacedBytes] = []
  private(set) var accounts: [Account] = []
  /// Whether the last record had a byte that text never has.
  private(set) var hasControl = false
  /// Whether it had a byte that may begin an escape.
  private(set) var hasEscape = false

  /// Where lists of numbers and escapes may be; another piece of text has its own.
  struct Cursors {
    var commas = MarkCursor(UInt8(ascii: ","))
    var brackets = MarkCursor(UInt8(ascii: "["))
    private var backslashes = MarkCursor(UInt8(ascii: "\\"))
    private var percents = MarkCursor(UInt8(ascii: "%"))
    private var ampersands = MarkCursor(UInt8(ascii: "&"))
    private var colours = MarkCursor(0x1B)

    /// Whether an escape may begin in `start..<end`.
    mutating func isAnyEscape(in bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
      backslashes.first(in: bytes, start, end) != nil
        || percents.first(in: bytes, start, end) != nil
        || ampersands.first(in: bytes, start, end) != nil
        || colours.first(in: bytes, start, end) != nil
    }
  }
  var cursors = Cursors()

  /// Only canaries have account numbers of fewer than 13 digits.
  private let shortestAccount: Int

  init(canaries: CanaryIndex) {
    self.canaries = canaries
    shortestAccount = canaries.hasShortAccounts ? 9 : 13
    numbers.reserveCapacity(64)
    hexadecimals.reserveCapacity(16)
    accounts.reserveCapacity(16)
  }

  /// Scans `start..<end`; `bytes` must reach at least 128 bytes further than any record.
  ///
  /// - Parameter message: called with each run of hexadecimal digits long enough for a message, and with
  ///   each run of digits that begins like one.
  mutating func scan(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int, sink: Sink,
    message: (_ run: Run) -> Void
  ) {
    collect(bytes, start, end)
    for run in hexadecimals {
      scanHexadecimal(run, bytes, start, end, sink)
      if run.count >= 20 { message(run) }
    }
    for bytesApart in spaced { scanSpaced(bytesApart, bytes, start, end, sink) }
    for run in numbers { scanNumber(run, bytes, start, end, sink, message) }
    if !accounts.isEmpty { scanNeighbours(bytes, start, end, sink) }
  }

  /// Gathers the runs of four or more digits and of 16 or more hexadecimal digits.
  private mutating func collect(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) {
    if !numbers.isEmpty { numbers.removeAll(keepingCapacity: true) }
    if !hexadecimals.isEmpty { hexadecimals.removeAll(keepingCapacity: true) }
    if !accounts.isEmpty { accounts.removeAll(keepingCapacity: true) }
    if !spaced.isEmpty { spaced.removeAll(keepingCapacity: true) }
    hasControl = false
    hasEscape = cursors.isAnyEscape(in: bytes, start, end)
    var longest = 0
    var fours = 0
    var place = start
    var masks = ByteMasks(bytes, at: place, count: end - place)
    var digitBefore = false
    var hexadecimalBefore = false
    while place < end {
      hasControl = hasControl || masks.hasControl
      let following = place + 64
      let next =
        following < end
        ? ByteMasks(bytes, at: following, count: end - following) : ByteMasks.none
      var starts = masks.digitRunStarts(next: next, before: digitBefore)
      while starts != 0, numbers.count < RecordScanner.maximumRuns {
        let bit = starts.trailingZeroBitCount
        starts &= starts &- 1
        let first = place + bit
        var last = first + ByteMasks.length(of: masks.digits, next.digits, from: bit)
        // A longer run than the masks show.
        if last - first == 64 { while last < end, isDigit(bytes[last]) { last += 1 } }
        numbers.append(first..<last)
        longest = max(longest, last - first)
        if last - first == 4 { fours += 1 }
      }
      starts = masks.hexadecimalRunStarts(next: next, before: hexadecimalBefore)
      while starts != 0, hexadecimals.count < RecordScanner.maximumRuns {
        let bit = starts.trailingZeroBitCount
        starts &= starts &- 1
        let first = place + bit
        var last = first + ByteMasks.length(of: masks.hexadecimal, next.hexadecimal, from: bit)
        if last - first == 64 {
          while last < end, hexadecimalNibble(bytes[last]) != nil { last += 1 }
        }
        hexadecimals.append(first..<last)
      }
      let pairs = masks.pairs(next: next)
      addSpaced(ByteMasks.runStarts(pairs, stride: 3), place) {
        SpacedBytes(bytes, at: $0, stride: 3, start: start, end: end)
      }
      addSpaced(ByteMasks.runStarts(pairs, stride: 5), place) {
        SpacedBytes(bytes, at: $0, stride: 5, start: start, end: end)
      }
      addSpaced(ByteMasks.runStarts(pairs, stride: 4), place) {
        SpacedBytes(bytes, suffixedAt: $0, start: start, end: end)
      }
      let groups = masks.groupRunStarts(next: next)
      addSpaced(groups.four, place) {
        SpacedBytes(bytes, at: $0, digits: 4, start: start, end: end)
      }
      addSpaced(groups.eight, place) {
        SpacedBytes(bytes, at: $0, digits: 8, start: start, end: end)
      }
      digitBefore = masks.digits >> 63 == 1
      hexadecimalBefore = masks.hexadecimal >> 63 == 1
      place = following
      masks = next
    }
    addLists(bytes, start, end)
    if longest >= shortestAccount {
      for (number, run) in numbers.enumerated() where run.count >= shortestAccount {
        addAccount(number, run, bytes, start, end)
      }
    }
    guard fours >= 3 else { return }
    // The third group must end where it would.
    for number in numbers.indices.dropLast(2)
    where numbers[number].count == 4
      && numbers[number + 2].upperBound - numbers[number].lowerBound == 14
    {
      addGroupedAccount(number, bytes, start, end)
    }
  }

  /// Bytes written apart that begin at one of the places whose bits are set.
  @inline(__always)
  private mutating func addSpaced(
    _ starts: UInt64, _ place: Int, _ read: (Int) -> SpacedBytes?
  ) {
    guard starts != 0 else { return }
    var starts = starts
    while starts != 0, spaced.count < RecordScanner.maximumSpaced {
      let first = place + starts.trailingZeroBitCount
      starts &= starts &- 1
      if let last = spaced.last, first < last.run.upperBound { continue }
      if let found = read(first) { spaced.append(found) }
    }
  }

  /// Bytes written as lists of numbers.
  private mutating func addLists(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) {
    var place = start
    while spaced.count < RecordScanner.maximumSpaced,
      let mark = cursors.commas.first(in: bytes, place, end)
    {
      let (list, next) = ByteList.find(bytes, mark: mark, start: start, end: end)
      if let list, !spaced.contains(where: { $0.run.overlaps(list.run) }) { spaced.append(list) }
      place = next
    }
    place = start
    while spaced.count < RecordScanner.maximumSpaced,
      let bracket = cursors.brackets.first(in: bytes, place, end)
    {
      place = bracket + 1
      // `[18 204 7]`
      let digits = bytes[place..<min(end, place + 4)].prefix { isDigit($0) }
      guard (1...3).contains(digits.count), digits.endIndex < end,
        bytes[digits.endIndex] == UInt8(ascii: " ")
      else { continue }
      let (list, next) = ByteList.find(bytes, mark: digits.endIndex, start: place, end: end)
      if let list { spaced.append(list) }
      place = max(place, next)
    }
  }

  /// Where the first bytes of the last record begin that may be a line of a dump: those written apart, or a run of
  /// hexadecimal digits to the end of the record.
  func firstBytes(from start: Int, to end: Int) -> Int? {
    if let apart = spaced.first { return apart.places.first }
    // A line feed, and perhaps a carriage return, may follow.
    guard let run = hexadecimals.first, run.count >= 32, run.count.isMultiple(of: 2),
      end - run.upperBound <= 2, run.lowerBound - start < 64
    else { return nil }
    return run.lowerBound
  }

  private mutating func addAccount(
    _ number: Int, _ run: Run, _ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int
  ) {
    let length = run.count
    guard length <= 19, accounts.count < RecordScanner.maximumAccounts else { return }
    // A digit run inside a word of letters and digits is an identifier; the D of track 2 may follow.
    if run.lowerBound > start, isLetter(bytes[run.lowerBound - 1]) { return }
    if run.upperBound < end, isLetter(bytes[run.upperBound]),
      bytes[run.upperBound] | 0x20 != UInt8(ascii: "d")
    {
      return
    }
    guard let pan = PAN(digits: UnsafeRawBufferPointer(rebasing: bytes[run])) else {
      return
    }
    let canary = canaries.transaction(of: pan)
    guard canary != nil || (length >= 13 && pan.hasValidCheckDigit) else { return }
    accounts.append(Account(number: number, run: run, pan: pan, canary: canary))
  }

  /// Three or four groups of four digits, then perhaps one of up to three, or behind three all of the rest, with the
  /// same mark between.
  private mutating func addGroupedAccount(
    _ number: Int, _ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int
  ) {
    let first = numbers[number].lowerBound
    var last = numbers[number].upperBound
    guard last < end, accounts.count < RecordScanner.maximumAccounts else { return }
    let mark = bytes[last]
    guard mark == UInt8(ascii: " ") || mark == UInt8(ascii: "-") || mark == UInt8(ascii: ".")
    else { return }
    var final = number
    while final < number + 3, final + 1 < numbers.count, bytes[last] == mark,
      numbers[final + 1] == last + 1..<last + 5
    {
      final += 1
      last += 5
    }
    guard final >= number + 2 else { return }
    var ends = [last]
    if last < end, bytes[last] == mark {
      let longest = final == number + 2 ? 7 : 3
      let tail = bytes[last + 1..<min(end, last + 2 + longest)].prefix { isDigit($0) }
      if (1...longest).contains(tail.count) { ends.insert(tail.endIndex, at: 0) }
    }
    let isInside = isBehindGroup(number, mark, bytes, start)
    for place in ends {
      guard let pan = PAN(digits: bytes[first..<place].filter { isDigit($0) }) else { continue }
      let canary = canaries.transaction(of: pan)
      guard
        canary != nil
          || (!isInside && pan.hasValidCheckDigit && AccountRange.contains(pan))
      else { continue }
      accounts.append(
        Account(number: final, run: first..<place, pan: pan, canary: canary, isGrouped: true))
      return
    }
  }

  /// Whether a group of four stands in front, which makes this one the middle of a longer number; one that belongs to
  /// a word, as the number of a thread, does not.
  private func isBehindGroup(
    _ number: Int, _ mark: UInt8, _ bytes: UnsafeRawBufferPointer, _ start: Int
  ) -> Bool {
    guard number > 0, case let before = numbers[number - 1], before.count == 4,
      before.upperBound == numbers[number].lowerBound - 1, bytes[before.upperBound] == mark
    else { return false }
    return before.lowerBound == start || !isLetter(bytes[before.lowerBound - 1])
  }
}

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

@inline(__always)
func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

@inline(__always)
func isWordByte(_ byte: UInt8) -> Bool {
  isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
}
