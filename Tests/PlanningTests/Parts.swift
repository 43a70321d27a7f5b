import AssessmentModel
import Planning
import ProbeKit

/// A probe of channels that remembers what it was made with.
struct ChannelProbe: Probe {
  static let description = ProbeDescription(
    name: "channel.look", title: Bilingual(zh: "信道", en: "Channel"), objectKinds: [.channel],
    facts: ["protected": Bilingual(zh: "受保护", en: "protected")],
    parameters: [
      "sni": Bilingual(zh: "名", en: "name"), "method": Bilingual(zh: "法", en: "method"),
      "connections": Bilingual(zh: "连接", en: "connections"),
    ], target: "tls://HOST:PORT", contactsNetwork: true)

  let parameters: [String: FactValue]

  init(parameters: [String: FactValue]) throws(ParameterError) {
    for name in parameters.keys.sorted() where Self.description.parameters[name] == nil {
      throw ParameterError(parameter: name, reason: "unknown")
    }
    if let method = parameters["method"], method.text != "fast", method.text != "polite" {
      throw ParameterError(parameter: "method", reason: "fast or polite expected")
    }
    if let connections = parameters["connections"], connections.integer == nil {
      throw ParameterError(parameter: "connections", reason: "a number expected")
    }
    self.parameters = parameters
  }

  func inspect(
    _ object: AssessmentObject, until deadline: ContinuousClock.Instant
  ) async -> Observation { Observation() }
}

/// A probe of stores, without parameters and without network.
struct StoreProbe: Probe {
  static let description = ProbeDescription(
    name: "store.look", title: Bilingual(zh: "库", en: "Store"), objectKinds: [.assetStore],
    facts: [:], target: "PATH", contactsNetwork: false)

  let parameters: [String: FactValue]

  init(parameters: [String: FactValue]) throws(ParameterError) { self.parameters = parameters }

  func inspect(
    _ object: AssessmentObject, until deadline: ContinuousClock.Instant
  ) async -> Observation { Observation() }
}

func requirement(
  _ id: String, of kind: ObjectKind? = .channel, _ assessments: [Assessment],
  obligation: Requirement.Obligation = .shall, text: Requirement.TextState = .read
) -> Requirement {
  Requirement(
    id: id, standard: .gmt0077, level: 3, clause: "1", item: "a",
    dimension: Dimension(id: "network", title: Bilingual(zh: "网", en: "Net")),
    title: Bilingual(zh: id, en: id), obligation: obligation, textState: text, provenance: "seed",
    objectKind: kind, assessments: assessments,
    place: SourcePlace(file: "a.yaml", line: 1, column: 1))
}

func look(
  _ probe: String = "channel.look", at kind: ObjectKind = .channel,
  with parameters: [String: FactValue] = [:], isPlanned: Bool = false
) -> Assessment {
  .probe(
    ProbeAssessment(
      objectKind: kind, procedure: Procedure(probe: probe, parameters: parameters),
      isPlanned: isPlanned,
      used: [Expectation(fact: "protected", condition: .equals(true))]))
}

func ask(_ id: String, of kind: ObjectKind = .channel, standsIn: Bool = false) -> Assessment {
  .ask(
    Question(
      id: id, letter: .D, objectKind: kind, method: .look, text: Bilingual(zh: id, en: id),
      standsIn: standsIn))
}

func channel(
  _ id: String, at locator: String? = "tls://127.0.0.1:443",
  parameters: [String: FactValue] = [:]
) -> AssessmentObject {
  AssessmentObject(id: id, kind: .channel, locator: locator, parameters: parameters)
}

func made(
  _ requirements: [Requirement], _ objects: [AssessmentObject], connections: Int = 8
) throws(PlanningError) -> Plan {
  try plan(
    requirements, objects: objects, limits: Scope.Limits(connectionsPerObject: connections),
    probes: [ChannelProbe.self, StoreProbe.self])
}

extension Plan {
  /// What the probe of the only inspection was made with.
  var onlyParameters: [String: FactValue]? {
    inspections.count == 1 ? (inspections[0].probe as? ChannelProbe)?.parameters : nil
  }
}
