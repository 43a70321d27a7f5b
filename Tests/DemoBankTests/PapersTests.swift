import AssessmentModel
import ControlCatalog
import Foundation
import ProbeKit
import ProbeRegistry
import Settings
import Testing

@testable import DemoBank

/// The bank's papers, read as an assessment reads them, against the controls that are shipped.
@Suite struct PapersTests {
  let catalog: Catalog
  let scope: Scope
  let attestations: Attestations
  let waivers: [Waiver]
  private static let now = 1_800_000_000.0

  init() throws {
    let folder = try TemporaryFolder()
    let bank = try DemoBank.start(in: folder.path, now: Self.now)
    defer { bank.stop() }
    let controls = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Controls").standardizedFileURL.path
    let faults = Faults()
    let read = CatalogReader(probes: ProbeList.all.map { $0.description }, faults: faults)
      .read(folder: controls)
    #expect(faults.sorted.map(\.description) == [])
    catalog = try #require(read)
    let units = Set(catalog.units.map(\.code))
    let rows = Set((catalog.requirements + catalog.unitRequirements).map(\.id))
    scope = try #require(
      ScopeFile(units: units, requirementIDs: rows, faults: faults).read(path: bank.scopePath))
    let management = catalog.unitRequirements.filter { $0.objectKind == .organisation }
    attestations = AttestationFile(
      questions: catalog.questions, units: units, managementUnits: Set(management.flatMap(\.feeds)),
      highRisk: catalog.highRisk,
      objects: Dictionary(scope.objects.map { ($0.id, $0.kind) }) { first, _ in first },
      faults: faults
    ).read(path: try #require(scope.attestations))
    waivers = WaiverFile(faults: faults).read(path: try #require(scope.waivers))
    #expect(faults.sorted.map(\.description) == [])
  }

  @Test("the authorisation covers every place, today and for a month")
  func authorisation() throws {
    let authorisation = try #require(scope.authorisation)
    for days in [0.0, 30] {
      let then = Self.now + days * 86_400
      #expect(AuthorisedPeriod.refusal(authorisation, now: then) == nil)
    }
    #expect(AuthorisedPeriod.refusal(authorisation, now: Self.now + 31 * 86_400) != nil)
    let targets = AuthorisedTargets(authorisation.targets)
    let places = scope.objects.filter { $0.kind == .channel }.map {
      $0.locator.flatMap(Locator.init)
    }
    #expect(places.count == 6)
    for place in places {
      let host = try #require(place?.host)
      #expect(targets.contains(address: host))
    }
  }

  @Test("every kind of object a level 3 unit takes is in the scope, with a title in both languages")
  func objects() {
    let wanted = Set(catalog.unitRequirements.filter { $0.level == 3 }.compactMap(\.objectKind))
    #expect(wanted.isSubset(of: Set(scope.objects.map(\.kind))))
    #expect(scope.objects.allSatisfy { $0.title != nil && $0.owner != nil })
  }

  @Test("two assessors answer a good part of the questions, each answer with what was seen")
  func answers() {
    #expect(attestations.answers.count > 60)
    #expect(Set(attestations.answers.map(\.assessor)).count == 2)
    #expect(attestations.answers.filter { !$0.files.isEmpty }.count > 10)
  }

  @Test("answers show every value, one is out of date, and some questions stay open")
  func states() throws {
    let values = Set(attestations.answers.map(\.value))
    #expect(
      values == [
        .letter(met: true), .letter(met: false), .verdict(.conforming), .verdict(.partial),
        .verdict(.nonConforming),
      ])
    let zone = try #require(scope.authorisation).timezone
    let today = AuthorisedPeriod.today(at: Self.now, timezone: zone)
    let ended = attestations.answers.filter { answer in
      answer.validUntil.flatMap { CalendarDay($0) }.map { $0 < today } ?? false
    }
    #expect(ended.count == 1)
    let answered = Set(attestations.answers.map(\.target))
    #expect(!answered.contains(.question(id: "dev.exec-use", object: "core-host")))
  }

  @Test("decisions are open, mitigated and rejected; a mitigated item can be mitigated")
  func decisions() throws {
    #expect(Set(attestations.decisions.map(\.decision)) == [.open, .mitigated, .rejected])
    for decision in attestations.decisions where decision.decision == .mitigated {
      let item = try #require(catalog.highRisk.item(decision.code))
      #expect(!item.mitigations.isEmpty)
    }
    #expect(attestations.compensations.count == 1)
  }

  @Test("one waiver is in force, one has ended and covers nothing that was found")
  func waiverDays() throws {
    let zone = try #require(scope.authorisation).timezone
    let today = AuthorisedPeriod.today(at: Self.now, timezone: zone)
    let inForce = waivers.filter { waiver in
      guard let from = CalendarDay(waiver.effective), let to = CalendarDay(waiver.expires) else {
        return false
      }
      return from <= today && today <= to
    }
    #expect(inForce.map(\.id) == ["W-001"])
    let ended = try #require(waivers.first { $0.id == "W-002" })
    let room = attestations.answers.first {
      $0.target == .question(id: "phy.auth-use", object: ended.object)
    }
    #expect(room?.value == .letter(met: true))
  }
}
