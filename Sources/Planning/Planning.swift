package import AssessmentModel
package import ProbeKit

/// Requirements × objects, with equal inspections shared. Contacts nothing.
package func plan(
  _ requirements: [Requirement], objects: [AssessmentObject], limits: Scope.Limits,
  probes: [any Probe.Type]
) throws(PlanningError) -> Plan {
  var planning = PlanBuilding(objects: objects, limits: limits, probes: probes)
  for requirement in requirements { try planning.add(requirement) }
  return planning.plan
}

private struct PlanBuilding {
  let byKind: [ObjectKind: [AssessmentObject]]
  let limits: Scope.Limits
  let probes: [String: any Probe.Type]
  var plan = Plan(inspections: [], asks: [], judged: [], listed: [])
  private var places: [Key: Int] = [:]
  private var askPlaces: [AskKey: Int] = [:]

  struct Key: Hashable {
    var object: String
    var procedure: Procedure
  }
  struct AskKey: Hashable {
    var ask: String
    var object: String?
  }

  init(objects: [AssessmentObject], limits: Scope.Limits, probes: [any Probe.Type]) {
    byKind = Dictionary(grouping: objects, by: \.kind)
    self.limits = limits
    self.probes = Dictionary(probes.map { ($0.description.name, $0) }) { first, _ in first }
  }

  mutating func add(_ requirement: Requirement) throws(PlanningError) {
    guard requirement.isJudged, let kind = requirement.objectKind else {
      plan.listed.append(requirement)
      return
    }
    let count = kind == .organisation ? 1 : byKind[kind]?.count ?? 0
    plan.judged.append((requirement, count))
    for assessment in requirement.assessments {
      switch assessment {
      case .probe(let probe):
        guard !probe.isPlanned else { continue }
        for object in byKind[probe.objectKind] ?? [] where object.locator != nil {
          try add(probe.procedure, on: object, for: requirement.id)
        }
      case .ask(let question):
        addAsk(question, for: requirement.id)
      }
    }
  }

  private mutating func add(
    _ procedure: Procedure, on object: AssessmentObject, for requirement: String
  ) throws(PlanningError) {
    let key = Key(object: object.id, procedure: procedure)
    if let place = places[key] {
      if plan.inspections[place].requirements.last != requirement {
        plan.inspections[place].requirements.append(requirement)
      }
      return
    }
    guard let type = probes[procedure.probe] else {
      throw PlanningError(
        object: object.id, requirement: requirement,
        reason: "there is no probe \"\(procedure.probe)\"")
    }
    let probe: any Probe
    do {
      probe = try type.init(parameters: parameters(procedure, object, type.description))
    } catch {
      throw PlanningError(object: object.id, requirement: requirement, reason: "\(error)")
    }
    places[key] = plan.inspections.count
    plan.inspections.append(
      Plan.Inspection(
        object: object, procedure: procedure, probe: probe, requirements: [requirement],
        contactsNetwork: type.description.contactsNetwork))
  }

  /// What the scope says of the object, as far as the probe knows it, the catalog's on top. The limit of
  /// connections reaches probes as their parameter `connections`; the object or the catalog may ask for
  /// fewer, never for more.
  private func parameters(
    _ procedure: Procedure, _ object: AssessmentObject, _ description: ProbeDescription
  ) -> [String: FactValue] {
    let stated = object.parameters.filter { description.parameters[$0.key] != nil }
    var parameters = stated.merging(procedure.parameters) { _, catalog in catalog }
    if description.parameters["connections"] != nil {
      let asked = [object.parameters, procedure.parameters].compactMap { $0["connections"] }
      let counts = asked.compactMap { $0.integer ?? $0.text.flatMap { Int($0) } }
      // What is no number stays as it is, for the probe to refuse.
      if counts.count == asked.count {
        parameters["connections"] = .integer(counts.reduce(limits.connectionsPerObject, min))
      }
    }
    // Only the scope can allow what is wrong on purpose; neither object nor catalog can.
    if description.contactsNetwork, description.parameters["active"] != nil {
      parameters["active"] = limits.allowsActiveTests ? "full" : nil
    }
    return parameters
  }

  private mutating func addAsk(_ question: Question, for requirement: String) {
    let objects: [String?] =
      question.objectKind == .organisation
      ? [nil]
      : (byKind[question.objectKind] ?? []).filter { !question.standsIn || $0.locator == nil }
        .map(\.id)
    for object in objects {
      let key = AskKey(ask: question.id, object: object)
      if let place = askPlaces[key] {
        if plan.asks[place].requirements.last != requirement {
          plan.asks[place].requirements.append(requirement)
        }
      } else {
        askPlaces[key] = plan.asks.count
        plan.asks.append(Plan.Ask(question: question, object: object, requirements: [requirement]))
      }
    }
  }
}
