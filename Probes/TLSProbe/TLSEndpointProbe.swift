package import AssessmentModel
import Connections
import Glibc
import NationalCrypto
package import ProbeKit

/// The probe `tls.endpoint` (TLS/TLCP 端点探测): what a live endpoint negotiates, by real exchanges.
///
/// It sends ClientHellos and reads what the server answers up to the end of its first flight; in TLCP's ECC
/// suites it finishes the handshake. It sends application data only when `request` gives some, malformed
/// messages only when `active` asks for them, and keeps at most `connections` connections open at once.
package struct TLSEndpointProbe: Probe {
  /// How many connections an inspection may hold open at once where nothing else is said.
  package static let defaultConnections = 8
  /// As many with the fast method.
  static let fastConnections = 64

  private enum Method: String, CaseIterable {
    case fast, polite
  }

  private let lanes: Int
  private let isFast: Bool
  private let sni: String?
  /// Whether the server may be sent handshakes that are wrong on purpose.
  private let isActive: Bool
  /// Application data for a finished TLCP handshake.
  private let request: [UInt8]?
  /// Our certificates, for servers that ask for them.
  private let pair: ClientPair?
  /// Certificates that chains may end at; `nil` when none were given.
  private let anchors: [Certificate]?
  private let source: HelloMaker.Source
  private let now: @Sendable () -> String

  package init(parameters: [String: FactValue]) throws(ParameterError) {
    try self.init(parameters: parameters, source: .system, now: Self.systemTime)
  }

  /// - Parameters:
  ///   - source: the client's randomness, replaceable for recorded exchanges.
  ///   - now: UTC, `YYYY-MM-DDThh:mm:ssZ`.
  init(
    parameters: [String: FactValue], source: HelloMaker.Source,
    now: @escaping @Sendable () -> String
  ) throws(ParameterError) {
    for name in parameters.keys.sorted() where Self.description.parameters[name] == nil {
      let known = Self.description.parameters.keys.sorted().joined(separator: ", ")
      throw ParameterError(parameter: name, reason: "unknown; known are \(known)")
    }
    let method = try Self.method(parameters["method"])
    isFast = method == .fast
    lanes =
      try Self.connections(parameters["connections"])
      ?? (isFast ? Self.fastConnections : Self.defaultConnections)
    sni = try Self.serverName(parameters["sni"])
    isActive = try Self.active(parameters["active"])
    request = try Self.request(parameters["request"])
    pair = try ClientPair.read(parameters)
    anchors = try TrustAnchors.read(parameters["trust-anchors"])
    self.source = source
    self.now = now
  }

  private static func method(_ value: FactValue?) throws(ParameterError) -> Method {
    guard let value else { return .polite }
    guard let method = value.text.flatMap(Method.init(rawValue:)) else {
      throw ParameterError(parameter: "method", reason: "fast or polite expected")
    }
    return method
  }

  private static func connections(_ value: FactValue?) throws(ParameterError) -> Int? {
    guard let value else { return nil }
    guard let count = value.integer ?? value.text.flatMap({ Int($0) }), (1...64).contains(count)
    else { throw ParameterError(parameter: "connections", reason: "1 to 64 expected") }
    return count
  }

  private static func active(_ value: FactValue?) throws(ParameterError) -> Bool {
    guard let value else { return false }
    guard let text = value.text, ["none", "full"].contains(text) else {
      throw ParameterError(parameter: "active", reason: "none or full expected")
    }
    return text == "full"
  }

  private static func request(_ value: FactValue?) throws(ParameterError) -> [UInt8]? {
    guard let value else { return nil }
    guard let text = value.text, (1...4096).contains(text.utf8.count) else {
      throw ParameterError(parameter: "request", reason: "a text of 1 to 4096 bytes expected")
    }
    return Array(text.utf8)
  }

  private static func serverName(_ value: FactValue?) throws(ParameterError) -> String? {
    guard let value else { return nil }
    guard let name = value.text.flatMap(HostName.serverName) else {
      throw ParameterError(
        parameter: "sni", reason: "a host name of at most 253 ASCII characters expected")
    }
    return name
  }

  package func inspect(
    _ object: AssessmentObject, until deadline: ContinuousClock.Instant
  ) async -> Observation {
    await ConnectionThreads.run { await look(at: object, until: deadline) }
  }

  private func look(
    at object: AssessmentObject, until deadline: ContinuousClock.Instant
  ) async -> Observation {
    guard let locator = object.locator.flatMap(Locator.init) else {
      return Observation(
        unavailable: Unavailability(
          .failed,
          "the object has no target of the form tls://HOST:PORT, tlcp://HOST:PORT or any://HOST:PORT"
        ))
    }
    let serverName: String?
    do throws(ParameterError) {
      serverName =
        try Self.serverName(object.parameters["sni"]) ?? sni ?? HostName.serverName(locator.host)
    } catch {
      return Observation(unavailable: Unavailability(.failed, error.description))
    }
    let address: String
    do throws(ConnectionError) {
      address = try await Self.address(of: locator, object, until: deadline)
    } catch {
      return Observation(
        facts: ["endpoint.kind": .text(EndpointKind.silent.rawValue)],
        unavailable: Unavailability(
          error == .cancelled ? .cancelled : .unreachable, "\(locator.host): \(error)"))
    }
    let endpoint = Endpoint(address: address, port: locator.port)
    let maker = HelloMaker(serverName: serverName, source: source)
    let dialer = Dialer(endpoint: endpoint, lanes: lanes, deadline: deadline)
    let findings = await EndpointInspection(
      dialer: dialer, scheme: locator.scheme, maker: maker, isFast: isFast,
      // Every suite, whole handshakes, resumption, and the faults that `active` asks for.
      tlcp: TLCPInspection(
        dialer: dialer, maker: maker, pair: pair, isActive: isActive, request: request)
    ).run()
    let tlcp = findings.tlcp
    // TLS 1.3 with SM suites: the same, where one was met.
    let national = await GMTLSInspection(
      dialer: dialer, maker: maker, pair: pair, isActive: isActive, request: request
    ).run(after: findings.inventory, findings.answers)
    let asked = findings.answers + tlcp.answers + national.answers
    let stated = EndpointFacts(
      asked, inventory: findings.inventory, name: serverName ?? locator.host, now: now(),
      place: endpoint.description)
    let facts = CertificateFacts(anchors: anchors)
      .added(to: stated.facts, of: asked + findings.inventory.answers)
    return Observation(
      facts: national.added(to: tlcp.added(to: facts)),
      evidence: TranscriptEvidence.of(asked + tlcp.trials + national.trials, at: endpoint)
        + TranscriptEvidence.ofInventory(findings.inventory.answers, at: endpoint)
        + TranscriptEvidence.ofHandshakes(findings.inventory.handshakes, at: endpoint),
      unavailable: Task.isCancelled
        ? Unavailability(.cancelled, "\(endpoint): cancelled before all was asked")
        : stated.unavailable)
  }

  /// The address to connect to: the one a run resolved and found authorised, else the host's first.
  private static func address(
    of locator: Locator, _ object: AssessmentObject, until deadline: ContinuousClock.Instant
  ) async throws(ConnectionError) -> String {
    if let known = object.parameters["address"]?.text { return known }
    let found = try await resolve(locator.host, until: deadline)
    guard let first = found.first else { throw .unreachable("no address") }
    return first
  }

  /// The system's clock as certificates write time.
  static let systemTime: @Sendable () -> String = {
    var seconds = time(nil)
    var parts = tm()
    guard gmtime_r(&seconds, &parts) != nil else { return "" }
    func digits(_ number: Int32, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return digits(parts.tm_year + 1900, 4) + "-" + digits(parts.tm_mon + 1, 2) + "-"
      + digits(parts.tm_mday, 2) + "T" + digits(parts.tm_hour, 2) + ":" + digits(parts.tm_min, 2)
      + ":" + digits(parts.tm_sec, 2) + "Z"
  }
}
