/// Follows the sequence numbers of a log in order (序号连续性).
struct SequenceCheck {
  private var seen = SeenNumbers()
  private var previous: Int?
  /// Records since the last one whose number is known.
  private var unknown = 0

  var isBounded: Bool { seen.isBounded }

  mutating func check(_ run: SequenceRun, into findings: inout [StructuralFinding]) {
    guard let first = run.number else {
      unknown += run.count
      return
    }
    let numbers = first...(first + (run.count - 1))
    guard seen.overlaps(numbers) else {
      compare(first, at: run.position, into: &findings)
      seen.insert(numbers)
      previous = numbers.upperBound
      return
    }
    for (index, number) in numbers.enumerated() {
      let position = run.position + index
      if seen.contains(number) {
        findings.append(
          StructuralFinding(position: position, kind: .sequenceDuplicate(number)))
        unknown = 0
      } else {
        compare(number, at: position, into: &findings)
        seen.insert(number...number)
      }
      previous = number
    }
  }

  private mutating func compare(
    _ number: Int, at position: Int, into findings: inout [StructuralFinding]
  ) {
    defer { unknown = 0 }
    guard let previous else { return }
    if number < previous {
      findings.append(StructuralFinding(position: position, kind: .sequenceDecrease(number)))
      return
    }
    let (missing, overflow) = number.subtractingReportingOverflow(previous)
    // Records that could not be read may well hold the numbers between.
    guard overflow || missing - 1 > unknown else { return }
    findings.append(
      StructuralFinding(position: position, kind: .sequenceGap(from: previous + 1, to: number - 1)))
  }
}
