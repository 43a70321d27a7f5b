/// One TCP connection of a capture while it is followed.
struct Flow: Sendable {
  /// One direction: its segments put in order, and what they say.
  private struct Direction: Sendable {
    var stream = StreamReassembly()
    var reader = SideReader()
    /// How the sender ended it, with the moment as a count of segments.
    var ending: (manner: FlowClosing.Manner, moment: Int)?

    mutating func read(_ pieces: [[UInt8]]) {
      for piece in pieces { reader.feed(piece) }
    }
  }

  let number: Int
  private let first: NetworkEndpoint
  private let second: NetworkEndpoint
  private var fromFirst = Direction()
  private var fromSecond = Direction()
  /// Whether the end that sent SYN alone is `first`; `nil` when no SYN was seen.
  private var isOpenedByFirst: Bool?
  private var synSequence: UInt32?
  private var gaps: Set<FlowGap> = []
  private var moments = 0

  init(number: Int, first: NetworkEndpoint, second: NetworkEndpoint) {
    self.number = number
    self.first = first
    self.second = second
  }

  var key: (NetworkEndpoint, NetworkEndpoint) { (first, second) }
  var hasData: Bool { fromFirst.stream.hasData || fromSecond.stream.hasData }

  /// Bytes held for it, roughly; a connection itself counts as one kilobyte.
  var retained: Int {
    1024 + fromFirst.stream.waitingBytes + fromSecond.stream.waitingBytes
      + fromFirst.reader.retained + fromSecond.reader.retained
  }

  /// Over: both sides have ended, or one has reset it.
  var closing: FlowClosing.Manner? {
    if fromFirst.ending?.manner == .reset || fromSecond.ending?.manner == .reset { return .reset }
    return fromFirst.ending != nil && fromSecond.ending != nil ? .fin : nil
  }

  /// Whether `segment`, a SYN, opens another connection between the same ends.
  func isAnother(_ segment: TCPSegment) -> Bool {
    guard !segment.flags.contains(.acknowledges) else { return false }
    if let synSequence { return synSequence != segment.sequence }
    // Without a SYN so far, data that waits for it may be of this very connection.
    let sender = segment.source == first ? fromFirst.stream : fromSecond.stream
    return closing != nil || sender.hasStart || sender.hasMissedStart
  }

  mutating func take(_ segment: TCPSegment, room: Int) {
    moments += 1
    let isFirst = segment.source == first
    if segment.flags.contains(.syn) {
      let isAnswer = segment.flags.contains(.acknowledges)
      if isOpenedByFirst == nil { isOpenedByFirst = isFirst != isAnswer }
      if !isAnswer { synSequence = synSequence ?? segment.sequence }
    }
    if isFirst {
      Self.take(segment, moments, from: &fromFirst, to: &fromSecond, room)
    } else {
      Self.take(segment, moments, from: &fromSecond, to: &fromFirst, room)
    }
  }

  private static func take(
    _ segment: TCPSegment, _ moment: Int, from sender: inout Direction,
    to receiver: inout Direction, _ room: Int
  ) {
    let isReset = segment.flags.contains(.reset)
    if segment.flags.contains(.acknowledges), !isReset {
      receiver.stream.confirm(segment.acknowledgement)
    }
    var sequence = segment.sequence
    if segment.flags.contains(.syn) {
      sender.read(sender.stream.start(at: sequence))
      sequence = sequence &+ 1
    }
    if isReset {
      // Text in a reset is a diagnostic, not data.
      sender.ending = sender.ending ?? (.reset, moment)
      return
    }
    sender.read(
      sender.stream.accept(sequence, segment.payload, missing: segment.missing, room: room))
    if segment.flags.contains(.fin) {
      let length = UInt32(truncatingIfNeeded: segment.payload.count + segment.missing)
      sender.stream.finish(at: sequence &+ length)
      sender.ending = sender.ending ?? (.fin, moment)
    }
  }

  mutating func giveUp() { gaps.insert(.givenUp) }
  mutating func endEarly() { gaps.insert(.fileEnded) }
  mutating func missPackets() { gaps.insert(.packetsUnreadable) }

  /// What it showed; nothing more will come.
  mutating func reading(
    isVerified: (NetworkEndpoint) -> Bool, chains: inout ChainTable
  ) -> FlowReading {
    gaps.formUnion(Self.end(&fromFirst))
    gaps.formUnion(Self.end(&fromSecond))
    let isFirstClient = isClientFirst
    let (client, server) = isFirstClient ? (fromFirst, fromSecond) : (fromSecond, fromFirst)
    let endings = [(client.ending, FlowSide.client), (server.ending, .server)]
      .compactMap { ending, side in
        ending.map { ($0.moment, FlowClosing(manner: $0.manner, from: side)) }
      }
    var reading = FlowReading(
      number: number, client: client.reader, server: server.reader,
      closing: endings.min { $0.0 < $1.0 }?.1, gaps: gaps,
      isVerified: isVerified(isFirstClient ? second : first), chains: &chains)
    reading.client = isFirstClient ? first : second
    reading.server = isFirstClient ? second : first
    return reading
  }

  private static func end(_ direction: inout Direction) -> Set<FlowGap> {
    direction.read(direction.stream.close())
    var gaps: Set<FlowGap> = direction.stream.hasLost ? [.bytesLost] : []
    // A side that never sent anything has no start to miss.
    if direction.stream.hasMissedStart { gaps.insert(.startMissing) }
    if direction.ending != nil, gaps.isEmpty { direction.reader.end() }
    return gaps
  }

  /// The hellos say who is the client, else the SYN, else the ports.
  private var isClientFirst: Bool {
    if fromFirst.reader.hello != nil || fromSecond.reader.flight.hello != nil { return true }
    if fromSecond.reader.hello != nil || fromFirst.reader.flight.hello != nil { return false }
    return isOpenedByFirst ?? (first.port > second.port)
  }
}
