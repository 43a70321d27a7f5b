import Bytes

extension RecordScanner {
  /// Forms 2 to 5 that show in one run of 16, 32 or 48 hexadecimal digits.
  func scanHexadecimal(
    _ run: Run, _ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int, _ sink: Sink
  ) {
    guard let value = HexadecimalValue(digits: UnsafeRawBufferPointer(rebasing: bytes[run])) else {
      return
    }
    scanValue(run, value, bytes, start, end, isNamed: true, sink)
  }

  /// The same in 8, 16 or 24 bytes that are written apart.
  func scanSpaced(
    _ apart: SpacedBytes, _ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int, _ sink: Sink
  ) {
    let digits = Array(hexadecimal(apart.bytes).utf8)
    guard let value = digits.withUnsafeBytes({ HexadecimalValue(digits: $0) }) else { return }
    scanValue(
      apart.run, value, bytes, start, end, isNamed: !goesOn(apart.run.lowerBound, bytes, start),
      sink)
  }

  /// Whether bytes written apart are the second half of a line of a dump.
  private func goesOn(_ place: Int, _ bytes: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    let gap = bytes[max(start, place - 3)..<place].reversed().prefix {
      $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "-")
    }
    let last = place - gap.count
    return !gap.isEmpty && last - 3 >= start && hexadecimalNibble(bytes[last - 1]) != nil
      && hexadecimalNibble(bytes[last - 2]) != nil && bytes[last - 3] == UInt8(ascii: " ")
  }

  private func scanValue(
    _ run: Run, _ value: HexadecimalValue, _ bytes: UnsafeRawBufferPointer, _ start: Int,
    _ end: Int, isNamed: Bool, _ sink: Sink
  ) {
    if let needle = canaries.needle(value) {
      sink(
        Sighting(
          run: run, form: needle.form, what: needle.what, maskedPAN: needle.maskedPAN,
          canary: needle.id))
      return
    }
    // Within a longer word, Base64 for instance, it is no value of its own.
    let head = RecordScanner.head(of: run, bytes, start)
    let isWord =
      (head > start && isWordByte(bytes[head - 1]))
      || (run.upperBound < end && isWordByte(bytes[run.upperBound]))
    if !isWord, let leak = clearBlock(run, value) {
      sink(
        Sighting(run: run, form: .clearBlock, what: leak.what, maskedPAN: leak.pan?.masked))
      return
    }
    guard isNamed, value.isVaried else { return }
    scanNamed(run, head, value, bytes, start, sink)
  }

  /// Where a value begins, with the `0x` or `\x` that may stand in front of it.
  private static func head(
    of run: Run, _ bytes: UnsafeRawBufferPointer, _ start: Int
  ) -> Int {
    let head = run.lowerBound - 2
    guard head >= start, bytes[head] == UInt8(ascii: "0") || bytes[head] == UInt8(ascii: "\\"),
      bytes[head + 1] | 0x20 == UInt8(ascii: "x")
    else { return run.lowerBound }
    return head
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
    _ run: Run, _ head: Int, _ value: HexadecimalValue, _ bytes: UnsafeRawBufferPointer,
    _ start: Int, _ sink: Sink
  ) {
    let isUsage =
      run.lowerBound >= start + 2 && bytes[run.lowerBound - 2] == UInt8(ascii: "S")
      && bytes[run.lowerBound - 1] == UInt8(ascii: "M")
    let name = FieldName.before(
      isUsage ? run.lowerBound - 2 : head, .bytes, from: start, in: bytes)
    if name == .pin,
      value.count == 8
        || (value.count == 16 && FieldName.isPINItself(before: head, from: start, in: bytes))
    {
      sink(Sighting(run: run, form: .messageBlock, what: "pin-block"))
    } else if let name {
      note(run, value, named: name, isUsage: isUsage, sink)
    }
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
      if PIN.lengths.contains(run.count), bytes[run].allSatisfy(isDigit) {
        sink(Sighting(run: run, form: .pin, what: "pin", maskedPAN: accounts.first?.pan.masked))
      } else if run.count == 16,
        HexadecimalValue(checking: UnsafeRawBufferPointer(rebasing: bytes[run]))?.isVaried == true
      {
        sink(Sighting(run: run, form: .messageBlock, what: "pin-block"))
      }
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
