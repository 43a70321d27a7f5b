import AssessmentModel
import DemoBank
import Foundation
import PINProbe
import TestSupport

/// A PIN service of the demonstration bank under inspection, in a folder of its own.
struct ServiceUnderTest {
  let folder: Folder
  let service: PINService

  init(_ faults: Set<PINServiceFault> = [], wide: PINService.WideAlgorithm = .sm4) throws {
    folder = try Folder()
    service = try PINService(in: folder.path, faults: faults, wide: wide)
  }

  func inspect(
    _ front: PINService.Front, rate: Int = 10_000, seconds: Double = 100
  ) async throws -> Inspected {
    let path = try service.describe(front, rate: rate)
    return await inspectService(path, seconds: seconds)
  }
}

func inspectService(
  _ path: String, address: String? = nil, seconds: Double = 100
) async -> Inspected {
  var object = AssessmentObject(id: "pin-service", kind: .pinService, locator: path)
  object.parameters["address"] = address.map { .text($0) }
  guard let probe = try? PINServiceProbe(parameters: [:]) else {
    return Inspected(observation: Observation())
  }
  return Inspected(
    observation: await probe.inspect(object, until: .now + .seconds(seconds)))
}

/// An observation by what tests ask of it.
struct Inspected {
  var observation: Observation

  /// `insecure translation-wrong`, `secure`, `not-run` by check.
  var results: [String: String] {
    (observation.facts["pin.attacks"]?.record ?? [:]).mapValues { value in
      [value["result"]?.text, value["finding"]?.text].compactMap(\.self).joined(separator: " ")
    }
  }

  var insecure: [String: String] { results.filter { $0.value.hasPrefix("insecure") } }

  func details(_ id: String) -> FactValue? { observation.facts["pin.attack-details"]?[id] }

  /// Everything that leaves the probe.
  var texts: [String] {
    [JSONText.pretty(.record(observation.facts)), observation.unavailable?.detail ?? ""]
      + observation.evidence.map { String(decoding: $0.bytes, as: UTF8.self) }
  }
}
