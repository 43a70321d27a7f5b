/// Sequence numbers, times and required fields (结构检查).
extension RecordVerifier {
  mutating func checkStructure(_ position: Int) {
    checkSequence(position)
    checkTime(position)
    for slot in table.required {
      let cell = fields.cells[slot]
      switch cell.kind {
      case .absent, .null: break
      case .text, .number, .blob: if cell.count > 0 { continue }
      case .other: continue
      }
      result.structural.append(
        StructuralFinding(position: position, kind: .missingField(table.names[slot])))
    }
  }

  private mutating func checkSequence(_ position: Int) {
    guard let slot = table.sequence else { return }
    let cell = fields.cells[slot]
    switch cell.kind {
    case .absent, .null: addSequence(nil, position)
    case .text, .number, .blob, .other:
      let number = cell.kind == .other ? nil : Self.integer(fields.bytes, cell)
      addSequence(number, position)
      guard number == nil, cell.kind == .other || cell.count > 0 else { return }
      let name = table.names[slot]
      keep(
        LogFault(.badNumber, record: position, field: name, "a whole number is expected"))
      result.structural.append(StructuralFinding(position: position, kind: .badNumber(name)))
    }
  }

  private static func integer(_ bytes: [UInt8], _ cell: Cell) -> Int? {
    guard cell.count > 0, cell.count <= 19 else { return nil }
    var index = cell.start
    let isNegative = bytes[index] == 0x2D
    if isNegative { index += 1 }
    guard index < cell.end else { return nil }
    var number = 0
    while index < cell.end {
      let byte = bytes[index]
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, isOver) = tens.addingReportingOverflow(Int(byte) - 0x30)
      guard !overflow, !isOver else { return nil }
      number = sum
      index += 1
    }
    return isNegative ? -number : number
  }

  mutating func addSequence(_ number: Int?, _ position: Int) {
    guard table.sequence != nil else { return }
    if let last = result.sequence.indices.last {
      let run = result.sequence[last]
      switch (run.number, number) {
      case (nil, nil):
        result.sequence[last].count += 1
        return
      case (let start?, let number?):
        let (next, overflow) = start.addingReportingOverflow(run.count)
        if !overflow, next == number {
          result.sequence[last].count += 1
          return
        }
      case (nil, _?), (_?, nil): break
      }
    }
    result.sequence.append(SequenceRun(position: position, number: number, count: 1))
  }

  func time() -> TimeText? {
    guard let slot = table.time else { return nil }
    let cell = fields.cells[slot]
    guard cell.kind == .text || cell.kind == .number, cell.count > 0 else { return nil }
    let text = fields.bytes.span.extracting(cell.start..<cell.end)
    let clock = plan.model.clock
    switch clock.form {
    case .iso:
      guard var time = TimeText(iso: text) else { return nil }
      if !time.hasZone, let zone = clock.zone {
        time.instant.seconds -= zone
        time.hasZone = true
      }
      return time
    case .seconds: return TimeText(epoch: text, perSecond: 1)
    case .milliseconds: return TimeText(epoch: text, perSecond: 1000)
    case .microseconds: return TimeText(epoch: text, perSecond: 1_000_000)
    }
  }

  private mutating func checkTime(_ position: Int) {
    guard let slot = table.time else { return }
    let time = time()
    defer { previousTime = time }
    guard let time else {
      let cell = fields.cells[slot]
      switch cell.kind {
      case .absent, .null: return
      case .text, .number, .blob, .other:
        guard cell.kind == .other || cell.count > 0 else { return }
      }
      let name = table.names[slot]
      keep(
        LogFault(
          .badTime, record: position, field: name,
          "a time of the form \(plan.model.clock.form.rawValue) is expected"))
      result.structural.append(StructuralFinding(position: position, kind: .badTime(name)))
      return
    }
    let tolerance = plan.model.clock.toleranceMilliseconds
    // Two texts without a zone are of the same clock; one with and one without cannot be compared.
    if let previousTime, previousTime.hasZone == time.hasZone {
      let latest = tolerance == 0 ? time.instant : time.instant.later(byMilliseconds: tolerance)
      if latest < previousTime.instant {
        result.structural.append(StructuralFinding(position: position, kind: .timeBackwards))
      }
    }
    if !time.hasZone {
      result.structural.append(StructuralFinding(position: position, kind: .timeWithoutZone))
    } else if plan.latest < time.instant {
      result.structural.append(StructuralFinding(position: position, kind: .timeFuture))
    }
  }
}
