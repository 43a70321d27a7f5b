package import AssessmentModel

/// Looks at one object and states facts. It does not judge, score, print or keep state.
package protocol Probe: Sendable {
  /// What the probe is, stated once for catalogs, `probe list` and the documentation tests.
  static var description: ProbeDescription { get }

  /// Refuses parameters it does not know or understand, before anything is contacted.
  init(parameters: [String: FactValue]) throws(ParameterError)

  /// Looks at `object` and returns before `deadline`, promptly after cancellation.
  ///
  /// Whatever the object answers, the result is an observation: what could not be looked at is stated in
  /// `Observation.unavailable`, with the facts that are known all the same.
  func inspect(
    _ object: AssessmentObject, until deadline: ContinuousClock.Instant
  ) async -> Observation
}

/// The public face of a probe.
package struct ProbeDescription: Sendable, Hashable {
  /// As catalogs write it, e.g. `tls.endpoint`.
  package var name: String
  package var title: Bilingual
  /// The kinds of object it can look at.
  package var objectKinds: Set<ObjectKind>
  /// Every fact it can state, by name: the catalog is checked against this before anything is contacted.
  package var facts: [String: Bilingual]
  /// Every parameter it takes, by name.
  package var parameters: [String: Bilingual]
  /// The form of a target on the command line, e.g. `tls://HOST:PORT`.
  package var target: String
  /// Whether it opens network connections, and so needs an authorised target.
  package var contactsNetwork: Bool

  package init(
    name: String, title: Bilingual, objectKinds: Set<ObjectKind>, facts: [String: Bilingual],
    parameters: [String: Bilingual] = [:], target: String, contactsNetwork: Bool
  ) {
    self.name = name
    self.title = title
    self.objectKinds = objectKinds
    self.facts = facts
    self.parameters = parameters
    self.target = target
    self.contactsNetwork = contactsNetwork
  }
}

/// A parameter a probe refuses.
package struct ParameterError: Error, Sendable, Hashable, CustomStringConvertible {
  package var parameter: String
  package var reason: String

  package init(parameter: String, reason: String) {
    self.parameter = parameter
    self.reason = reason
  }

  package var description: String { "parameter \(parameter): \(reason)" }
}

/// A probe whose target is a file that says where to connect: its places are authorised before it is used, and
/// the object's parameter `address` then is the address that was checked.
package protocol DescribedPlaces: Probe {
  /// The network places named by the description at a path, `SCHEME://HOST:PORT` each, the one that `address`
  /// speaks of first; none where the description cannot be read or names none.
  static func places(describedAt path: String) -> [String]
}
