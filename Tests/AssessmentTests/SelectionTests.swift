import Assessment
import AssessmentModel
import Testing

@Suite("Selections, overlays and compensations")
struct SelectionTests {
  /// Answers that settle everything the probes leave open.
  static let answers = """
    assessor: 张三（虚构）
    date: "2026-12-03"
    answers:
      - {ask: net.grade, object: gw-1, verdict: met, method: document, observed: 二级}
      - {ask: net.grade, object: gw-2, verdict: met, method: document, observed: 二级}
      - {ask: data.use, object: acct-data, verdict: not-met, method: tool-test, observed: 明文}
      - {unit: pol.system, verdict: 符合, method: document, observed: 齐全}

    """

  private func answered(_ more: String = "", _ world: World = World()) throws -> Bench {
    let bench = try Bench(world, scope: Bench.Scope(more: "attestations: attest\n"))
    try bench.write(Self.answers + more, to: "attest/a.yaml")
    return bench
  }

  @Test(
    "A whole assessment with every answer has a total and a conclusion; any part of it has none")
  func reducedHasNoConclusion() async throws {
    let bench = try answered()
    let whole = try await bench.run()
    #expect(whole.result.score["total"]?.text != nil)
    #expect(whole.result.score["conclusion"]?.text != nil)
    #expect(!whole.result.selection.isReduced)

    for (controls, objects) in [
      (["net.conf"], []), (["net", "app", "pol", "network"], []), ([], ["gw-1"]),
      ([], ["gw-1", "gw-2", "keys", "acct-data"]), (["L3-net.conf"], ["gw-1"]),
    ] as [([String], [String])] {
      var request = bench.request()
      request.controls = controls
      request.objects = objects
      let part = try await bench.run(request).result
      #expect(part.selection.isReduced)
      #expect(part.selection.controls == controls)
      #expect(part.selection.objects == objects)
      #expect(part.score["conclusion"] == nil)
      #expect(part.score["why-none"]?.text == "untested")
    }
  }

  @Test("A selection names units, rows, dimensions or clauses, and inspects only what they need")
  func selects() async throws {
    let bench = try Bench()
    for (names, requirements) in [
      (["net.int"], ["L3-net.int"]), (["L3-7.2.2.4-e"], ["L3-7.2.2.4-e"]),
      (["network"], ["L3-7.2.2.4-e", "L3-7.2.2.4-f"]),
      (["7.2.2.4", "app"], ["L3-app.tconf", "L3-7.2.2.4-e", "L3-7.2.2.4-f"]),
    ] {
      var request = bench.request()
      request.controls = names
      #expect(try await bench.run(request).result.requirements.map(\.id) == requirements)
    }
    #expect(!bench.world.objects.contains("keys"), "only net.conf looks at stores")
  }

  @Test("Only the objects chosen are looked at")
  func selectsObjects() async throws {
    let bench = try Bench()
    var request = bench.request()
    request.objects = ["gw-2"]
    let result = try await bench.run(request).result
    #expect(bench.world.objects == ["gw-2"])
    #expect(result.objects.map(\.id) == ["gw-2"])
  }

  @Test(
    "A selection that matches nothing is wrong use, each such name of it, and nothing is contacted",
    arguments: [
      (["net.cnf"], [], "no requirement matches --control net.cnf"),
      (["net.conf", "nonsense", "7.9"], [], "no requirement matches --control nonsense, 7.9"),
      ([], ["gw-11"], "no object gw-11 in the scope; did you mean gw-1?"),
      ([], ["gw-1", "somewhere-else"], "no object somewhere-else in the scope"),
    ] as [([String], [String], String)])
  func refuses(controls: [String], objects: [String], message: String) async throws {
    let bench = try Bench()
    var request = bench.request()
    request.controls = controls
    request.objects = objects
    #expect(try await bench.refusal(request).wrongUse == message)
    #expect(bench.world.calls.isEmpty)
    #expect(!bench.exists("out"))
  }

  @Test("An overlay completes a row that was not read, and is named in the record")
  func usesOverlay() async throws {
    let bench = try Bench()
    try bench.write(SmallControls.overlay, to: "mine/my-bank.yaml")
    let plain = try await bench.run()
    var request = bench.request()
    request.overlays = [bench.path("mine/my-bank.yaml")]
    let laid = try await bench.run(request)
    #expect(!plain.result.findings.contains { $0.requirement == "L3-7.2.2.4-f" })
    let finding = try laid.finding("L3-7.2.2.4-f", "gw-1")
    #expect(finding.d == .met)
    #expect(!finding.evidence.isEmpty)
    #expect(plain.result.catalog.overlays == [])
    #expect(laid.result.catalog.overlays == ["my-bank.yaml"])
    #expect(plain.result.catalog.digest != laid.result.catalog.digest)
    #expect(bench.world.calls.count == 6, "the overlay's row shares the inspections")
  }

  private static let confirmation = """
    compensations:
      - {from-unit: net.conf, from-object: gw-1, to-unit: app.tconf, to-object: acct-data, reason: 只经此信道}

    """

  @Test("A compensation is proposed where a used channel carries the data, and counts for nothing")
  func proposes() async throws {
    let result = try await answered().run().result
    #expect(result.compensations.count == 1)
    let proposal = try #require(result.compensations.first)
    #expect([proposal.fromUnit, proposal.fromObject] == ["net.conf", "gw-1"])
    #expect([proposal.toUnit, proposal.toObject] == ["app.tconf", "acct-data"])
    #expect(proposal.confirmedBy == nil)
    #expect(result.score["compensated"]?.record?.isEmpty ?? true)
    #expect(result.score["units"]?["app.tconf"]?["score"]?.text == "0.0000")
  }

  @Test(
    "A confirmed compensation counts, under the name of who confirmed it, and is not proposed again"
  )
  func confirms() async throws {
    let result = try await answered(Self.confirmation).run().result
    #expect(result.compensations.map(\.confirmedBy) == ["张三（虚构）"])
    #expect(result.score["compensated"]?["app.tconf/acct-data"]?.text == "0.5000")
    #expect(result.score["units"]?["app.tconf"]?["score"]?.text == "0.5000")
  }

  @Test("An edition without compensation proposes none")
  func proposesNothingIn2021() async throws {
    let bench = try answered()
    var request = bench.request()
    request.edition = "2021"
    let result = try await bench.run(request).result
    #expect(result.catalog.edition == "2021")
    #expect(result.score["edition"]?.text == "2021")
    #expect(result.compensations.isEmpty)
  }

  @Test("A channel that protects nothing proposes no compensation")
  func proposesNothing() async throws {
    let result = try await answered("", World(World.clear)).run().result
    #expect(result.compensations.isEmpty)
  }
}
