package import AssessmentModel

/// A run as the store knows it (测评运行).
package struct RunRecord: Sendable, Hashable {
  package enum State: String, Sendable, Hashable, Codable, CaseIterable {
    /// Going on, or killed while it did.
    case running
    case complete
    /// Ended early; what was gathered is kept.
    case interrupted
  }

  package var id: String
  /// Absolute path of the scope file; runs of one scope make one history.
  package var scopePath: String
  /// Lower-case hexadecimal SM3 of the scope file, and of the catalog.
  package var scopeDigest: String
  package var catalogDigest: String
  package var toolVersion: String
  /// Selection, limits, language and the like, as the run was started; never a secret.
  package var settings: FactValue
  /// UTC, `YYYY-MM-DDThh:mm:ssZ`.
  package var started: String
  package var ended: String?
  /// The run's folder.
  package var folder: String
  package var state: State
  /// What the gate said; nil until the run is finished.
  package var gateExitCode: Int?

  package init(
    id: String, scopePath: String, scopeDigest: String, catalogDigest: String,
    toolVersion: String, settings: FactValue = .record([:]), started: String,
    ended: String? = nil, folder: String, state: State = .running, gateExitCode: Int? = nil
  ) {
    self.id = id
    self.scopePath = scopePath
    self.scopeDigest = scopeDigest
    self.catalogDigest = catalogDigest
    self.toolVersion = toolVersion
    self.settings = settings
    self.started = started
    self.ended = ended
    self.folder = folder
    self.state = state
    self.gateExitCode = gateExitCode
  }
}

/// How a run ended, as `RunStore.finish` keeps it.
package struct RunOutcome: Sendable, Hashable {
  package var state: AssessmentResult.Run.State
  /// UTC, `YYYY-MM-DDThh:mm:ssZ`.
  package var ended: String
  package var gateExitCode: Int
  /// The exact bytes of `result.json`.
  package var result: [UInt8]
  package var findings: [Finding]

  package init(
    state: AssessmentResult.Run.State, ended: String, gateExitCode: Int, result: [UInt8],
    findings: [Finding]
  ) {
    self.state = state
    self.ended = ended
    self.gateExitCode = gateExitCode
    self.result = result
    self.findings = findings
  }
}

/// What one run found under a fingerprint.
package struct FindingEntry: Sendable, Hashable {
  package var run: String
  /// When that run began; UTC.
  package var started: String
  package var verdict: Verdict
  package var d: Letter?
  package var a: Letter?
  package var k: Letter?

  package init(
    run: String, started: String, verdict: Verdict, d: Letter?, a: Letter?, k: Letter?
  ) {
    self.run = run
    self.started = started
    self.verdict = verdict
    self.d = d
    self.a = a
    self.k = k
  }
}
