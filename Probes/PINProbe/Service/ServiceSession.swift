import Connections
import ProbeKit

/// What became of one request to a service.
enum CallOutcome: Sendable {
  case answered(ServiceAnswer, time: Duration)
  /// No answer, or not a whole one, in the time the description allows.
  case silent(received: Int)
  /// The service ended the connection without an answer.
  case disconnected
  case garbage(String)
  /// An answer to another request.
  case foreign(String)
  /// Nothing can be asked any more; the words say why.
  case impossible(Ending)
}

/// Why a suite asks nothing more.
enum Ending: Error, Sendable, Hashable {
  /// It cannot be connected to.
  case unreachable(ConnectionError)
  /// It is there, and TLS with it does not come about; the words say why.
  case tlsRefused(String)
  /// It went away and was not back in the time allowed.
  case gone
  /// It took connections and answered nothing, many times in a row.
  case mute
  case deadline
  case cancelled

  var words: String {
    switch self {
    case .unreachable(let error): "the service cannot be reached: \(error)"
    case .tlsRefused(let reason): "no TLS with the service: \(reason)"
    case .gone: "the service did not come back after it ended the connection"
    case .mute: "the service stopped answering"
    case .deadline: "the time of the inspection was over"
    case .cancelled: "the inspection was cancelled"
    }
  }
}

/// The connection to a PIN service: one call at a time, no faster than allowed, each with its time limit.
///
/// After silence, garbage or an answer to something else the connection is given up, so that nothing late can
/// be taken for the answer of the next call.
final class ServiceSession {
  /// So many unanswered calls in a row, and the service counts as mute.
  static let patience = 6
  /// How long after its first answer a service may take to close the connection.
  private static let grace = Duration.milliseconds(40)

  private let endpoint: Endpoint
  private let adapter: any ServiceAdapter
  private let tls: TLSSettings?
  private let timeout: Duration
  private let reconnectWait: Duration
  private let spacing: Duration
  let deadline: ContinuousClock.Instant
  private var connection: (any ServiceLine)?
  /// Whether the service keeps a connection for the next call; found out after its first answer.
  private var keepsConnection: Bool
  private var hasAnswered = false
  /// Whether the service was seen to end a connection between two calls.
  private var closesIdle = false
  private var nextSlot = ContinuousClock.now
  private var unanswered = 0
  private var sequence = 0
  private(set) var ending: Ending?
  private(set) var calls = 0
  private(set) var crashes = 0

  init(model: ServiceModel, endpoint: Endpoint, deadline: ContinuousClock.Instant) {
    self.endpoint = endpoint
    adapter = model.adapter
    tls = model.tls
    keepsConnection = model.adapter.keepsConnection
    timeout = model.timeout
    reconnectWait = model.reconnectWait
    spacing = .seconds(1) / model.rate
    self.deadline = deadline
  }

  /// nil when the service has no such command.
  func perform(_ call: ServiceCall) async -> CallOutcome? {
    var call = call
    sequence += 1
    call.values[.callID] = "c\(sequence)"
    guard let bytes = adapter.request(for: call) else { return nil }
    return await exchange(bytes, answering: call)
  }

  func send(malformed request: MalformedRequest) async -> CallOutcome {
    await exchange(request.bytes, answering: nil, staysCalm: true)
  }

  /// - Parameter staysCalm: silence and a lost connection are no sign of trouble by themselves.
  private func exchange(
    _ request: [UInt8], answering call: ServiceCall?, staysCalm: Bool = false
  ) async -> CallOutcome {
    if let ending { return .impossible(ending) }
    if nextSlot > .now {
      try? await Task.sleep(until: min(nextSlot, deadline), clock: .continuous)
    }
    if let over = isOver() { return end(over) }
    nextSlot = max(nextSlot, .now) + spacing
    // What ended, or spoke, between two calls is no answer to the next one.
    if let connection, connection.isStale {
      closesIdle = true
      await drop()
    }
    let isReused = connection != nil
    let connection: any ServiceLine
    switch await connected() {
    case .success(let made): connection = made
    case .failure(let ending): return end(ending)
    }
    calls += 1
    let start = ContinuousClock.now
    let limit = min(deadline, start + (staysCalm ? timeout / 4 : timeout))
    let arrival = await Arrival.receive(
      on: connection, sending: request, until: limit
    ) { [adapter] bytes, isEnded in
      if case .incomplete = adapter.read(bytes, isEnded: isEnded, answering: call) { return true }
      return false
    }
    let time = ContinuousClock.now - start
    if isReused, closesIdle, arrival.isEnded, arrival.bytes.isEmpty {
      // Its end and our request may have crossed: a new connection shows whether the request was the cause.
      await drop()
      return await exchange(request, answering: call, staysCalm: staysCalm)
    }
    return await outcome(arrival, time: time, answering: call, staysCalm: staysCalm)
  }

  private func outcome(
    _ arrival: Arrival, time: Duration, answering call: ServiceCall?, staysCalm: Bool
  ) async -> CallOutcome {
    let reading =
      arrival.isLate
      ? .incomplete
      : adapter.read(arrival.bytes, isEnded: arrival.isEnded, answering: call)
    if case .answer(let answer) = reading, !arrival.bytes.isEmpty {
      await keepOrDrop(arrival)
      unanswered = 0
      return .answered(answer, time: time)
    }
    await drop()
    if Task.isCancelled { return end(.cancelled) }
    // A service of TLS 1.3 judges the client's certificate after the client takes the handshake for done.
    if tls != nil, !hasAnswered, arrival.isEnded, arrival.bytes.isEmpty {
      let guess =
        "the service ended TLS before any answer, as one does that wants another certificate"
      return end(.tlsRefused(arrival.refusal ?? guess))
    }
    if arrival.bytes.isEmpty, arrival.isEnded {
      if !staysCalm { crashes += 1 }
      unanswered = 0
      // Whether it comes back is found out now, so that the next call meets a running service.
      switch await connected(patiently: true) {
      case .success: break
      case .failure(let failure): ending = failure
      }
      return .disconnected
    }
    if let over = isOver() { return end(over) }
    switch reading {
    case .garbage(let reason):
      unanswered = 0
      return .garbage(reason)
    case .foreign(let reason):
      unanswered = 0
      return .foreign(reason)
    case .incomplete, .answer:
      if !staysCalm { unanswered += 1 }
      if unanswered >= Self.patience { ending = .mute }
      return .silent(received: arrival.bytes.count)
    }
  }

  /// Some services take one call a connection and close it after their answer: that is no crash.
  private func keepOrDrop(_ arrival: Arrival) async {
    connection?.listen()
    if !hasAnswered, keepsConnection, !arrival.isEnded {
      try? await Task.sleep(for: Self.grace)
      if connection?.isStale == true { keepsConnection = false }
    }
    hasAnswered = true
    if !keepsConnection || arrival.isEnded || connection?.isStale == true { await drop() }
  }

  private func isOver() -> Ending? {
    if Task.isCancelled { return .cancelled }
    return ContinuousClock.now >= deadline ? .deadline : nil
  }

  private func end(_ ending: Ending) -> CallOutcome {
    self.ending = self.ending ?? ending
    return .impossible(ending)
  }

  /// The open connection, or a new one. After a disconnect the service may take its time to come back.
  private func connected(patiently: Bool = false) async -> Result<any ServiceLine, Ending> {
    if let connection { return .success(connection) }
    let limit = min(deadline, .now + (patiently ? reconnectWait : timeout))
    var failure = LineFailure.connection(.deadline)
    repeat {
      switch await attempt(until: limit) {
      case .success(let made):
        connection = made
        return .success(made)
      case .failure(let error): failure = error
      }
      if Task.isCancelled { return .failure(.cancelled) }
      if patiently { try? await Task.sleep(for: .milliseconds(50)) }
    } while patiently && ContinuousClock.now < limit
    if let over = isOver() { return .failure(over) }
    if patiently { return .failure(.gone) }
    switch failure {
    case .connection(let error): return .failure(.unreachable(error))
    case .tls(let reason): return .failure(.tlsRefused(reason))
    }
  }

  private func attempt(
    until limit: ContinuousClock.Instant
  ) async -> Result<any ServiceLine, LineFailure> {
    // The connection lives until the deadline of the inspection; only making it has a limit of its own.
    let made = await withDeadline(limit) {
      [endpoint, deadline, tls] () async -> Result<any ServiceLine, LineFailure> in
      await LineFailure.line(to: endpoint, by: tls, until: deadline)
    }
    return made ?? .failure(tls == nil ? .connection(.deadline) : .tls("no handshake in time"))
  }

  private func drop() async {
    await connection?.close()
    connection = nil
  }

  func close() async { await drop() }
}

/// What came back on a connection until it was enough, too late, or over.
private struct Arrival: Sendable {
  var bytes: [UInt8] = []
  /// The service ended the connection, by FIN or RST.
  var isEnded = false
  /// Not all came in time.
  var isLate = false
  /// The words with which TLS was ended, by either side.
  var refusal: String?

  static func receive(
    on connection: any ServiceLine, sending request: [UInt8], until limit: ContinuousClock.Instant,
    while isIncomplete: @escaping @Sendable ([UInt8], Bool) -> Bool
  ) async -> Arrival {
    let before = connection.receivedCount
    if let arrival = await withDeadline(
      limit, { await gather(connection, request, isIncomplete) })
    {
      return arrival
    }
    let count = connection.receivedCount - before
    return Arrival(bytes: Array(repeating: 0, count: max(0, count)), isLate: true)
  }

  private static func gather(
    _ connection: any ServiceLine, _ request: [UInt8], _ isIncomplete: ([UInt8], Bool) -> Bool
  ) async -> Arrival {
    var arrival = Arrival()
    do throws(ConnectionError) {
      try await connection.send(request)
      while let part = try await connection.receive() {
        arrival.bytes += part
        if !isIncomplete(arrival.bytes, false) { return arrival }
      }
      arrival.isEnded = true
    } catch {
      switch error {
      case .reset: arrival.isEnded = true
      case .failed(let reason):
        arrival.isEnded = true
        arrival.refusal = reason
      case .refused, .unreachable, .deadline, .endless, .cancelled, .closed:
        arrival.isLate = true
      }
    }
    return arrival
  }
}
