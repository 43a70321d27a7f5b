import AssessmentModel
import Planning
import Testing

@Suite("Inspections of a plan")
struct InspectionTests {
  @Test("Ten requirements on one object share one inspection")
  func shares() throws {
    let ids = (1...10).map { "R\($0)" }
    let plan = try made(ids.map { requirement($0, [look()]) }, [channel("gw-01")])
    #expect(plan.inspections.count == 1)
    #expect(plan.inspections.first?.requirements == ids)
    #expect(plan.inspections.first?.contactsNetwork == true)
    #expect(plan.judged.map(\.requirement.id) == ids)
  }

  @Test("A requirement that looks twice in the same way is named once")
  func namedOnce() throws {
    let plan = try made([requirement("R1", [look(), look()])], [channel("gw-01")])
    #expect(plan.inspections.map(\.requirements) == [["R1"]])
  }

  @Test("Different parameters are different inspections")
  func keepsParametersApart() throws {
    let plan = try made(
      [
        requirement("R1", [look(with: ["method": "fast"])]),
        requirement("R2", [look(with: ["method": "polite"])]), requirement("R3", [look()]),
        requirement("R4", [look(with: ["method": "polite"])]),
      ], [channel("gw-01")])
    #expect(plan.inspections.map(\.requirements) == [["R1"], ["R2", "R4"], ["R3"]])
    #expect(
      plan.inspections.map { ($0.probe as? ChannelProbe)?.parameters["method"] }
        == ["fast", "polite", nil])
  }

  @Test("Planned entries, objects without a place and objects of other kinds are not inspected")
  func leavesOut() throws {
    let objects = [
      channel("gw-01"), channel("line", at: nil),
      AssessmentObject(id: "host", kind: .device, locator: "tls://127.0.0.1:22"),
    ]
    #expect(
      try made([requirement("R1", [look(isPlanned: true)])], objects).inspections.isEmpty)
    #expect(
      try made([requirement("R1", [look("no.such", isPlanned: true)])], objects).inspections
        .isEmpty)
    #expect(
      try made([requirement("R1", [look()])], objects).inspections.map(\.object.id) == ["gw-01"])
  }

  @Test("Objects that serve the judged one are looked at by entries of their own kind")
  func looksAtServers() throws {
    let store = AssessmentObject(
      id: "keys", kind: .assetStore, locator: "/srv/keys", serves: ["gw-01"])
    let plan = try made(
      [requirement("R1", [look("store.look", at: .assetStore)])], [channel("gw-01"), store])
    #expect(plan.inspections.map(\.object.id) == ["keys"])
    #expect(plan.inspections.map(\.contactsNetwork) == [false])
  }

  @Test("Unread rows and pointers are listed and start nothing")
  func listsUnread() throws {
    let plan = try made(
      [
        requirement("unread", of: nil, [look()], text: .unread),
        requirement("pointer", [look(), ask("q")], obligation: .pointer),
        requirement("read", [look()]),
      ], [channel("gw-01")])
    #expect(plan.listed.map(\.id) == ["unread", "pointer"])
    #expect(plan.judged.map(\.requirement.id) == ["read"])
    #expect(plan.inspections.map(\.requirements) == [["read"]])
    #expect(plan.asks.isEmpty)
  }

  @Test("An unknown probe is an error that names object and requirement")
  func refusesUnknownProbe() {
    let error = #expect(throws: PlanningError.self) {
      try made([requirement("R7", [look("tls.nothing")])], [channel("gw-01")])
    }
    #expect(error?.object == "gw-01")
    #expect(error?.requirement == "R7")
    #expect(
      error?.description
        == "object gw-01, requirement R7: there is no probe \"tls.nothing\"")
  }

  @Test(
    "A parameter the probe refuses is an error that names object and requirement",
    arguments: [
      (["method": "rude"], "parameter method: fast or polite expected"),
      (["colour": "red"], "parameter colour: unknown"),
      (["connections": "many"], "parameter connections: a number expected"),
    ] as [([String: FactValue], String)])
  func refusesParameter(parameters: [String: FactValue], reason: String) {
    let error = #expect(throws: PlanningError.self) {
      try made([requirement("R1", [look(with: parameters)])], [channel("gw-01")])
    }
    #expect(error?.object == "gw-01")
    #expect(error?.requirement == "R1")
    #expect(error?.reason == reason)
  }

  @Test("The scope's parameters reach a probe that knows them, and no other")
  func passesKnownParameters() throws {
    let object = channel(
      "gw-01", parameters: ["sni": "pay.bank.example", "colour": "red", "method": "fast"])
    let plan = try made([requirement("R1", [look(with: ["method": "polite"])])], [object])
    #expect(
      plan.onlyParameters == ["sni": "pay.bank.example", "method": "polite", "connections": 8])
    // The procedure stays as the catalog wrote it: results are found again by it.
    #expect(plan.inspections.first?.procedure.parameters == ["method": "polite"])

    let store = AssessmentObject(
      id: "keys", kind: .assetStore, locator: "/srv/keys", parameters: ["sni": "x"])
    let other = try made(
      [requirement("R1", of: .assetStore, [look("store.look", at: .assetStore)])], [store])
    #expect((other.inspections.first?.probe as? StoreProbe)?.parameters == [:])
  }

  @Test(
    "The limit of connections reaches the probe; object and catalog may ask for fewer, never for more",
    arguments: [
      (3, [:], [:], 3), (8, ["connections": 2], [:], 2), (8, [:], ["connections": 2], 2),
      (8, ["connections": 1], ["connections": 4], 1), (2, ["connections": 50], [:], 2),
      (2, [:], ["connections": 50], 2), (2, ["connections": "50"], [:], 2),
    ] as [(Int, [String: FactValue], [String: FactValue], Int)])
  func limitsConnections(
    limit: Int, scope: [String: FactValue], catalog: [String: FactValue], expected: Int
  ) throws {
    let plan = try made(
      [requirement("R1", [look(with: catalog)])], [channel("gw-01", parameters: scope)],
      connections: limit)
    #expect(plan.onlyParameters?["connections"] == .integer(expected))
  }
}
