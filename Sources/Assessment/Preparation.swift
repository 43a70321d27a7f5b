package import AssessmentModel
import Connections
import ControlCatalog
import FoundationEssentials
package import Planning
import ProbeKit
import Settings

/// Catalog, scope, attestations and plan, read and checked; nothing contacted yet.
package struct Preparation: Sendable {
  package var catalog: Catalog
  package var scope: Scope
  package var attestations: Attestations
  package var waivers: [Waiver]
  package var plan: Plan
  /// Rows of GM/T 0077 and scoring units of the scope's level, after selection.
  package var requirements: [Requirement]
  package var unitRequirements: [Requirement]
  package var objects: [AssessmentObject]

  /// Reads everything and reports every fault at once.
  package init(_ request: AssessmentRequest) throws(AssessmentError) {
    let faults = Faults()
    guard
      let catalog = CatalogReader(probes: request.probes.map { $0.description }, faults: faults)
        .read(folder: request.controlsFolder, overlays: request.overlays)
    else { throw .faults(faults.sorted) }
    guard catalog.rules[request.edition] != nil else {
      throw .wrongUse(
        Bilingual(
          zh:
            "没有 \(request.edition) 版量化评估规则；可用：\(catalog.rules.keys.sorted().joined(separator: "、"))",
          en: "no scoring rules of edition \(request.edition); there are "
            + catalog.rules.keys.sorted().joined(separator: ", ")))
    }
    scope = try Preparation.scope(request, catalog, faults)
    self.catalog = catalog.applying(scope.judgements)
    attestations = Preparation.attestations(scope, catalog, faults)
    waivers = scope.waivers.map { WaiverFile(faults: faults).read(path: $0) } ?? []
    Answering.check(attestations, faults)
    guard faults.isEmpty else { throw .faults(faults.sorted) }
    let level = scope.system.level
    requirements = Preparation.selected(
      self.catalog.requirements.filter { $0.level == level }, request)
    unitRequirements = Preparation.selected(
      self.catalog.unitRequirements.filter { $0.level == level }, request)
    let selected = requirements + unitRequirements
    let unmatched = request.controls.filter { name in
      !selected.contains { Preparation.names([name], $0) }
    }
    if !unmatched.isEmpty {
      throw .wrongUse(
        Bilingual(
          zh: "没有与 --control 相符的条目：\(unmatched.joined(separator: "、"))",
          en: "no requirement matches --control \(unmatched.joined(separator: ", "))"))
    }
    objects = try Preparation.selectedObjects(scope.objects, request)
    do throws(PlanningError) {
      plan = try Planning.plan(
        unitRequirements + requirements, objects: objects, limits: scope.limits,
        probes: request.probes)
    } catch {
      let place =
        scope.places[error.object] ?? SourcePlace(file: request.scopePath, line: 1, column: 1)
      throw .faults([Fault(place, "\(error)")])
    }
  }

  private static func scope(
    _ request: AssessmentRequest, _ catalog: Catalog, _ faults: Faults
  ) throws(AssessmentError) -> Scope {
    let file = ScopeFile(
      units: Set(catalog.units.map(\.code)),
      requirementIDs: Set(catalog.requirements.map(\.id) + catalog.unitRequirements.map(\.id)),
      judgements: catalog.judgements.map(\.number),
      faults: faults)
    guard let scope = file.read(path: request.scopePath), faults.isEmpty else {
      throw .faults(faults.sorted)
    }
    return scope
  }

  private static func attestations(
    _ scope: Scope, _ catalog: Catalog, _ faults: Faults
  ) -> Attestations {
    guard let path = scope.attestations else { return Attestations() }
    let management = catalog.unitRequirements.filter(\.isJudgedByAnswers).flatMap(\.feeds)
    return AttestationFile(
      questions: catalog.questions, units: Set(catalog.units.map(\.code)),
      managementUnits: Set(management), highRisk: catalog.highRisk,
      objects: Dictionary(scope.objects.map { ($0.id, $0.kind) }) { first, _ in first },
      faults: faults
    ).read(path: path)
  }

  private static func selected(
    _ requirements: [Requirement], _ request: AssessmentRequest
  ) -> [Requirement] {
    guard !request.controls.isEmpty else { return requirements }
    let wanted = Set(request.controls)
    return requirements.filter { names(wanted, $0) }
  }

  /// Whether one of the names is the requirement's id, dimension, clause or, for a unit, code.
  private static func names(_ wanted: Set<String>, _ requirement: Requirement) -> Bool {
    wanted.contains(requirement.id) || wanted.contains(requirement.dimension.id)
      || wanted.contains(requirement.clause)
      || (requirement.standard == .gbt39786 && !wanted.isDisjoint(with: requirement.feeds))
  }

  private static func selectedObjects(
    _ objects: [AssessmentObject], _ request: AssessmentRequest
  ) throws(AssessmentError) -> [AssessmentObject] {
    guard !request.objects.isEmpty else { return objects }
    let ids = Set(objects.map(\.id))
    if let unknown = request.objects.first(where: { !ids.contains($0) }) {
      let near = nearestName(to: unknown, among: ids.sorted())
      throw .wrongUse(
        Bilingual(
          zh: "测评范围中没有对象 \(unknown)" + (near.map { "；是否指 \($0)？" } ?? ""),
          en: "no object \(unknown) in the scope" + (near.map { "; did you mean \($0)?" } ?? "")))
    }
    return objects.filter { request.objects.contains($0.id) }
  }
}
