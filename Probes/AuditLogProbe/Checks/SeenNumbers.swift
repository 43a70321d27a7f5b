/// The sequence numbers met so far, as merged ranges; at most a million of them.
struct SeenNumbers {
  private static let blockLimit = 512

  private let rangeLimit: Int
  private var rangeCount = 0
  /// Ranges in order, in blocks of bounded size, so that a new one moves little.
  private var blocks: [[ClosedRange<Int>]] = []
  /// Ranges were dropped: a number may have been met although it is not found.
  private(set) var isBounded = false

  init(rangeLimit: Int = 1_000_000) { self.rangeLimit = rangeLimit }

  func contains(_ number: Int) -> Bool {
    guard let (block, index) = place(atOrBefore: number) else { return false }
    return blocks[block][index].contains(number)
  }

  /// Whether any of the numbers was met.
  func overlaps(_ numbers: ClosedRange<Int>) -> Bool {
    guard let (block, index) = place(atOrBefore: numbers.upperBound) else { return false }
    return blocks[block][index].upperBound >= numbers.lowerBound
  }

  /// Adds numbers of which none was met.
  mutating func insert(_ numbers: ClosedRange<Int>) {
    guard let (block, index) = place(atOrBefore: numbers.lowerBound) else {
      if let first = blocks.first?.first, touches(numbers, first) {
        blocks[0][0] = numbers.lowerBound...max(first.upperBound, numbers.upperBound)
      } else if room() {
        if blocks.isEmpty { blocks = [[]] }
        blocks[0].insert(numbers, at: 0)
        split(0)
      }
      return
    }
    let before = blocks[block][index]
    let after = range(after: block, index)
    if touches(before, numbers) {
      blocks[block][index] = before.lowerBound...max(before.upperBound, numbers.upperBound)
      if let (nextBlock, nextIndex) = after, touches(numbers, blocks[nextBlock][nextIndex]) {
        let next = blocks[nextBlock].remove(at: nextIndex)
        rangeCount -= 1
        blocks[block][index] = before.lowerBound...max(next.upperBound, numbers.upperBound)
        if blocks[nextBlock].isEmpty { blocks.remove(at: nextBlock) }
      }
    } else if let (nextBlock, nextIndex) = after, touches(numbers, blocks[nextBlock][nextIndex]) {
      blocks[nextBlock][nextIndex] =
        numbers.lowerBound...max(numbers.upperBound, blocks[nextBlock][nextIndex].upperBound)
    } else if room() {
      blocks[block].insert(numbers, at: index + 1)
      split(block)
    }
  }

  private func touches(_ first: ClosedRange<Int>, _ second: ClosedRange<Int>) -> Bool {
    let (next, overflow) = first.upperBound.addingReportingOverflow(1)
    return overflow || next >= second.lowerBound
  }

  private mutating func room() -> Bool {
    guard rangeCount < rangeLimit else {
      isBounded = true
      return false
    }
    rangeCount += 1
    return true
  }

  private mutating func split(_ block: Int) {
    guard blocks[block].count > Self.blockLimit else { return }
    let half = blocks[block].count / 2
    let tail = Array(blocks[block][half...])
    blocks[block].removeSubrange(half...)
    blocks.insert(tail, at: block + 1)
  }

  private func range(after block: Int, _ index: Int) -> (Int, Int)? {
    if index + 1 < blocks[block].count { return (block, index + 1) }
    return block + 1 < blocks.count ? (block + 1, 0) : nil
  }

  /// The last range that begins at `number` or before.
  private func place(atOrBefore number: Int) -> (block: Int, index: Int)? {
    guard let block = last(blocks.count, where: { blocks[$0][0].lowerBound <= number }) else {
      return nil
    }
    let ranges = blocks[block]
    guard let index = last(ranges.count, where: { ranges[$0].lowerBound <= number }) else {
      return nil
    }
    return (block, index)
  }

  /// The last of `count` places for which a condition holds that holds for none after the first it fails for.
  private func last(_ count: Int, where holds: (Int) -> Bool) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }
}
