package import AssessmentModel

/// A probe one of whose targets may hold several objects, as a capture holds several servers: by hand each
/// of them gets an inspection of its own.
package protocol SeveralObjects: Probe {
  /// Looks at everything that `object` holds, by the rules of `inspect`; at least one inspection.
  func inspectAll(
    _ object: AssessmentObject, until deadline: ContinuousClock.Instant
  ) async -> [(object: AssessmentObject, observation: Observation)]
}
