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
  static let maximumAccounts = 256

  let canaries: CanaryIndex
  private(set) var numbers: [Run] = []
  private var hexadecimals: [Run] = []
  private(set) var accounts: [Account] = []
  /// Whether the last record had a byte that text never has.
  private(set) var hasControl = false

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
    for run in numbers { scanNumber(run, bytes, start, end, sink, message) }
    if !accounts.isEmpty { scanNeighbours(bytes, start, end, sink) }
  }

  /// Gathers the runs of four or more digits and of 16 or more hexadecimal digits.
  private mutating func collect(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) {
    numbers.removeAll(keepingCapacity: true)
    hexadecimals.removeAll(keepingCapacity: true)
    accounts.removeAll(keepingCapacity: true)
    hasControl = false
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
        // A longer run than 64, or the last bits of the window.
        while last < end, isDigit(bytes[last]) { last += 1 }
        numbers.append(first..<last)
      }
      starts = masks.hexadecimalRunStarts(next: next, before: hexadecimalBefore)
      while starts != 0, hexadecimals.count < RecordScanner.maximumRuns {
        let bit = starts.trailingZeroBitCount
        starts &= starts &- 1
        let first = place + bit
        var last = first + ByteMasks.length(of: masks.hexadecimal, next.hexadecimal, from: bit)
        while last < end, hexadecimalNibble(bytes[last]) != nil { last += 1 }
        hexadecimals.append(first..<last)
      }
      digitBefore = masks.digits >> 63 == 1
      hexadecimalBefore = masks.hexadecimal >> 63 == 1
      place = following
      masks = next
    }
    for (number, run) in numbers.enumerated() where run.count >= shortestAccount {
      addAccount(number, run, bytes, start, end)
    }
    for number in numbers.indices.dropLast(3) where numbers[number].count == 4 {
      addGroupedAccount(number, bytes, start, end)
    }
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

  /// Four groups of four digits, then perhaps one of up to three, all with the same space or hyphen between.
  private mutating func addGroupedAccount(
    _ number: Int, _ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int
  ) {
    let first = numbers[number].lowerBound
    let last = first + 19
    guard numbers[number + 3].upperBound == last, numbers[number + 3].count == 4,
      accounts.count < RecordScanner.maximumAccounts,
      numbers[number + 1].lowerBound == first + 5, numbers[number + 2].lowerBound == first + 10
    else { return }
    let mark = bytes[first + 4]
    guard mark == UInt8(ascii: " ") || mark == UInt8(ascii: "-"), bytes[first + 9] == mark,
      bytes[first + 14] == mark,
      first == start || bytes[first - 1] != mark || first < start + 2
        || !isDigit(bytes[first - 2])
    else { return }
    var ends = [last]
    if last < end, bytes[last] == mark {
      let tail = bytes[last + 1..<min(end, last + 5)].prefix { isDigit($0) }
      if (1...3).contains(tail.count) { ends.insert(tail.endIndex, at: 0) }
    }
    for place in ends {
      let digits = bytes[first..<place].filter { isDigit($0) }
      guard let pan = PAN(digits: digits) else { continue }
      let canary = canaries.transaction(of: pan)
      guard canary != nil || (pan.hasValidCheckDigit && AccountRange.contains(pan)) else {
        continue
      }
      accounts.append(
        Account(
          number: number + 3, run: first..<place, pan: pan, canary: canary, isGrouped: true))
      return
    }
  }

  /// Forms 2 to 5 that show in one run of 16, 32 or 48 hexadecimal digits.
  private func scanHexadecimal(
    _ run: Run, _ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int, _ sink: Sink
  ) {
    guard let value = HexadecimalValue(digits: UnsafeRawBufferPointer(rebasing: bytes[run])) else {
      return
    }
    if let needle = canaries.needle(value) {
      sink(
        Sighting(
          run: run, form: needle.form, what: needle.what, maskedPAN: needle.maskedPAN,
          canary: needle.id))
      return
    }
    // Within a longer word, Base64 for instance, it is no value of its own.
    let isWord =
      (run.lowerBound > start && isWordByte(bytes[run.lowerBound - 1]))
      || (run.upperBound < end && isWordByte(bytes[run.upperBound]))
    if !isWord, let leak = clearBlock(run, value) {
      sink(
        Sighting(run: run, form: .clearBlock, what: leak.what, maskedPAN: leak.pan?.masked))
      return
    }
    guard value.isVaried else { return }
    scanNamed(run, value, bytes, start, sink)
  }

  /// Form 3: a PIN field that opens with a PAN nearby, or without one in formats 2 and 4.
  private func clearBlock(_ run: Run, _ value: HexadecimalValue) -> (what: String, pan: PAN?)? {
    if let wide = value.extended {
      return (try? ExtendedBlock.pin(ofField: wide)) != nil ? ("pin-field-format-4", nil) : nil
    }
    guard let block = value.compact,
      !accounts.contains(where: { $0.run.lowerBound == run.lowerBound })
    else { return nil }
    if (try? CompactBlock.pin(ofClearBlock: block, format: .format2, pan: nil)) != nil {
      return ("clear-block-format-2", nil)
    }
    for format in [PINBlockFormat.format0, .format3] {
      guard block >> 60 == UInt64(format.rawValue) else { continue }
      for account in nearest(run)
      where (try? CompactBlock.pin(ofClearBlock: block, format: format, pan: account.pan)) != nil {
        return ("clear-block-\(format.name)", account.pan)
      }
    }
    return nil
  }

  /// Up to four accounts on either side of a value; a record with very many would else cost too much.
  private func nearest(_ run: Run) -> ArraySlice<Account> {
    let behind = accounts.firstIndex { $0.run.lowerBound > run.lowerBound } ?? accounts.count
    return accounts[max(0, behind - 4)..<min(accounts.count, behind + 4)]
  }

  private func scanNamed(
    _ run: Run, _ value: HexadecimalValue, _ bytes: UnsafeRawBufferPointer, _ start: Int,
    _ sink: Sink
  ) {
    let isUsage =
      run.lowerBound >= start + 2 && bytes[run.lowerBound - 2] == UInt8(ascii: "S")
      && bytes[run.lowerBound - 1] == UInt8(ascii: "M")
    let name = FieldName.before(
      isUsage ? run.lowerBound - 2 : run.lowerBound, from: start, in: bytes)
    if let name { note(run, value, named: name, isUsage: isUsage, sink) }
  }

  /// Forms 4 and 5: a value of 8, 16 or 24 bytes by the name of its field.
  private func note(
    _ run: Run, _ value: HexadecimalValue, named name: FieldName, isUsage: Bool, _ sink: Sink
  ) {
    switch name {
    case .pinBlock where value.count < 24:
      sink(Sighting(run: run, form: .messageBlock, what: "pin-block"))
    case .privateData where isUsage && value.count == 16:
      sink(Sighting(run: run, form: .messageBlock, what: "de-63"))
    case .clearKey: sink(Sighting(run: run, form: .key, what: "key"))
    // Enciphered keys do not keep odd parity in each byte; by chance 16 bytes do once in 65536.
    case .key where value.count >= 16 && value.hasOddParity:
      sink(Sighting(run: run, form: .key, what: "key"))
    case .pin, .pinBlock, .privateData, .key: break
    }
  }

  /// The whole value of a field whose name stands elsewhere: in the header of a table.
  func scanValue(
    _ run: Run, _ name: FieldName, _ bytes: UnsafeRawBufferPointer, _ sink: Sink
  ) {
    if name == .pin {
      guard PIN.lengths.contains(run.count), bytes[run].allSatisfy(isDigit) else { return }
      sink(Sighting(run: run, form: .pin, what: "pin", maskedPAN: accounts.first?.pan.masked))
      return
    }
    let isUsage = name == .privateData && bytes[run].starts(with: [0x53, 0x4D])
    let run = isUsage ? run.lowerBound + 2..<run.upperBound : run
    guard let value = HexadecimalValue(checking: UnsafeRawBufferPointer(rebasing: bytes[run])),
      value.isVaried
    else { return }
    note(run, value, named: name, isUsage: isUsage, sink)
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
