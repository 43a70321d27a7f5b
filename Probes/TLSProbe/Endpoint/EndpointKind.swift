import AssessmentModel

/// What an endpoint is, by all its answers (`endpoint.kind`).
enum EndpointKind: String, Sendable, Hashable, CaseIterable {
  case tls, tlcp, both, other, silent, refused, reset, closed

  /// The kind, and why the endpoint could not be looked at where that is so.
  static func of(_ all: [Answer], at place: String) -> (EndpointKind, Unavailability?) {
    // How the bytes of SSL 2.0 are met says nothing of the port, unless it speaks them.
    let answers = all.filter { $0.hello.version != .ssl2 || $0.flight.acceptedVersion == .ssl2 }
    guard !answers.isEmpty else {
      return (.silent, Unavailability(.deadline, "\(place): the deadline passed before a hello"))
    }
    let versions = answers.compactMap(\.flight.acceptedVersion)
    let hasTLCP = versions.contains(.tlcp)
    let hasTLS = versions.contains { $0 != .tlcp }
    if hasTLCP || hasTLS {
      return (hasTLCP && hasTLS ? .both : hasTLCP ? .tlcp : .tls, nil)
    }
    if answers.contains(where: { $0.end == .cancelled }) {
      return (.silent, Unavailability(.cancelled, "\(place): cancelled before an answer"))
    }
    if answers.contains(where: { $0.end == .notTLS }) { return (.other, nil) }
    for answer in answers {
      switch answer.end {
      case .malformed(let error):
        return (.tls, Unavailability(.malformed, "\(place): \(error)"))
      case .endless(let detail): return (.tls, Unavailability(.endless, "\(place): \(detail)"))
      case .read, .closed, .reset, .timeout, .notTLS, .refused, .unreachable, .cancelled: continue
      }
    }
    if answers.contains(where: { $0.outcome == .declined }) { return (.tls, nil) }
    return silentKind(answers, at: place)
  }

  /// No proper answer at all: how the port behaved, the first attempt that was more than silence.
  private static func silentKind(
    _ answers: [Answer], at place: String
  ) -> (EndpointKind, Unavailability?) {
    if answers.contains(where: \.receivedAnything) {
      return (.tls, Unavailability(.deadline, "\(place): no answer was complete in time"))
    }
    let telling = answers.first { $0.end != .timeout } ?? answers.first
    switch telling?.end {
    case .refused: return (.refused, Unavailability(.refused, "connection refused by \(place)"))
    case .unreachable(let reason):
      return (.silent, Unavailability(.unreachable, "\(place): \(reason)"))
    case .reset:
      return (.reset, Unavailability(.reset, "\(place): connection reset after the hello"))
    case .closed:
      return (.closed, Unavailability(.closed, "\(place): connection closed without a byte"))
    case .read, .timeout, .malformed, .notTLS, .endless, .cancelled, nil:
      return (.silent, Unavailability(.silent, "\(place): no byte before the deadline"))
    }
  }
}
