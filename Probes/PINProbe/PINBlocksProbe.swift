package import AssessmentModel
import Bytes
import NationalCrypto
package import ProbeKit

/// Opens PIN blocks whose keys the assessor holds (PIN数据块检查): whether they are what they claim, and what a
/// sample of them shows about how they are made.
///
/// PINs, keys, PANs and clear blocks stay inside; facts and evidence hold none of them.
package struct PINBlocksProbe: Probe {
  package init(parameters: [String: FactValue]) throws(ParameterError) {
    if let name = parameters.keys.sorted().first {
      throw ParameterError(parameter: name, reason: "unknown; this probe takes none")
    }
  }

  package func inspect(
    _ object: AssessmentObject, until deadline: ContinuousClock.Instant
  ) async -> Observation {
    guard let locator = object.locator, !locator.isEmpty else {
      return Observation(
        unavailable: Unavailability(.unreadable, "no file is given for \(object.id)"))
    }
    let target = maskingAccounts(locator)
    let file: SampleFile
    do throws(SampleFile.Unreadable) { file = try SampleFile.read(path: locator) } catch {
      let fault = error.faults.first?.description ?? "\(target): nothing could be read"
      return Observation(unavailable: Unavailability(.malformed, fault))
    }
    var blocks: [String: FactValue] = [:]
    var undecoded = 0
    var problems = file.problems
    var weaknesses: [String: FactValue] = [:]
    var details: [String: FactValue] = [:]
    var names: Set<String> = []
    var checkValues: [String: FactValue] = [:]
    let isTimeUp: () -> Bool = { Task.isCancelled || ContinuousClock.now >= deadline }
    for entry in file.entries {
      if isTimeUp() { break }
      let result = entry.decoded()
      blocks[entry.id] = result.fact
      checkValues[entry.id] = result.checkValue.map { .text(hexadecimal($0)) }
      if result.pinLength == nil { undecoded += 1 }
      problems += result.problems
    }
    for set in file.sets {
      if isTimeUp() { break }
      do throws(CryptoError) {
        let findings = try SampleAnalysis(set, listed: file.listedKeys).findings()
        weaknesses[set.id] = .list(findings.names.map { .text($0) })
        details[set.id] = findings.fact
        checkValues[set.id] = .text(hexadecimal(findings.checkValue))
        names.formUnion(findings.names)
      } catch {
        // A key that is missing is reported where it was read.
        if set.key != nil, let algorithm = set.algorithm {
          let kind: SampleProblem.Kind =
            set.key?.count == algorithm.keyLength ? .cipherFailed : .keyLength
          problems.append(SampleProblem(kind, id: set.id, line: set.place.line))
        }
      }
    }
    let facts: [String: FactValue] = [
      "pin.blocks": .record(blocks),
      "pin.weaknesses": .record(weaknesses),
      "pin.weakness-details": .record(details),
      "pin.block-problems": .list(
        problems.map {
          ["id": .text($0.id), "problem": .text($0.kind.rawValue), "line": .integer($0.line)]
        }),
      "pin.key-check-values": .record(checkValues),
      "pin.blocks-undecoded": .integer(undecoded),
      "pin.weakness-names": .list(names.sorted().map { .text($0) }),
    ]
    let evidence = Evidence(
      name: "pin-blocks.json", mediaType: "application/json",
      bytes: Array(JSONText.pretty(.record(facts)).utf8), strength: 2)
    var unavailable: Unavailability?
    if Task.isCancelled {
      unavailable = Unavailability(.cancelled, "the reading of \(target) was cancelled")
    } else if isTimeUp() {
      unavailable = Unavailability(.deadline, "\(target) was not read to its end in time")
    }
    return Observation(facts: facts, evidence: [evidence], unavailable: unavailable)
  }
}
