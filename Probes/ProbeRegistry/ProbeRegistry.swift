import AlgorithmProbe
import AuditLogProbe
import PINProbe
package import ProbeKit
import TLSProbe

/// The one list of probes.
package enum ProbeList {
  package static let all: [any Probe.Type] = [
    AlgorithmAssetsProbe.self,
    AuditLogIntegrityProbe.self,
    PINBlocksProbe.self,
    PINLogsProbe.self,
    PINServiceProbe.self,
    TLSCaptureProbe.self,
    TLSEndpointProbe.self,
  ]

  package static func named(_ name: String) -> (any Probe.Type)? {
    all.first { $0.description.name == name }
  }
}
