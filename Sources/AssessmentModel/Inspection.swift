/// Bytes that prove a fact, as a probe hands them over. The store numbers, digests and chains them.
package struct Evidence: Sendable, Hashable {
  /// A short file name, unique within the observation, e.g. `hello-tls12.bin`.
  package var name: String
  /// IANA media type.
  package var mediaType: String
  package var bytes: [UInt8]
  /// Strength by method, 1 to 3 (reference: the assessment guide's three classes): 1 interview,
  /// document, look; 2 tool test, configuration; 3 tracing and active attack.
  package var strength: Int

  package init(name: String, mediaType: String, bytes: [UInt8], strength: Int = 2) {
    self.name = name
    self.mediaType = mediaType
    self.bytes = bytes
    self.strength = strength
  }
}

/// What a probe saw on one object: facts, and the bytes behind them.
package struct Observation: Sendable, Hashable {
  /// nil: observed. Otherwise why the object could not be looked at; facts that are known stand all the
  /// same. Closed vocabulary with a detail: `refused: connection refused by 127.0.0.1:443`.
  package var unavailable: Unavailability?
  package var facts: [String: FactValue]
  package var evidence: [Evidence]

  package init(
    facts: [String: FactValue] = [:], evidence: [Evidence] = [], unavailable: Unavailability? = nil
  ) {
    self.facts = facts
    self.evidence = evidence
    self.unavailable = unavailable
  }
}

/// Why an inspection learnt nothing, or not all it should.
package struct Unavailability: Sendable, Hashable, Codable {
  package enum Reason: String, Sendable, Hashable, Codable, CaseIterable {
    case refused, silent, reset, closed, unreachable, malformed, endless
    case deadline
    case cancelled
    case unreadable
    case unauthorised
    case failed
    case notRun = "not-run"
  }
  package var reason: Reason
  /// One line for a person: what was met, where (offset, record, path).
  package var detail: String

  package init(_ reason: Reason, _ detail: String) {
    self.reason = reason
    self.detail = detail
  }
}

/// Where a kept piece of evidence is found again.
package struct EvidenceReference: Sendable, Hashable, Codable {
  /// Stable within a run and from run to run: place in the plan, probe, object, number.
  package var id: String
  /// Lower-case hexadecimal SM3 of the bytes.
  package var sm3: String
  /// Strength class, 1 to 3.
  package var strength: Int

  package init(id: String, sm3: String, strength: Int) {
    self.id = id
    self.sm3 = sm3
    self.strength = strength
  }

  private enum CodingKeys: String, CodingKey {
    case id, sm3
    case strength = "class"
  }
}

/// How an inspection is made: a probe and its parameters. Equal procedures on an object are made once.
package struct Procedure: Sendable, Hashable, Codable {
  package var probe: String
  package var parameters: [String: FactValue]

  package init(probe: String, parameters: [String: FactValue] = [:]) {
    self.probe = probe
    self.parameters = parameters
  }
}

/// The outcome of one inspection, evidence kept: what judging reads.
package struct InspectionResult: Sendable, Hashable {
  package var object: String
  package var procedure: Procedure
  package var unavailable: Unavailability?
  package var facts: [String: FactValue]
  package var evidence: [EvidenceReference]

  package init(
    object: String, procedure: Procedure, unavailable: Unavailability? = nil,
    facts: [String: FactValue] = [:], evidence: [EvidenceReference] = []
  ) {
    self.object = object
    self.procedure = procedure
    self.unavailable = unavailable
    self.facts = facts
    self.evidence = evidence
  }
}
