import AssessmentModel
import Planning
import Testing

@Suite("Questions, order and keys of a plan")
struct OrderTests {
  @Test("A question is asked once for each object, for all who wait for it")
  func asksOnce() throws {
    let plan = try made(
      [
        requirement("R1", [ask("grade"), ask("grade")]), requirement("R2", [ask("grade")]),
        requirement("R3", [ask("other")]),
      ], [channel("gw-01"), channel("gw-02")])
    #expect(plan.asks.map(\.question.id) == ["grade", "grade", "other", "other"])
    #expect(plan.asks.map(\.object) == ["gw-01", "gw-02", "gw-01", "gw-02"])
    #expect(plan.asks.map(\.requirements) == [["R1", "R2"], ["R1", "R2"], ["R3"], ["R3"]])
  }

  @Test("A question to the organisation is asked once, with or without such an object")
  func asksOrganisationOnce() throws {
    let rules = requirement("R1", of: .organisation, [ask("rules", of: .organisation)])
    let bank = AssessmentObject(id: "bank", kind: .organisation)
    let office = AssessmentObject(id: "office", kind: .organisation)
    for objects in [[], [bank], [bank, office]] {
      let plan = try made([rules], objects)
      #expect(plan.asks.map(\.object) == [nil])
      #expect(plan.judged.map(\.objects) == [1])
    }
  }

  @Test("A stand-in question is asked only about objects without a place")
  func asksStandIns() throws {
    let plan = try made(
      [requirement("R1", [look(), ask("stand-in", standsIn: true), ask("always")])],
      [channel("gw-01"), channel("line", at: nil)])
    let pairs = plan.asks.map { [$0.question.id, $0.object ?? "-"] }
    #expect(pairs == [["stand-in", "line"], ["always", "gw-01"], ["always", "line"]])
    #expect(plan.inspections.map(\.object.id) == ["gw-01"])
  }

  @Test("Requirements count the objects they judge")
  func countsObjects() throws {
    let plan = try made(
      [requirement("R1", [look()]), requirement("R2", of: .room, [ask("door", of: .room)])],
      [channel("gw-01"), channel("gw-02")])
    #expect(plan.judged.map(\.objects) == [2, 0])
  }

  /// Six objects, two procedures and three questions.
  private func large() throws -> Plan {
    let objects = (1...6).map { channel("gw-\($0)") }
    let rows = (1...12).map { number in
      requirement(
        "R\(number)",
        [look(with: number.isMultiple(of: 2) ? ["method": "polite"] : [:]), ask("q\(number % 3)")])
    }
    return try made(rows, objects)
  }

  @Test("The same catalog and scope give the same plan, in the order of requirements and objects")
  func isDeterministic() throws {
    let first = try large()
    let keys = first.inspections.map(\.key)
    #expect(
      first.inspections.map(\.object.id)
        == (1...6).map { "gw-\($0)" } + (1...6).map { "gw-\($0)" })
    for _ in 0..<20 {
      let again = try large()
      #expect(again.inspections.map(\.key) == keys)
      #expect(again.inspections.map(\.requirements) == first.inspections.map(\.requirements))
      #expect(again.asks == first.asks)
    }
  }

  @Test("Keys name object and procedure: unique in a plan, the same whatever else is planned")
  func hasStableKeys() throws {
    let plan = try large()
    #expect(Set(plan.inspections.map(\.key)).count == plan.inspections.count)
    let alone = try made(
      [requirement("other", [look(with: ["method": "polite", "sni": "a"])])],
      [channel("gw-3", at: "tls://127.0.0.2:9", parameters: ["sni": "b"])])
    #expect(
      alone.inspections.map(\.key) == [#"channel.look|gw-3|{"method":"polite","sni":"a"}"#])
    #expect(plan.inspections.map(\.key).contains(#"channel.look|gw-3|{"method":"polite"}"#))
  }

  @Test("Keys stay apart where names and parameters run into each other")
  func separatesKeys() throws {
    let tricky: [[String: FactValue]] = [
      ["sni": "a"], ["sni": "a\",\"method\":\"fast"], ["sni": "a", "method": "fast"],
      ["connections": 1], ["sni": "1"],
    ]
    let plan = try made(
      tricky.enumerated().map { requirement("R\($0)", [look(with: $1)]) },
      [channel("gw"), channel("gw-"), channel("g")])
    #expect(plan.inspections.count == 15)
    #expect(Set(plan.inspections.map(\.key)).count == 15)
  }
}
