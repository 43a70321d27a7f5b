/// Puts one direction of a TCP connection together from segments in any order (TCP 流重组).
///
/// Segments that arrive early wait, within bounds. Where two segments hold the same place the bytes
/// given out first stand. Sequence numbers wrap around at 2^32; everything is compared by distance.
struct StreamReassembly: Sendable {
  /// Bytes that may wait for a hole before them to be filled.
  static let longestWait = 1 << 18
  /// Segments that may wait.
  static let mostWaiting = 1024
  /// A segment farther ahead than this belongs to no window in use.
  static let farthest = 1 << 24

  private struct Piece: Sendable {
    var sequence: UInt32
    var bytes: [UInt8]
  }

  /// Sequence number of the next byte to give out; `nil` before the start is known.
  private var next: UInt32?
  /// Early segments by sequence number; before the start is known, all of them.
  private var waiting: [Piece] = []
  private(set) var waitingBytes = 0
  /// Bytes given out.
  private(set) var delivered = 0
  /// The place after the sender's last byte, known from its FIN.
  private var end: UInt32?
  /// The furthest and the first place the receiver confirmed.
  private var confirmed: UInt32?
  private var firstConfirmed: UInt32?
  /// Whether the start was seen or could be told from the bytes themselves.
  private(set) var hasStart = false
  /// Whether bytes are known to be missing; nothing is given out after a hole that cannot be filled.
  private(set) var hasLost = false
  /// Whether payload came that does not show where the stream starts.
  private(set) var hasMissedStart = false
  private var isStopped = false

  /// Whether any payload was seen.
  var hasData: Bool { delivered > 0 || !waiting.isEmpty || hasLost || hasMissedStart }

  /// The sender's SYN: its data starts right after.
  mutating func start(at sequence: UInt32) -> [[UInt8]] {
    guard next == nil, !isStopped else { return [] }
    next = sequence &+ 1
    hasStart = true
    return drain()
  }

  /// - Parameters:
  ///   - missing: bytes after the payload that the capture did not keep.
  ///   - room: how many more bytes may wait at all.
  /// - Returns: what can be given out now, in order.
  mutating func accept(
    _ sequence: UInt32, _ payload: [UInt8], missing: Int, room: Int
  ) -> [[UInt8]] {
    if missing > 0 { hasLost = true }
    guard !payload.isEmpty, !isStopped else { return [] }
    if let next {
      let ahead = Self.distance(from: next, to: sequence)
      guard ahead > 0 else { return deliver(Piece(sequence: sequence, bytes: payload)) + drain() }
      guard ahead <= Self.farthest else {
        hasLost = true
        return []
      }
    }
    return keep(Piece(sequence: sequence, bytes: payload), room: room)
  }

  mutating func finish(at sequence: UInt32) { end = end ?? sequence }

  mutating func confirm(_ acknowledgement: UInt32) {
    firstConfirmed = firstConfirmed ?? acknowledgement
    if let known = confirmed, Self.distance(from: known, to: acknowledgement) <= 0 { return }
    confirmed = acknowledgement
  }

  /// No more segments will come.
  ///
  /// Without a SYN the stream is taken to start at its first byte kept if that can be the start of TLS.
  mutating func close() -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    if next == nil { pieces = guessStart() }
    if !waiting.isEmpty {
      hasLost = true
      drop()
    }
    guard !isStopped else { return pieces }
    guard let next else {
      // Nothing of the sender is there, and yet more than its SYN and FIN was confirmed.
      if let confirmed, let firstConfirmed,
        Self.distance(from: firstConfirmed, to: confirmed) > 2
      {
        hasLost = true
      }
      return pieces
    }
    if let end, Self.distance(from: next, to: end) != 0 { hasLost = true }
    if let confirmed {
      // A FIN counts as one.
      let unseen = Self.distance(from: next, to: confirmed) - (end == nil ? 0 : 1)
      if unseen > 0, unseen < 1 << 30 { hasLost = true }
    }
    return pieces
  }

  /// Bytes are missing for good: nothing further is given out.
  mutating func stop() {
    hasLost = true
    isStopped = true
    drop()
  }

  private mutating func drop() {
    waiting = []
    waitingBytes = 0
  }

  private static func distance(from: UInt32, to: UInt32) -> Int {
    Int(Int32(bitPattern: to &- from))
  }

  private mutating func keep(_ piece: Piece, room: Int) -> [[UInt8]] {
    var place = waiting.count
    while place > 0, Self.distance(from: waiting[place - 1].sequence, to: piece.sequence) < 0 {
      place -= 1
    }
    waiting.insert(piece, at: place)
    waitingBytes += piece.bytes.count
    guard
      piece.bytes.count > room || waitingBytes > Self.longestWait
        || waiting.count > Self.mostWaiting
    else { return [] }
    let pieces = next == nil ? guessStart() : []
    if waitingBytes > 0 { stop() }
    return pieces
  }

  private mutating func guessStart() -> [[UInt8]] {
    guard let first = waiting.first else { return [] }
    guard Self.canStart(firstBytes) else {
      hasMissedStart = true
      isStopped = true
      drop()
      return []
    }
    next = first.sequence
    hasStart = true
    return drain()
  }

  /// The first six bytes that wait, fewer before a hole.
  private var firstBytes: [UInt8] {
    guard var place = waiting.first?.sequence else { return [] }
    var bytes: [UInt8] = []
    for piece in waiting {
      let known = -Self.distance(from: place, to: piece.sequence)
      guard known >= 0, bytes.count < 6 else { break }
      let fresh = piece.bytes.dropFirst(known).prefix(6)
      bytes += fresh
      place = place &+ UInt32(truncatingIfNeeded: fresh.count)
    }
    return bytes
  }

  /// A record with a hello, or with an alert in clear.
  private static func canStart(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 5, bytes[1] == 3 || bytes[1] == 1 else { return false }
    switch Record.ContentType(rawValue: bytes[0]) {
    case .handshake: return bytes[5] == 1 || bytes[5] == 2
    case .alert: return bytes[3] == 0 && bytes[4] == 2
    case .changeCipherSpec, .applicationData, .heartbeat, .siteToSite, nil: return false
    }
  }

  private mutating func deliver(_ piece: Piece) -> [[UInt8]] {
    guard let next else { return [] }
    let known = -Self.distance(from: next, to: piece.sequence)
    guard known >= 0, known < piece.bytes.count else { return [] }
    let fresh = known == 0 ? piece.bytes : Array(piece.bytes[known...])
    self.next = next &+ UInt32(truncatingIfNeeded: fresh.count)
    delivered += fresh.count
    return [fresh]
  }

  private mutating func drain() -> [[UInt8]] {
    guard let start = next else { return [] }
    guard let first = waiting.first, Self.distance(from: start, to: first.sequence) <= 0 else {
      return []
    }
    var pieces: [[UInt8]] = []
    var used = 0
    for piece in waiting {
      guard let next, Self.distance(from: next, to: piece.sequence) <= 0 else { break }
      pieces += deliver(piece)
      waitingBytes -= piece.bytes.count
      used += 1
    }
    waiting.removeFirst(used)
    return pieces
  }
}
