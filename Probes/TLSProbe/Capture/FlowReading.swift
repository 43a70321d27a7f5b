/// Which end of a recorded connection sent something.
enum FlowSide: String, Sendable, Hashable {
  case client, server
}

/// How a recorded connection ended: what was seen first.
struct FlowClosing: Sendable, Hashable {
  enum Manner: String, Sendable, Hashable {
    case fin, reset
  }

  var manner: Manner
  var from: FlowSide
}

/// Why not all of a connection is in the capture.
enum FlowGap: String, Sendable, Hashable, CaseIterable {
  /// The capture began after the connection.
  case startMissing = "start-missing"
  /// Segments, or ends of segments, are not in the capture.
  case bytesLost = "bytes-lost"
  /// Fragments of IP packets, or TCP headers that were cut, between the two hosts.
  case packetsUnreadable = "packets-unreadable"
  /// The reading of the file ended before the connection did.
  case fileEnded = "file-ended"
  /// Given up in favour of others: too many connections at once.
  case givenUp = "given-up"
}

/// What one recorded connection showed of its server (流重组后的一次握手).
struct FlowReading: Sendable, Hashable {
  /// A code with its place in the bytes of the side that sent it.
  struct Problem: Sendable, Hashable {
    var error: WireError
    var from: FlowSide
  }

  struct SentAlert: Sendable, Hashable {
    var alert: Alert
    var from: FlowSide
  }

  /// The whole records of both sides, up to the first protected one of each.
  struct Exchange: Sendable, Hashable {
    var client: [[UInt8]]
    var server: [[UInt8]]
  }

  /// In the order of first packets, from 0.
  var number: Int
  /// The ends; `nil` in a transcript.
  var client: NetworkEndpoint?
  var server: NetworkEndpoint?
  /// The ServerHello and what followed in clear.
  var flight: ServerFlight
  /// The name the client asked for.
  var serverName: String?
  /// Whether the client offered extended_master_secret; `nil` without its hello.
  var offersExtendedMasterSecret: Bool?
  /// Number of the chain served, among those of the capture; `nil` without a Certificate message.
  var chain: Int?
  var isVersionAccepted = false
  var isSuiteAccepted = false
  /// Of ServerKeyExchange; `nil` where there is none to check, or no client random, or where so many of
  /// the server were checked that this one was not.
  var isSignatureValid: Bool?
  /// Both ChangeCipherSpec and a protected record after each; `nil` without ServerHello, and when it
  /// cannot be told because bytes are missing.
  var isHandshakeCompleted: Bool?
  var alerts: [SentAlert]
  var problems: [Problem]
  /// Where reading ended without a violation that has a code of its own.
  var remarks: [Problem]
  /// `nil` while open.
  var closing: FlowClosing?
  var serverBytes: Int
  var gaps: Set<FlowGap>
  /// Whether either side sent a record of TLS or TLCP.
  var speaksTLS: Bool
  var exchange: Exchange?

  /// - Parameters:
  ///   - client: what the client sent, `server`: what the server sent; read to their ends.
  ///   - isVerified: whether to check the signature of the key exchange.
  ///   - chains: certificates already read.
  init(
    number: Int, client: SideReader, server: SideReader, closing: FlowClosing?,
    gaps: Set<FlowGap>, isVerified: Bool, chains: inout ChainTable
  ) {
    self.number = number
    self.closing = closing
    self.gaps = gaps
    flight = server.flight
    serverBytes = server.byteCount
    speaksTLS = client.speaksTLS || server.speaksTLS
    alerts =
      client.alerts.map { SentAlert(alert: $0, from: .client) }
      + server.alerts.map { SentAlert(alert: $0, from: .server) }
    remarks = [(client, FlowSide.client), (server, .server)].compactMap { reader, side in
      reader.remark.map { Problem(error: $0, from: side) }
    }
    exchange = Exchange(client: client.evidence, server: server.evidence)
    problems = []
    if let problem = client.problem { problems.append(Problem(error: problem, from: .client)) }
    let isRead = readServerHello(client)
    problems += (flight.problems + [server.problem].compactMap(\.self)).map {
      Problem(error: $0, from: .server)
    }
    flight.problems = []
    guard isRead else { return }
    defer { forgetBytes() }
    if let ders = flight.chain {
      chain = chains.number(of: ders)
      if chain == nil { self.gaps.insert(.givenUp) }
    }
    if isVerified { checkSignature(client.hello, chain.map { chains.chains[$0] }) }
    if client.hasProtected && server.hasProtected {
      isHandshakeCompleted = true
    } else {
      isHandshakeCompleted = self.gaps.isEmpty ? false : nil
    }
  }

  /// What was checked need not be held for as long as the capture is read.
  private mutating func forgetBytes() {
    flight.chain = nil
    flight.keyExchange?.parameters = []
    flight.keyExchange?.signature = nil
    let needed = [
      ExtensionNumber.supportedVersions, ExtensionNumber.keyShare,
      ExtensionNumber.renegotiationInfo, ExtensionNumber.extendedMasterSecret,
    ]
    guard var answer = flight.hello else { return }
    answer.extensions = answer.extensions.filter { needed.contains($0.key) }
      .mapValues { Array($0.prefix(2)) }
    flight.hello = answer
  }

  private mutating func readServerHello(_ client: SideReader) -> Bool {
    guard let answer = flight.hello else { return false }
    serverName = client.hello?.serverName
    offersExtendedMasterSecret =
      client.hello.map { $0.extensions.contains(ExtensionNumber.extendedMasterSecret) }
    let violations = client.hello?.violations(of: answer) ?? []
    flight.problems = violations + flight.problems
    isVersionAccepted = !violations.contains { $0.code == .wrongVersion }
    isSuiteAccepted = violations.isEmpty
    return true
  }

  private mutating func checkSignature(_ hello: RecordedHello?, _ chain: ServedChain?) {
    guard let hello, let chain, let answer = flight.hello, flight.keyExchange != nil else { return }
    if answer.version == .tlcp {
      guard let certificates = chain.certificates else {
        isSignatureValid = false
        return
      }
      isSignatureValid = TLCPKeyExchange.isSignatureValid(
        flight, chain: certificates, clientRandom: hello.random)
    } else {
      isSignatureValid = HandshakeSignature.isValid(
        flight, leaf: chain.leaf, clientRandom: hello.random)
    }
  }
}
