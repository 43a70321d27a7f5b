/// Lists the suites of one version up to TLS 1.2.
struct SuiteSurvey: Sendable {
  var dialer: Dialer
  var maker: HelloMaker
  /// One lane for each likely suite instead of few.
  var isFast: Bool
  var version: ProtocolVersion

  /// - Parameter seen: the answer to the usual hello, whose suite needs no further asking.
  func run(seen: Answer) async -> [Elimination.Result] {
    await dialer.run(
      InventoryPlan.classic(version, seen: seen, isFast: isFast).map(elimination))
  }

  private func elimination(_ lane: InventoryPlan.Lane) -> Elimination {
    let name = "\(version.name.lowercased())-suites"
    return Elimination(
      candidates: lane.codes, hopes: lane.hopes,
      urgency: (version == .tls12 ? 8 : 3) + (lane.isLikely ? 1 : 0),
      hello: { [maker, version] codes, hopes in
        maker.offer(
          version, name: name, suites: codes.map(CipherSuite.init(rawValue:)),
          groups: hopes.groups, schemes: hopes.schemes)
      }, selection: { $0.flight.hello?.suite.rawValue })
  }
}
