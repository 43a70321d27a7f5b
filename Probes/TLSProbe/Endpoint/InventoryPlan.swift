/// How the codes of a version are dealt out to lanes that ask side by side.
///
/// Likely codes go into short lanes, so that few answers have to wait for each other; unlikely ones go
/// into long offers, each refused at one blow. A lane whose codes are all accepted needs no refusal.
enum InventoryPlan {
  /// Codes that one lane asks about, in its order, with what it can learn on the side.
  struct Lane: Sendable {
    var codes: [UInt16]
    var hopes = Elimination.Hopes()
    var isLikely = true
  }

  /// Likely suites of one certificate kind and form, with the groups and signature schemes hoped for.
  private struct Likely {
    var suites: [UInt16]
    var groups: [UInt16] = []
    var schemes: [UInt16] = []
  }

  private static let likelyTLS12: [Likely] = [
    Likely(
      suites: [0xC013, 0xC014, 0xC027, 0xC028], groups: [23, 30],
      schemes: [0x0401, 0x0501, 0x0601, 0x0301, 0x0201]),
    Likely(
      suites: [0xC009, 0xC00A, 0xC023, 0xC024], schemes: [0x0303, 0x0203]),
    Likely(
      suites: [0xC030, 0xC02F, 0xCCA8], groups: [29, 24, 25], schemes: [0x0804, 0x0805, 0x0806]),
    Likely(
      suites: [0xC02C, 0xC02B, 0xCCA9], schemes: [0x0403, 0x0503, 0x0603]),
    Likely(suites: [0x009D, 0x009C, 0x002F]),
    Likely(suites: [0x0035, 0x003C, 0x003D]),
  ]
  private static let likelyBefore: [Likely] = [
    Likely(suites: [0xC013, 0xC014]), Likely(suites: [0xC009, 0xC00A]),
    Likely(suites: [0x002F, 0x0035]),
  ]
  private static let finiteTLS12: [UInt16] = [
    0x009F, 0x009E, 0xCCAA, 0x0039, 0x0033, 0x006B, 0x0067,
  ]
  private static let finiteBefore: [UInt16] = [0x0039, 0x0033]
  private static let likelyGroups: [[UInt16]] = [
    [29, 23, 24], [30, 25], [256, 257, 258], [259, 260],
  ]

  /// Lanes for the suites of SSL 3.0 to TLS 1.2 that `seen` does not show yet.
  ///
  /// - Parameter isFast: one lane for each likely suite.
  static func classic(
    _ version: ProtocolVersion, seen: Answer, isFast: Bool
  ) -> [Lane] {
    let exchange = seen.flight.keyExchange
    let isTLS12 = version == .tls12
    let known = seen.flight.hello?.suite
    var likely = isTLS12 ? likelyTLS12 : version == .ssl3 ? [] : likelyBefore
    if isFast, version != .ssl3 {
      likely.append(Likely(suites: isTLS12 ? finiteTLS12 : finiteBefore))
    }
    var lanes: [Lane] = []
    for list in likely {
      let suites = list.suites.filter { $0 != known?.rawValue }
      let hopes = Elimination.Hopes(
        groups: list.groups.map(NamedGroup.init(rawValue:)).filter { $0 != exchange?.group },
        schemes: list.schemes.map(SignatureScheme.init(rawValue:))
          .filter { $0 != exchange?.scheme })
      lanes += isFast ? singles(suites, hopes) : [Lane(codes: suites, hopes: hopes)]
    }
    let dealt = Set(lanes.flatMap(\.codes))
    let rest = SuiteOffer.classic(version).flatMap { $0 }
      .filter { !dealt.contains($0.rawValue) && $0 != known }
    lanes += SuiteOffer.chunks(rest, most: SuiteOffer.most(for: version)).map {
      Lane(codes: $0.map(\.rawValue), isLikely: false)
    }
    return lanes.filter { !$0.codes.isEmpty }
  }

  /// A lane for each code; the hopes are dealt out one by one, the last lane that gets any gets the rest.
  private static func singles(_ codes: [UInt16], _ hopes: Elimination.Hopes) -> [Lane] {
    codes.enumerated().map { index, code in
      Lane(
        codes: [code],
        hopes: Elimination.Hopes(
          groups: Array(hopes.groups.dropFirst(index).prefix(1)),
          schemes: Array(hopes.schemes.dropFirst(index).prefix(1))))
    }
  }

  /// Lanes for codes of which `likely` are asked apart from the rest: in fast surveys each by itself.
  private static func split(
    _ codes: [UInt16], likely: [[UInt16]], isFast: Bool
  ) -> [Lane] {
    let wanted = likely.map { $0.filter(codes.contains) }
    let front = isFast ? wanted.flatMap { $0 }.map { [$0] } : wanted
    let rest = codes.filter { code in !likely.contains { $0.contains(code) } }
    return (front.map { Lane(codes: $0) } + [Lane(codes: rest, isLikely: false)])
      .filter { !$0.codes.isEmpty }
  }

  /// Lanes for the groups of TLS 1.3; few lanes learn the likely suites on the side.
  static func groups13(seen: ServerHello?, isFast: Bool) -> [Lane] {
    var lanes = split(
      (NamedGroup.tls13 + [.sm2] + NamedGroup.rareTLS13).map(\.rawValue)
        .filter { $0 != seen?.keyShareGroup?.rawValue },
      likely: likelyGroups, isFast: isFast)
    guard !isFast else { return lanes }
    let hoped = [0x1301, 0x1303, 0x1302].map(CipherSuite.init(_:)).filter { $0 != seen?.suite }
    for (index, suite) in zip(lanes.indices, hoped) where lanes[index].isLikely {
      lanes[index].hopes.suites = [suite]
    }
    return lanes
  }

  static func suites13(except known: [UInt16], isFast: Bool) -> [Lane] {
    let codes = SuiteOffer.everyTLS13.map(\.rawValue).filter { !known.contains($0) }
    return isFast
      ? split(codes, likely: [[0x1301, 0x1302, 0x1303]], isFast: true) : [Lane(codes: codes)]
  }

  static func schemes13(except known: SignatureScheme?, isFast: Bool) -> [Lane] {
    let codes = SignatureScheme.all.map(\.rawValue).filter { $0 != known?.rawValue }
    return isFast
      ? split(codes, likely: [[0x0403, 0x0804, 0x0805, 0x0806]], isFast: true)
      : [Lane(codes: codes)]
  }

  /// What the suites' lanes left open, in TLS 1.2 and before.
  static func leftOver(_ codes: [UInt16], isFast: Bool) -> [Lane] {
    let likely: [UInt16] = [
      23, 24, 25, 29, 30, 0x0401, 0x0501, 0x0601, 0x0301, 0x0201, 0x0804, 0x0805, 0x0806, 0x0403,
      0x0503, 0x0603, 0x0303, 0x0203,
    ]
    return isFast ? split(codes, likely: [likely], isFast: true) : [Lane(codes: codes)]
  }
}
