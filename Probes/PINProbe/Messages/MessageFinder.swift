/// Finds ISO 8583 messages among other bytes: behind a length, a transport header (TPDU) or a network header, or
/// bare (报文定位).
///
/// A reading counts only when the message ends exactly where something says it must: the length in front of it,
/// the end of the line, or the end of the data.
package struct MessageFinder {
  private let bytes: [UInt8]
  private let withPINs: Bool

  /// - Parameter withPINs: whether only messages with DE 52 or DE 63 are looked for.
  package init(_ bytes: [UInt8], withPINs: Bool = false) {
    self.bytes = bytes
    self.withPINs = withPINs
  }

  /// A found message; `isAmbiguous` when another dialect reads other PIN data from the same bytes.
  package struct Found: Sendable, Hashable {
    package var message: Message
    package var isAmbiguous: Bool
  }

  /// The message that begins at `start`.
  ///
  /// - Parameter isEnd: whether a message may end there, apart from the lengths in front of it.
  package func message(at start: Int, limit: Int, isEnd: (Int) -> Bool) -> Found? {
    let readings = MessageReader.readings(
      bytes, at: start, limit: limit, withPINs: withPINs
    ) { end in
      isEnd(end) || isAnnounced(end, for: start)
    }
    guard let first = readings.first else { return nil }
    return Found(
      message: first, isAmbiguous: readings.contains { $0.values[52] != first.values[52] })
  }

  /// All messages in `range`, one after another, not nested.
  ///
  /// - Parameter isTail: whether the end of the range is the end of the data.
  package func messages(in range: Range<Int>, isTail: Bool) -> [Found] {
    var found: [Found] = []
    let range = range.clamped(to: 0..<bytes.count)
    var start = range.lowerBound
    while start < range.upperBound {
      guard
        MessageReader.isText(bytes, at: start) || MessageReader.isPacked(bytes, at: start),
        let message = message(
          at: start, limit: range.upperBound,
          isEnd: { end in
            end == range.upperBound ? isTail : bytes[end] == 0x0A || bytes[end] == 0x0D
          })
      else {
        start += 1
        continue
      }
      found.append(message)
      start = max(start + 1, message.message.end)
    }
    return found
  }

  /// Whether a length in front of `start` says that the message ends at `end`.
  ///
  /// Headers between length and message: none, TPDU of 5 bytes, TPDU and 6 bytes more, or the 46 bytes of an
  /// interchange header, which carries the total length itself.
  private func isAnnounced(_ end: Int, for start: Int) -> Bool {
    for header in [0, 5, 11] {
      let first = start - header
      guard first >= 2, header == 0 || bytes[first] == 0x60 else { continue }
      if Int(bytes[first - 2]) << 8 | Int(bytes[first - 1]) == end - first { return true }
      if decimal(first - 4, 4) == end - first { return true }
    }
    let first = start - 46
    return first >= 0 && bytes[first] == 46 && decimal(first + 2, 4) == end - first
  }

  private func decimal(_ start: Int, _ count: Int) -> Int? {
    guard start >= 0, start + count <= bytes.count else { return nil }
    var value = 0
    for byte in bytes[start..<start + count] {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int(byte & 15)
    }
    return value
  }
}
