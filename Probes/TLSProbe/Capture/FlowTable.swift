/// Follows the TCP connections of a capture and reads what each shows (TCP 会话表).
///
/// Memory is bounded whatever the packets say: so many connections at once, so many bytes held for all
/// of them; beyond that the oldest are read as far as they came and given up.
struct FlowTable {
  /// Connections followed at once.
  static let mostOpen = 4096
  /// Connections read in one capture.
  static let mostReadings = 1 << 16
  /// Bytes held for all connections.
  static let mostRetained = 1 << 26
  /// Bytes of exchanges kept as evidence.
  static let mostEvidence = 1 << 25
  /// Connections of one server of which the exchange is kept.
  static let mostExchanges = 16
  /// Connections of one server whose key exchange signature is checked.
  static let mostVerified = 1024
  /// Pairs of hosts of which packets could not be read.
  private static let mostPairs = 4096

  /// The two ends in a fixed order.
  private struct Key: Hashable {
    var first: NetworkEndpoint
    var second: NetworkEndpoint

    init(_ one: NetworkEndpoint, _ other: NetworkEndpoint) {
      (first, second) = one < other ? (one, other) : (other, one)
    }
  }

  private struct Pair: Hashable {
    var hosts: Set<HostAddress>
  }

  /// What makes the exchange of a connection worth keeping: none like it was kept before.
  private struct Likeness: Hashable {
    var server: NetworkEndpoint?
    var version: ProtocolVersion?
    var suite: CipherSuite?
    var chain: Int?
    var isSignatureValid: Bool?
    var isHandshakeCompleted: Bool?
    var problems: [WireError.Code]
  }

  private var flows: [Key: Flow] = [:]
  private var closed: [(Key, Int)] = []
  private var opened: [(Key, Int)] = []
  private var firstClosed = 0
  private var firstOpened = 0
  private var retained = 0
  private var unreadablePairs: Set<Pair> = []
  private var hasManyPairs = false
  private var count = 0
  private(set) var readings: [FlowReading] = []
  /// The certificates met, read once.
  private(set) var chains = ChainTable()
  /// Signatures checked for each server.
  private var verified: [NetworkEndpoint: Int] = [:]
  private var exchangesKept: [NetworkEndpoint?: Set<Likeness>] = [:]
  private var evidenceBytes = 0
  /// Connections that were not read because there were too many.
  private(set) var unread = 0

  mutating func take(_ packet: InternetPacket) {
    switch packet {
    case .other: return
    case .unreadable(let source, let destination):
      hasManyPairs = hasManyPairs || unreadablePairs.count >= Self.mostPairs
      if !hasManyPairs { unreadablePairs.insert(Pair(hosts: [source, destination])) }
    case .segment(let segment): take(segment)
    }
  }

  private mutating func take(_ segment: TCPSegment) {
    let key = Key(segment.source, segment.destination)
    if segment.flags.contains(.syn), flows[key]?.isAnother(segment) == true { close(key) }
    if flows[key] == nil {
      // Bare acknowledgements and the like show nothing by themselves.
      guard segment.flags.contains(.syn) || !segment.payload.isEmpty || segment.missing > 0 else {
        return
      }
      makeRoom()
      opened.append((key, count))
      flows[key] = Flow(number: count, first: key.first, second: key.second)
      count += 1
    }
    let before = flows[key]?.retained ?? 0
    let wasClosed = flows[key]?.closing != nil
    flows[key]?.take(segment, room: max(0, Self.mostRetained - retained))
    guard let flow = flows[key] else { return }
    retained += flow.retained - before
    if flow.closing != nil, !wasClosed { closed.append((key, flow.number)) }
  }

  /// Reads and forgets connections, those that are over first, until another one may be opened.
  private mutating func makeRoom() {
    while flows.count >= Self.mostOpen || retained >= Self.mostRetained, !flows.isEmpty {
      if firstClosed < closed.count {
        let (key, number) = closed[firstClosed]
        firstClosed += 1
        if flows[key]?.number == number { close(key) }
      } else if firstOpened < opened.count {
        let (key, number) = opened[firstOpened]
        firstOpened += 1
        guard flows[key]?.number == number else { continue }
        if flows[key]?.closing == nil { flows[key]?.giveUp() }
        close(key)
      } else {
        return
      }
    }
    compact()
  }

  /// Connections that were read long ago leave the queues.
  private mutating func compact() {
    if opened.count > 4 * Self.mostOpen {
      opened = opened.dropFirst(firstOpened).filter { flows[$0.0]?.number == $0.1 }
      firstOpened = 0
    }
    if closed.count > 4 * Self.mostOpen {
      closed = closed.dropFirst(firstClosed).filter { flows[$0.0]?.number == $0.1 }
      firstClosed = 0
    }
  }

  /// The capture has ended. Afterwards `readings` holds all connections, in the order they began.
  ///
  /// - Parameter isCut: the file could not be read to its end.
  mutating func finish(isCut: Bool, isTimeUp: () -> Bool) {
    let left = flows.values.map { ($0.number, $0.key) }.sorted { $0.0 < $1.0 }
    for (_, ends) in left {
      let key = Key(ends.0, ends.1)
      if isTimeUp() {
        unread += 1
        flows[key] = nil
        continue
      }
      if isCut, flows[key]?.closing == nil { flows[key]?.endEarly() }
      close(key)
    }
    readings.sort { $0.number < $1.number }
  }

  private mutating func close(_ key: Key) {
    guard var flow = flows.removeValue(forKey: key) else { return }
    retained -= flow.retained
    let pair = Pair(hosts: [key.first.address, key.second.address])
    if hasManyPairs || unreadablePairs.contains(pair) { flow.missPackets() }
    guard flow.hasData else { return }
    guard readings.count < Self.mostReadings else {
      unread += 1
      return
    }
    var reading = flow.reading(
      isVerified: { verified[$0, default: 0] < Self.mostVerified }, chains: &chains)
    if reading.isSignatureValid != nil, let server = reading.server {
      verified[server, default: 0] += 1
    }
    if !isWorthKeeping(reading) { reading.exchange = nil }
    readings.append(reading)
  }

  private mutating func isWorthKeeping(_ reading: FlowReading) -> Bool {
    guard reading.speaksTLS, let exchange = reading.exchange,
      exchangesKept[reading.server, default: []].count < Self.mostExchanges
    else { return false }
    let size = (exchange.client + exchange.server).reduce(0) { $0 + $1.count }
    guard evidenceBytes + size <= Self.mostEvidence else { return false }
    let likeness = Likeness(
      server: reading.server, version: reading.flight.hello?.version,
      suite: reading.flight.hello?.suite, chain: reading.chain,
      isSignatureValid: reading.isSignatureValid,
      isHandshakeCompleted: reading.isHandshakeCompleted,
      problems: reading.problems.map(\.error.code))
    guard exchangesKept[reading.server, default: []].insert(likeness).inserted else {
      return false
    }
    evidenceBytes += size
    return true
  }
}
