package import AssessmentModel
import Glibc
import NationalCrypto
package import ProbeKit

/// Lists the keys, certificates and containers in a file or folder (密码资产清查): with which algorithms they are
/// made, how strong those are, and which private keys lie in clear.
package struct AlgorithmAssetsProbe: Probe {
  /// Path of a file with one password a line, tried on what is encrypted.
  private let passwordFile: String?
  /// Seconds since 1970-01-01 UTC, the moment that decides what is expired.
  private let now: @Sendable () -> Int

  package init(parameters: [String: FactValue]) throws(ParameterError) {
    try self.init(parameters: parameters, now: { time(nil) })
  }

  package init(
    parameters: [String: FactValue], now: @escaping @Sendable () -> Int
  ) throws(ParameterError) {
    let known = Self.description.parameters
    for name in parameters.keys.sorted() where known[name] == nil {
      throw ParameterError(
        parameter: name,
        reason: "unknown; known are \(known.keys.sorted().joined(separator: ", "))")
    }
    switch parameters["passwords"] {
    case nil: passwordFile = nil
    case .text(let path) where !path.isEmpty: passwordFile = path
    case .null, .boolean, .integer, .text, .list, .record:
      throw ParameterError(
        parameter: "passwords", reason: "the path of a file with one password a line is expected")
    }
    self.now = now
  }

  package func inspect(
    _ object: AssessmentObject, until deadline: ContinuousClock.Instant
  ) async -> Observation {
    guard let target = object.locator, !target.isEmpty else {
      return Observation(
        unavailable: Unavailability(.unreadable, "no path is given for \(object.id)"))
    }
    var unavailable: Unavailability?
    let isTimeUp: @Sendable () -> Bool = { Task.isCancelled || ContinuousClock.now >= deadline }
    var recogniser = AssetRecogniser(isTimeUp: isTimeUp)
    if let passwordFile {
      do throws(SecretFile.Unreadable) {
        // The recogniser holds the only copy, so that wiping it wipes them.
        recogniser = AssetRecogniser(
          passwords: try PasswordFile.passwords(passwordFile), isTimeUp: isTimeUp)
      } catch {
        unavailable = Unavailability(.unreadable, "passwords \(passwordFile): \(error.reason)")
      }
    }
    defer { recogniser.forgetPasswords() }
    var findings = AssetFindings()
    do throws(AssetFolder.Unreadable) {
      try AssetFolder.search(
        target, into: &findings, goesOn: { !isTimeUp() },
        visit: { content, path, findings in
          recogniser.recognise(content, path: path, into: &findings)
          wipe(&content)
        },
        report: { path, cause, findings in findings.unreadableAt(Asset.Place(path), cause) })
    } catch {
      return Observation(
        unavailable: Unavailability(.unreadable, "\(target): \(error.reason)"))
    }
    findings.findSigners(isTimeUp: isTimeUp)
    if Task.isCancelled {
      unavailable = Unavailability(.cancelled, "the search of \(target) was cancelled")
    } else if isTimeUp() {
      unavailable = Unavailability(.deadline, "the search of \(target) was not finished in time")
    }
    findings.sort()
    let facts = findings.facts(at: UTCTime.text(now()))
    let evidence = Evidence(
      name: "assets.json", mediaType: "application/json",
      bytes: Array(JSONText.pretty(.record(facts)).utf8), strength: 2)
    return Observation(facts: facts, evidence: [evidence], unavailable: unavailable)
  }
}
