import AssessmentModel
import Foundation
import ProbeKit
import Synchronization

/// What the probes of one test meet: how objects answer, and who was looked at. The scope names it in the
/// parameter `world`, since a probe type has no other tie to its test.
final class World: Sendable {
  struct Call: Sendable, Hashable {
    var object: String
    var locator: String?
    var address: String?
  }

  let name = UUID().uuidString
  private let answer: @Sendable (AssessmentObject) async -> Observation
  /// Protects what probes of several tasks note down.
  private let noted = Mutex<[Call]>([])
  private static let all = Mutex<[String: World]>([:])

  init(_ answer: @escaping @Sendable (AssessmentObject) async -> Observation = { World.good($0) }) {
    self.answer = answer
    World.all.withLock { $0[name] = self }
  }

  func close() { World.all.withLock { $0[name] = nil } }

  var calls: [Call] { noted.withLock { $0 } }
  var objects: [String] { calls.map(\.object).sorted() }

  static func look(_ object: AssessmentObject) async -> Observation {
    guard let name = object.parameters["world"]?.text,
      let world = all.withLock({ $0[name] })
    else { return Observation(unavailable: Unavailability(.failed, "no such world")) }
    let call = Call(
      object: object.id, locator: object.locator, address: object.parameters["address"]?.text)
    world.noted.withLock { $0.append(call) }
    return await world.answer(object)
  }

  /// A protected channel, or a store with no key in clear.
  static func good(_ object: AssessmentObject) -> Observation {
    Observation(
      facts: object.kind == .channel
        ? ["protected": true, "suites": ["E013"]] : ["clear": 0, "protected": true],
      evidence: [
        Evidence(
          name: "seen.txt", mediaType: "text/plain", bytes: Array("answer of \(object.id)".utf8))
      ])
  }

  static let clear: @Sendable (AssessmentObject) async -> Observation = { object in
    var observation = good(object)
    if object.kind == .channel { observation.facts = ["protected": false, "suites": []] }
    return observation
  }
}

struct LookProbe: Probe {
  static let description = ProbeDescription(
    name: "test.look", title: Bilingual(zh: "看", en: "Look"), objectKinds: [.channel],
    facts: [
      "protected": Bilingual(zh: "受保护", en: "protected"),
      "suites": Bilingual(zh: "套件", en: "suites"),
    ], target: "tls://HOST:PORT", contactsNetwork: true)

  init(parameters: [String: FactValue]) throws(ParameterError) {
    if let name = parameters.keys.min() { throw ParameterError(parameter: name, reason: "unknown") }
  }

  func inspect(
    _ object: AssessmentObject, until deadline: ContinuousClock.Instant
  ) async -> Observation { await World.look(object) }
}

struct StoreProbe: Probe {
  static let description = ProbeDescription(
    name: "test.store", title: Bilingual(zh: "库", en: "Store"), objectKinds: [.assetStore],
    facts: ["clear": Bilingual(zh: "明文", en: "in clear")], target: "PATH", contactsNetwork: false)

  init(parameters: [String: FactValue]) throws(ParameterError) {}

  func inspect(
    _ object: AssessmentObject, until deadline: ContinuousClock.Instant
  ) async -> Observation { await World.look(object) }
}
