package import AssessmentModel
package import ProbeKit

/// The probe `tls.capture` (抓包文件中的 TLS/TLCP 握手): the facts of `tls.endpoint` from somebody else's
/// handshakes, recorded in a pcap or pcapng file or in a transcript. It sends nothing.
///
/// A capture may hold several servers and facts of different servers are never mixed: the parameter
/// `server` says which one an object is. Who wants all of them asks `inspectAll`.
package struct TLSCaptureProbe: SeveralObjects {
  /// Servers named in a list.
  private static let mostNamed = 200

  private let server: NetworkEndpoint?
  private let now: @Sendable () -> String

  package init(parameters: [String: FactValue]) throws(ParameterError) {
    try self.init(parameters: parameters, now: TLSEndpointProbe.systemTime)
  }

  /// - Parameter now: UTC, `YYYY-MM-DDThh:mm:ssZ`; decides what has expired.
  init(
    parameters: [String: FactValue], now: @escaping @Sendable () -> String
  ) throws(ParameterError) {
    for name in parameters.keys.sorted() where Self.description.parameters[name] == nil {
      throw ParameterError(parameter: name, reason: "unknown; known is server")
    }
    server = try Self.endpoint(parameters["server"])
    self.now = now
  }

  private static func endpoint(_ value: FactValue?) throws(ParameterError) -> NetworkEndpoint? {
    guard let value else { return nil }
    guard let endpoint = value.text.flatMap(NetworkEndpoint.init) else {
      throw ParameterError(
        parameter: "server", reason: "ADDRESS:PORT expected, an IPv6 address in brackets")
    }
    return endpoint
  }

  /// The server the object names, else the parameter, else the only one in the capture.
  package func inspect(
    _ object: AssessmentObject, until deadline: ContinuousClock.Instant
  ) async -> Observation {
    let chosen: NetworkEndpoint?
    do throws(ParameterError) {
      chosen = try Self.endpoint(object.parameters["server"]) ?? server
    } catch {
      return Observation(unavailable: Unavailability(.failed, error.description))
    }
    switch read(object, until: deadline) {
    case .failure(let observation): return observation
    case .contents(let contents, let path):
      let servers = Self.servers(of: contents)
      if let chosen {
        guard let readings = servers.first(where: { $0.first?.server == chosen }) else {
          return Self.undecided(servers, contents, "\(path): no connection with \(chosen)")
        }
        return observation(readings, contents, path)
      }
      // Other traffic does not stand in the way of the only server that speaks TLS.
      let speaking = servers.filter { $0.contains(where: \.speaksTLS) }
      let candidates = speaking.isEmpty ? servers : speaking
      guard let only = candidates.first, candidates.count == 1 else {
        return Self.undecided(
          servers, contents,
          "\(path): \(candidates.count) servers; the parameter server must say which")
      }
      return observation(only, contents, path)
    }
  }

  /// One inspection for each server in the capture, in the order of their first packets.
  ///
  /// Where there are several, each object bears `server` as a parameter and in its id:
  /// `ID ADDRESS:PORT`. A capture that cannot be read gives one unavailable observation of `object`.
  package func inspectAll(
    _ object: AssessmentObject, until deadline: ContinuousClock.Instant
  ) async -> [(object: AssessmentObject, observation: Observation)] {
    guard server == nil, object.parameters["server"] == nil else {
      return [(object, await inspect(object, until: deadline))]
    }
    switch read(object, until: deadline) {
    case .failure(let observation): return [(object, observation)]
    case .contents(let contents, let path):
      let servers = Self.servers(of: contents)
      guard servers.count > 1 else {
        let seen =
          servers.first.map { observation($0, contents, path) }
          ?? Self.undecided(servers, contents, "\(path): no server")
        return [(object, seen)]
      }
      return servers.map { readings in
        var one = object
        if let server = readings.first?.server {
          one.id = "\(object.id) \(server)"
          one.parameters["server"] = .text(server.description)
        }
        return (one, observation(readings, contents, path))
      }
    }
  }

  private enum Reading {
    case contents(CaptureContents, path: String)
    case failure(Observation)
  }

  private func read(
    _ object: AssessmentObject, until deadline: ContinuousClock.Instant
  ) -> Reading {
    guard let path = object.locator, !path.isEmpty else {
      return .failure(
        Observation(
          unavailable: Unavailability(.unreadable, "no path is given for \(object.id)")))
    }
    // What was read must still be told before the deadline.
    let start = ContinuousClock.now
    let end = deadline - min(.seconds(1), max(.zero, start.duration(to: deadline)) / 4)
    do throws(CaptureError) {
      let contents = try CaptureContents.read(
        path: path, isTimeUp: { Task.isCancelled || ContinuousClock.now >= end })
      return .contents(contents, path: path)
    } catch {
      let reason: Unavailability.Reason =
        switch error {
        case .unreadable: .unreadable
        case .notACapture, .unknownLinkType, .malformedTranscript: .malformed
        }
      return .failure(Observation(unavailable: Unavailability(reason, error.description)))
    }
  }

  private func observation(
    _ readings: [FlowReading], _ contents: CaptureContents, _ path: String
  ) -> Observation {
    let stated = CaptureFacts(
      readings, chains: contents.chains, isCut: contents.isCut, now: now())
    return Observation(
      facts: stated.facts,
      evidence: CaptureEvidence.of(readings, in: contents, path: path),
      unavailable: Self.interruption(contents, path))
  }

  /// The connections of each server, in the order of their first packets.
  private static func servers(of contents: CaptureContents) -> [[FlowReading]] {
    var places: [NetworkEndpoint?: Int] = [:]
    var servers: [[FlowReading]] = []
    for reading in contents.readings {
      if let place = places[reading.server] {
        servers[place].append(reading)
      } else {
        places[reading.server] = servers.count
        servers.append([reading])
      }
    }
    return servers
  }

  private static func undecided(
    _ servers: [[FlowReading]], _ contents: CaptureContents, _ detail: String
  ) -> Observation {
    let names = servers.compactMap { $0.first?.server?.description }
    guard !names.isEmpty else {
      let reason = contents.fault.map { ": \($0)" } ?? ""
      return Observation(
        unavailable: interruption(contents, detail)
          ?? Unavailability(
            contents.fault == nil ? .failed : .malformed,
            "\(detail): no TCP connection with data in \(contents.packets ?? 0) packets\(reason)"))
    }
    return Observation(
      facts: ["capture.servers": .list(names.prefix(mostNamed).map { .text($0) })],
      unavailable: Unavailability(.failed, detail))
  }

  private static func interruption(_ contents: CaptureContents, _ path: String) -> Unavailability? {
    guard contents.isTimeUp else { return nil }
    let detail = "\(path): read up to packet \(contents.packets ?? 0)"
    return Unavailability(Task.isCancelled ? .cancelled : .deadline, detail)
  }
}
