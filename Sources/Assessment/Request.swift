package import AssessmentModel
package import Gating
package import ProbeKit

/// What the caller of an assessment decides.
package struct AssessmentRequest: Sendable {
  package var scopePath: String
  package var controlsFolder: String
  package var overlays: [String]
  /// Edition of the scoring rules.
  package var edition: String
  package var gate: GateKind
  /// Folder the run's folder is made in.
  package var out: String
  /// nil: `miping.db` beside the scope.
  package var store: String?
  package var resume: Resume
  /// Only these rows, units or dimensions; empty: all. A reduced selection gives no conclusion.
  package var controls: [String]
  package var objects: [String]
  package var toolVersion: String
  /// PEM of the key that signs the manifest.
  package var signingKey: [UInt8]?
  package var probes: [any Probe.Type]
  /// Seconds since 1970, UTC.
  package var now: @Sendable () -> Double

  package enum Resume: Sendable, Hashable {
    case no
    /// The last unfinished run of the scope.
    case last
    case run(String)
  }

  package init(
    scopePath: String, controlsFolder: String, overlays: [String] = [], edition: String = "2023",
    gate: GateKind = .default, out: String = "out", store: String? = nil, resume: Resume = .no,
    controls: [String] = [], objects: [String] = [], toolVersion: String,
    signingKey: [UInt8]? = nil, probes: [any Probe.Type], now: @escaping @Sendable () -> Double
  ) {
    self.scopePath = scopePath
    self.controlsFolder = controlsFolder
    self.overlays = overlays
    self.edition = edition
    self.gate = gate
    self.out = out
    self.store = store
    self.resume = resume
    self.controls = controls
    self.objects = objects
    self.toolVersion = toolVersion
    self.signingKey = signingKey
    self.probes = probes
    self.now = now
  }

  var isReduced: Bool { !controls.isEmpty || !objects.isEmpty }
}

/// What happens while a run goes on, for progress.
package enum AssessmentEvent: Sendable {
  case planned(inspections: Int, finished: Int, asks: Int)
  case inspected(done: Int, total: Int, object: String, probe: String, reason: Unavailability?)
  case judged(findings: Int)
}

extension AssessmentRequest {
  /// The present time, UTC, `YYYY-MM-DDThh:mm:ssZ`.
  var time: @Sendable () -> String {
    { [now] in utc(now()) }
  }
}
