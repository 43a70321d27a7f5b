package import AssessmentModel
import Connections
package import ProbeKit

/// Attacks a PIN translation or verification service with test keys and test accounts (PIN服务攻击测试): whether it
/// can be turned against the cardholders it serves.
///
/// The locator of the object is the file that describes the service. It connects to the address `address`
/// among the object's parameters, which whoever runs it has checked against the authorisation; without one,
/// only to a loopback address that the description names as such. PINs, keys, account numbers and blocks stay
/// inside; facts and evidence hold none of them.
package struct PINServiceProbe: DescribedPlaces {
  package init(parameters: [String: FactValue]) throws(ParameterError) {
    // By hand the address that was checked comes with the object, never as a parameter of the probe.
    if let name = parameters.keys.sorted().first {
      throw ParameterError(parameter: name, reason: "unknown; this probe takes none")
    }
  }

  /// Where the description at `path` says the service is, `SCHEME://HOST:PORT` with tcp, tls, http or https.
  package static func places(describedAt path: String) -> [String] {
    ServiceModelFile.places(path: path)
  }

  package func inspect(
    _ object: AssessmentObject, until deadline: ContinuousClock.Instant
  ) async -> Observation {
    guard let path = object.locator, !path.isEmpty else {
      return Observation(
        unavailable: Unavailability(.unreadable, "no description is given for \(object.id)"))
    }
    let faults = Faults()
    guard let model = ServiceModelFile.read(path: path, faults: faults) else {
      let fault = faults.sorted.first?.description ?? "\(path): nothing could be read"
      return Observation(unavailable: Unavailability(.malformed, fault))
    }
    let address: String
    switch object.parameters["address"] {
    case .text(let checked): address = checked
    case nil where model.isLoopback || model.isProduction: address = model.place.host
    case nil, .null, .boolean, .integer, .list, .record:
      return Observation(
        unavailable: Unavailability(
          .unauthorised,
          "\(model.foreignPlace.text) is neither loopback nor checked against an authorisation; nothing was sent"
        ))
    }
    let session = ServiceSession(
      model: model, endpoint: Endpoint(address: address, port: model.place.port),
      deadline: deadline)
    let messageSession = model.atMessageEndpoint.map { endpoint in
      // The same host was checked as the same address; another one is an address itself, checked as a place.
      let host = endpoint.place.host == model.place.host ? address : endpoint.place.host
      return ServiceSession(
        model: endpoint, endpoint: Endpoint(address: host, port: endpoint.place.port),
        deadline: deadline)
    }
    let suite = AttackSuite(model: model, session: session, messageSession: messageSession)
    let reports = await suite.run()
    await session.close()
    await messageSession?.close()
    let facts = PINServiceFacts(
      model: model, reports: reports, calls: session.calls + (messageSession?.calls ?? 0),
      crashes: session.crashes + (messageSession?.crashes ?? 0),
      masterKeyCheck: suite.masterKeyCheck
    ).facts
    let evidence = Evidence(
      name: "pin-service.json", mediaType: "application/json",
      bytes: Array(JSONText.pretty(.record(facts)).utf8), strength: 3)
    return Observation(
      facts: facts, evidence: [evidence],
      unavailable: Self.unavailability(session.ending, model.place))
  }

  /// A service that went away by itself was observed; one that was never reached, or time running out, was not.
  private static func unavailability(_ ending: Ending?, _ place: ServicePlace) -> Unavailability? {
    switch ending {
    case nil, .gone, .mute: nil
    case .unreachable(let error):
      Unavailability(
        error == .refused ? .refused : .unreachable, "\(place.text): \(error)")
    case .tlsRefused(let reason): Unavailability(.failed, "\(place.text): no TLS: \(reason)")
    case .deadline:
      Unavailability(.deadline, "\(place.text): not every check was made in time")
    case .cancelled: Unavailability(.cancelled, "\(place.text): the inspection was cancelled")
    }
  }
}
