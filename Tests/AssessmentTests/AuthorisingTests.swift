import Assessment
import AssessmentModel
import Testing

@Suite("Permission before the first packet")
struct AuthorisingTests {
  /// A name no resolver can even ask for: its first label is longer than 63 bytes.
  static let unresolvable = String(repeating: "a", count: 70) + ".example"

  struct Case: Sendable, CustomStringConvertible {
    var description: String
    var scope: Bench.Scope
    var message: String
    var isUnauthorised = true
    var time = Bench.noon
  }

  static let refused: [Case] = [
    Case(
      description: "an address outside",
      scope: Bench.Scope(channels: ["tls://127.0.0.1:1", "tls://192.0.2.7:443"]),
      message: "object gw-2: 192.0.2.7 is outside the authorised targets", isUnauthorised: false),
    Case(
      description: "an IPv6 address outside",
      scope: Bench.Scope(channels: ["tls://[2001:db8::1]:443"]),
      message: "2001:db8::1 is outside", isUnauthorised: false),
    Case(
      description: "no authorisation",
      scope: Bench.Scope(channels: ["tls://127.0.0.1:1"], isAuthorised: false),
      message: "\"authorisation\"", isUnauthorised: false),
    Case(
      description: "a name whose address is outside",
      scope: Bench.Scope(targets: "10.0.0.0/8", channels: ["tls://localhost:443"]),
      message: "object gw-1: localhost resolves to"),
    Case(
      description: "a name that is not authorised and does not resolve",
      scope: Bench.Scope(channels: ["tls://127.0.0.1:1", "tls://\(unresolvable):443"]),
      message: "is not an authorised name and does not resolve"),
    Case(
      description: "one second before the first day", scope: Bench.Scope(from: "2026-12-04"),
      message: "begins only on 2026-12-04", time: Bench.noon + 43_199),
    Case(
      description: "one second after the last day", scope: Bench.Scope(to: "2026-12-03"),
      message: "ended on 2026-12-03", time: Bench.noon + 43_200),
  ]

  @Test("Nothing is looked at and nothing is kept without permission", arguments: refused)
  func refuses(one: Case) async throws {
    let bench = try Bench(scope: one.scope)
    let error = try await bench.refusal(bench.request(at: one.time))
    #expect(error.isUnauthorised == one.isUnauthorised)
    let messages = error.faults.map(\.description)
    #expect(messages.contains { $0.contains(one.message) }, "\(messages)")
    #expect(error.faults.allSatisfy { $0.place.file == bench.path("scope.yaml") })
    #expect(bench.world.calls.isEmpty)
    #expect(!bench.exists("out"))
    #expect(!bench.exists("miping.db"))
  }

  @Test("Every refusal is told at once, each at the line of its object")
  func tellsAll() async throws {
    let bench = try Bench(
      scope: Bench.Scope(
        targets: "10.0.0.0/8",
        channels: ["tls://localhost:1", "tls://10.0.0.1:2", "tls://localhost:3"]))
    let error = try await bench.refusal()
    #expect(error.faults.map(\.place.line) == [5, 7])
    #expect(bench.world.calls.isEmpty)
  }

  @Test(
    "The first second of the first day and the last second of the last day are permitted",
    arguments: [-43_200.0, 43_199.0])
  func permitsBorders(offset: Double) async throws {
    let bench = try Bench(scope: Bench.Scope(from: "2026-12-03", to: "2026-12-03"))
    _ = try await bench.run(bench.request(at: Bench.noon + offset))
    #expect(bench.world.calls.count == 3)
  }

  @Test("A probe gets the address that was checked: the literal, or what its name resolved to")
  func pins() async throws {
    let bench = try Bench(
      scope: Bench.Scope(
        targets: "127.0.0.0/8, \"::1\"", channels: ["tls://127.9.8.7:1", "tls://localhost:2"]))
    let outcome = try await bench.run()
    let calls = bench.world.calls.sorted { $0.object < $1.object }
    #expect(calls.map(\.object) == ["gw-1", "gw-2", "keys"])
    #expect(calls[0].address == "127.9.8.7")
    #expect(["127.0.0.1", "::1"].contains(calls[1].address))
    #expect(calls[1].locator == "tls://localhost:2", "the name stays what a client asks for")
    #expect(calls[2].address == nil, "a file is not contacted")
    #expect(outcome.result.objects.allSatisfy { $0.parameters["address"] == nil })
  }

  @Test("An address in the scope's own parameters never reaches a probe unchecked")
  func ignoresAddressParameter() async throws {
    let bench = try Bench(
      scope: Bench.Scope(
        targets: "127.0.0.0/8, \(Self.unresolvable)",
        channels: ["tls://127.0.0.1:1", "tls://\(Self.unresolvable):2"],
        parameters: ", address: 192.0.2.7"))
    _ = try await bench.run()
    let addresses = bench.world.calls.filter { $0.object != "keys" }
      .sorted { $0.object < $1.object }.map(\.address)
    #expect(addresses == ["127.0.0.1", nil])
  }

  @Test("Files need no authorisation")
  func filesNeedNone() async throws {
    let bench = try Bench(scope: Bench.Scope(channels: [], isAuthorised: false))
    try bench.write(
      """
      system: {zh: 示例, en: Example, level: 3}
      objects: [{id: keys, kind: asset-store, path: keys, parameters: {world: \(bench.world.name)}}]

      """, to: "scope.yaml")
    _ = try await bench.run()
    #expect(bench.world.calls == [World.Call(object: "keys", locator: bench.path("keys"))])
  }
}

@Suite("Permission for a probe run by hand")
struct HandAuthorisingTests {
  private func authorise(
    _ locator: String, scope: String? = nil, statement: String? = nil, at time: Double = Bench.noon
  ) async throws -> AssessmentObject? {
    let object = AssessmentObject(
      id: locator, kind: .channel, locator: locator, parameters: ["address": "192.0.2.9"])
    return try await HandAuthorising(
      scopePath: scope, statement: statement, now: time, deadline: .now + .seconds(20)
    ).authorise([object]).first
  }

  @Test(
    "Loopback needs no permission and is pinned",
    arguments: [
      ("tls://127.0.0.1:443", ["127.0.0.1"]), ("tls://[::1]:443", ["::1"]),
      ("tls://localhost:443", ["127.0.0.1", "::1"]),
    ])
  func permitsLoopback(locator: String, addresses: [String]) async throws {
    let object = try #require(try await authorise(locator))
    #expect(addresses.contains(object.parameters["address"]?.text ?? "none"))
    #expect(object.locator == locator)
  }

  @Test(
    "Anything else needs a scope that covers it or a stated permission",
    arguments: ["tls://192.0.2.7:443", "tls://[2001:db8::1]:443"])
  func asksForPermission(locator: String) async throws {
    let error = await #expect(throws: AssessmentError.self) { try await authorise(locator) }
    #expect(error?.isUnauthorised == true)
    #expect(error?.faults.first?.message.contains("neither loopback nor authorised") == true)
    let stated = try await authorise(locator, statement: "授权书-1")
    #expect(locator.contains(stated?.parameters["address"]?.text ?? "none"))
  }

  @Test("A scope's authorisation rules by hand too: targets and days")
  func obeysScope() async throws {
    let bench = try Bench(scope: Bench.Scope(targets: "192.0.2.0/29"))
    let scope = bench.path("scope.yaml")
    #expect(
      try await authorise("tls://192.0.2.7:443", scope: scope)?.parameters["address"]
        == "192.0.2.7")
    await #expect(throws: AssessmentError.self) {
      try await authorise("tls://192.0.2.8:443", scope: scope)
    }
    let late = await #expect(throws: AssessmentError.self) {
      try await authorise("tls://192.0.2.7:443", scope: scope, at: Bench.noon + 30 * 86_400)
    }
    #expect(late?.faults.first?.message.contains("ended on 2026-12-31") == true)
  }

  @Test("A permitted name that does not resolve comes without an address of somebody's own")
  func dropsAddress() async throws {
    let object = try await authorise("tls://\(AuthorisingTests.unresolvable):1", statement: "授权书-1")
    #expect(object != nil)
    #expect(object?.parameters["address"] == nil)
  }

  @Test(
    "What is no place is refused", arguments: ["127.0.0.1", "tls://127.0.0.1", "/etc/hosts", ""])
  func refusesOtherForms(locator: String) async throws {
    let error = await #expect(throws: AssessmentError.self) { try await authorise(locator) }
    #expect(error?.isUnauthorised == true)
  }
}
