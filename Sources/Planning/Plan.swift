package import AssessmentModel
package import ProbeKit

/// What a run will do (测评方案): inspections, each once, and the questions people are asked.
package struct Plan: Sendable {
  package struct Inspection: Sendable {
    /// The object with its place as it will be contacted.
    package var object: AssessmentObject
    /// As the catalog names it; results are found again by it.
    package var procedure: Procedure
    package var probe: any Probe
    /// Ids of the requirements that read its facts.
    package var requirements: [String]
    package var contactsNetwork: Bool

    package init(
      object: AssessmentObject, procedure: Procedure, probe: any Probe, requirements: [String],
      contactsNetwork: Bool
    ) {
      self.object = object
      self.procedure = procedure
      self.probe = probe
      self.requirements = requirements
      self.contactsNetwork = contactsNetwork
    }

    /// Names the inspection across runs: same object, same procedure, same key.
    package var key: String {
      "\(procedure.probe)|\(object.id)|\(JSONText.compact(.record(procedure.parameters)))"
    }
  }

  package struct Ask: Sendable, Hashable {
    package var question: Question
    package var object: String?
    package var requirements: [String]
  }

  package var inspections: [Inspection]
  package var asks: [Ask]
  /// Requirements that will be judged, with how many objects each.
  package var judged: [(requirement: Requirement, objects: Int)]
  /// Requirements listed but never judged: unread rows and pointers.
  package var listed: [Requirement]

  package init(
    inspections: [Inspection], asks: [Ask], judged: [(requirement: Requirement, objects: Int)],
    listed: [Requirement]
  ) {
    self.inspections = inspections
    self.asks = asks
    self.judged = judged
    self.listed = listed
  }
}

/// A probe cannot be made as the catalog and the scope ask.
package struct PlanningError: Error, Sendable, Hashable, CustomStringConvertible {
  package var object: String
  package var requirement: String
  package var reason: String

  package var description: String {
    "object \(object), requirement \(requirement): \(reason)"
  }
}
