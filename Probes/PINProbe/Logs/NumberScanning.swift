extension RecordScanner {
  /// Form 1 by the name of the field; and what begins like a message.
  func scanNumber(
    _ run: Run, _ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int, _ sink: Sink,
    _ message: (Run) -> Void
  ) {
    if hasControl || (run.upperBound < end && bytes[run.upperBound] >= 0x80),
      bytes[run.lowerBound] == 0x30
    {
      message(run)
    }
    guard run.count <= 12, run.lowerBound > start else { return }
    switch bytes[run.lowerBound - 1] {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "/"), UInt8(ascii: ","), UInt8(ascii: "_"), UInt8(ascii: "*"):
      return
    default: break
    }
    guard mayBeNamed(run.lowerBound, bytes, start), isWhole(run.upperBound, bytes, end) else {
      return
    }
    let isNamed =
      FieldName.before(run.lowerBound, .digits, from: start, in: bytes) == .pin
      || (!accounts.isEmpty
        && FieldName.isPIN(spokenBefore: run.lowerBound, from: start, in: bytes))
    if isNamed, !Neighbour.isFollowedByUnit(run.upperBound, end, bytes) {
      sink(
        Sighting(run: run, form: .pin, what: "pin", maskedPAN: accounts.first?.pan.masked))
    }
  }

  /// A quick look at the two letters in front of one mark: most numbers have names of other kinds.
  @inline(__always)
  private func mayBeNamed(_ place: Int, _ bytes: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    guard place - start > 2 else { return true }
    let mark = bytes[place - 1]
    guard mark == UInt8(ascii: "=") || mark == UInt8(ascii: ":") || mark == UInt8(ascii: " "),
      isLetter(bytes[place - 2]), isLetter(bytes[place - 3])
    else { return true }
    return digitEndings[NameVocabulary.ending(bytes[place - 3], bytes[place - 2])]
  }

  /// Whether a value may end here: no letter, digit or mask follows, nor a mark that goes on with a digit.
  private func isWhole(_ place: Int, _ bytes: UnsafeRawBufferPointer, _ end: Int) -> Bool {
    guard place < end else { return true }
    let byte = bytes[place]
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "*"),
      UInt8(ascii: "%"):
      return false
    case UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "-"):
      return place + 1 >= end || !isDigit(bytes[place + 1])
    case UInt8(ascii: ","):
      // A number may go on with up to three digits behind a comma.
      let behind = bytes[place + 1..<min(end, place + 5)].prefix { isDigit($0) }
      return behind.isEmpty || behind.count > 3
    // Chinese punctuation may follow; a unit may not.
    case 0x80...: return [0xE2, 0xE3, 0xEF, 0xA3, 0xA1].contains(byte)
    default: return true
    }
  }

  /// Form 1 beside an account number: the PIN of the same canary close by, or four to twelve digits right
  /// behind the number that are no date.
  func scanNeighbours(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int, _ sink: Sink
  ) {
    for account in accounts {
      // Within the 40 bytes on either side there are at most eight runs of four digits.
      let near = max(0, account.number - 8)..<min(numbers.count, account.number + 9)
      for run in numbers[near] where run.count <= 12 && run != account.run {
        let gap =
          run.lowerBound > account.run.upperBound
          ? run.lowerBound - account.run.upperBound : account.run.lowerBound - run.upperBound
        guard gap >= 1, gap <= 40 else { continue }
        if let canary = account.canary,
          canaries.isPIN(
            UnsafeRawBufferPointer(rebasing: bytes[run]), of: canary),
          isSeparate(run, from: account.run, bytes, start, end)
        {
          sink(
            Sighting(
              run: run, form: .pin, what: "pin", maskedPAN: account.pan.masked,
              canary: canaries.canaries.transactions[canary].id))
        } else if !account.isGrouped, run.lowerBound > account.run.upperBound, gap <= 3,
          Neighbour.mayBePAN(account.pan, account.run, from: start, in: bytes),
          Neighbour.isPIN(run, behind: account.run, end: end, in: bytes),
          isWhole(run.upperBound, bytes, end)
        {
          sink(
            Sighting(run: run, form: .pin, what: "pin", maskedPAN: account.pan.masked))
        }
      }
    }
  }

  /// Whether a run stands alone, not as a part of a date, a time, an amount or a word.
  private func isSeparate(
    _ run: Run, from account: Run, _ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int
  ) -> Bool {
    guard isWhole(run.upperBound, bytes, end) || run.upperBound + 1 == account.lowerBound else {
      return false
    }
    guard run.lowerBound > start, run.lowerBound != account.upperBound + 1 else { return true }
    switch bytes[run.lowerBound - 1] {
    case 0x41...0x5A, 0x61...0x7A: return false
    case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "/"),
      UInt8(ascii: "-"):
      return run.lowerBound - 2 < start || !isDigit(bytes[run.lowerBound - 2])
    default: return true
    }
  }
}
