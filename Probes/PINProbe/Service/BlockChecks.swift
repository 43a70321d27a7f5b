/// PIN-06, 07, 09, 10: blocks that are not what they are presented as.
extension AttackSuite {
  private static let refused = "refused: an error code, no block"

  /// PIN-06: a block made for one account, presented with another.
  func checkAccountSubstitution(_ run: AttackRun) async throws(AttackRun.Stop) {
    let (pan, pin) = try testAccount()
    let routes = ownRoutes()
    try words("no format with an account has keys on both sides", routes.isEmpty)
    for route in routes {
      let overFill = BlockWorkshop.accountDiffering(from: pan, overFillOf: pin)
      let others = route.from == .format4 ? otherAccounts(pan) : []
      for (name, other) in [("account differs over the fill", overFill)] + others
      where try await takes(route, pin, of: pan, presentedAs: other, name, run) {
        throw .proven(.panBindingAbsent)
      }
      if route.from != .format4,
        let overPIN = BlockWorkshop.accountDiffering(from: pan, overDigitsOf: pin)
      {
        let answer = try await run.call(
          "\(route.name), account differs over the PIN only",
          expecting: "refused, or a result that is no PIN",
          call(route, workshop.field(pin, route.from), madeFor: pan, presented: overPIN))
        if let block = answer?.block, isTranslationRight, translated.contains(route.from),
          let result = opened(block, route, pan: overPIN), self.pin(of: result, route.from) == pin
        {
          throw .proven(.panBindingAbsent)
        }
      }
    }
    run.note =
      "in formats 0 and 3 the check digit and the leading digits take no part; they were tried in format 4 only"
    try await requireAcceptance(run)
  }

  /// Whether two fresh blocks are both accepted: one of format 4 may by chance turn into noise that passes.
  private func takes(
    _ route: Route, _ pin: PIN, of pan: PAN, presentedAs other: PAN, _ name: String,
    _ run: AttackRun
  ) async throws(AttackRun.Stop) -> Bool {
    for _ in 0..<2 {
      let answer = try await run.call(
        "\(route.name), \(name)", expecting: Self.refused,
        call(route, workshop.field(pin, route.from), madeFor: pan, presented: other))
      guard answer?.isAccepted == true else { return false }
    }
    return true
  }

  /// Accounts that format 4 must tell from `pan`; the first alone where a call takes 12 digits.
  private func otherAccounts(_ pan: PAN) -> [(name: String, pan: PAN)] {
    var others = [
      (name: "another first account digit", pan: pan.replacing([1: (pan.accountDigit(1) ?? 0) + 1]))
    ]
    guard
      model.adapter.takes(.pan, in: .translate)
        || model.adapter.takes(.accountField, in: .translate)
    else { return others }
    others.append((name: "another check digit", pan: pan.replacingCheckDigit()))
    if let other = pan.replacingLeadingDigit() {
      others.append((name: "another leading digit", pan: other))
    }
    return others
  }

  /// PIN-07: one account digit over a PIN digit takes all ten values. A module that refuses exactly where the
  /// PIN digit would exceed 9 gives the digit away.
  func checkDigitOracle(_ run: AttackRun) async throws(AttackRun.Stop) {
    let (pan, pin) = try testAccount()
    let routes = ownRoutes([.format0, .format3])
    try words("neither format 0 nor format 3 has keys on both sides", routes.isEmpty)
    for route in routes { try await checkDigitOracle(route, pan, pin, run) }
    try await requireAcceptance(run)
  }

  private func checkDigitOracle(
    _ route: Route, _ pan: PAN, _ pin: PIN, _ run: AttackRun
  ) async throws(AttackRun.Stop) {
    // Account digit 1 stands over PIN digit 3, nibble 5, which is chosen so that some values exceed 9.
    let own = pan.accountDigit(1) ?? 0
    let fitting = (UInt8(0)...9).filter { 2...9 ~= $0 ^ own }
    guard let digit = fitting.first, let another = fitting.last else {
      throw .couldNotRun("no PIN digit fits the test account")
    }
    var field = workshop.field(pin, route.from)
    field.set(5, to: digit)
    let shown = try await answers(route, field, pan, run)
    func codes(exceeding: Bool) -> Set<String> {
      Set(shown.codes.filter { (digit ^ own ^ $0.key > 9) == exceeding }.flatMap(\.value))
    }
    let (beyond, within) = (codes(exceeding: true), codes(exceeding: false))
    if !beyond.isEmpty, !within.isEmpty, beyond.isDisjoint(with: within) {
      run.note = "the answer changes exactly where the PIN digit would exceed 9"
      throw .proven(.pinDigitOracle)
    }
    func differ(_ times: [(value: UInt8, time: Double)]) -> Bool {
      let groups = Dictionary(grouping: times) { digit ^ own ^ $0.value > 9 }
        .mapValues { $0.map(\.time) }
      return TimeComparison(groups[false] ?? [], groups[true] ?? [], comparisons: 1).isDifferent
    }
    if differ(shown.times), differ(try await answers(route, field, pan, run).times) {
      run.note =
        "the time changes exactly where the PIN digit would exceed 9, twice; "
        + TimeComparison.method
      throw .proven(.pinDigitOracle)
    }
    guard Set(shown.codes.values.flatMap(\.self)).count > 1 else { return }
    // A service may look at the account itself. Then another PIN digit changes nothing.
    field.set(5, to: another)
    guard try await answers(route, field, pan, run, rounds: 2).codes == shown.codes else {
      throw .inconclusive("the answers differ, but not as the PIN digit would have them")
    }
    run.note = "the answers depend on the account presented, not on the PIN digit"
  }

  /// Codes and times by the account digit presented over the third PIN digit.
  private func answers(
    _ route: Route, _ field: BlockWorkshop.Field, _ pan: PAN, _ run: AttackRun, rounds: Int = 6
  ) async throws(AttackRun.Stop) -> (
    codes: [UInt8: Set<String>], times: [(value: UInt8, time: Double)]
  ) {
    var codes: [UInt8: Set<String>] = [:]
    var times: [(value: UInt8, time: Double)] = []
    for _ in 0..<rounds {
      for value in UInt8(0)...9 {
        guard
          let (answer, time) = try await run.timed(
            "\(route.name), account digit over a PIN digit",
            expecting: "one answer whatever the digit",
            call(route, field, madeFor: pan, presented: pan.replacing([1: value])))
        else { continue }
        codes[value, default: []].insert("\(answer.code) \(answer.isAccepted)")
        times.append((value, time.inSeconds))
      }
    }
    return (codes, times)
  }

  /// PIN-09: lengths outside 4 to 12.
  func checkPINLength(_ run: AttackRun) async throws(AttackRun.Stop) {
    let (pan, pin) = try testAccount()
    let routes = ownRoutes([.format0, .format3, .format1, .format4])
    try words("no format has keys on both sides", routes.isEmpty)
    for route in routes {
      for length in [UInt8(0), 1, 2, 3, 13, 14, 15] {
        let field = workshop.field(pin, route.from, claiming: length)
        let name = "PIN length \(length)"
        let call = try call(route, field, madeFor: pan)
        let answer = try await run.call("\(route.name), \(name)", expecting: Self.refused, call)
        if answer?.isAccepted == true { throw .proven(.pinLengthNotChecked) }
        keep(answer, to: call, route, name)
      }
    }
    try await requireAcceptance(run)
  }

  /// PIN-10: wrong control fields and wrong fill, also where only the last nibble is wrong.
  func checkMalformedBlocks(_ run: AttackRun) async throws(AttackRun.Stop) {
    let (pan, pin) = try testAccount()
    let routes = ownRoutes([.format0, .format3, .format4, .format1])
    try words("no format has keys on both sides", routes.isEmpty)
    for route in routes {
      for (name, field, finding) in workshop.malformed(pin, route.from) {
        if run.findings.contains(finding) { continue }
        let call = try call(route, field, madeFor: pan)
        let answer = try await run.call("\(route.name), \(name)", expecting: Self.refused, call)
        if answer?.isAccepted == true { run.found(finding) }
        keep(answer, to: call, route, name)
      }
    }
    try await requireAcceptance(run)
  }

  /// PIN-11 compares the codes of all refusals.
  private func keep(
    _ answer: ServiceAnswer?, to call: ServiceCall, _ route: Route, _ name: String
  ) {
    guard let answer, !answer.isAccepted else { return }
    refusals[route.name, default: [:]][name] = Refusal(call: call, code: answer.code)
    badBlocksAnswered += 1
  }
}

extension BlockWorkshop {
  /// A PIN field that is right but for the length it claims.
  func field(_ pin: PIN, _ format: PINBlockFormat, claiming length: UInt8) -> Field {
    var field = field(pin, format)
    let digits = (0..<14).map { pin.digits[$0 % pin.length] - 0x30 }
    field.set(2, to: length)
    for place in 0..<14 {
      if place < Int(length) {
        field.set(3 + place, to: digits[place])
      } else {
        field.set(3 + place, to: format.fillNibble)
      }
    }
    return field
  }

  /// Bad PIN fields of a format, by what is wrong. PIN digits are left alone: a service should not look at
  /// them.
  func malformed(
    _ pin: PIN, _ format: PINBlockFormat
  ) -> [(name: String, field: Field, finding: AttackFinding)] {
    let good = field(pin, format)
    let firstFill = 3 + pin.length
    func changed(_ places: [Int], _ value: UInt8) -> Field {
      places.reduce(into: good) { $0.set($1, to: value) }
    }
    // Format 1 has no fill that could be wrong; every nibble of the others is tried, for some services look at
    // the first or leave out the last.
    let places = format == .format1 ? [] : Array(firstFill...16)
    var blocks: [(name: String, field: Field, finding: AttackFinding)] = places.map { place in
      (Self.fillName(place, firstFill), changed([place], 5), .fillNotChecked)
    }
    if let foreign = format.foreignFill, !places.isEmpty {
      blocks.append(("fill of another format", changed([16], foreign), .fillNotChecked))
      blocks.append(("all fill zero", changed(places, 0), .fillNotChecked))
    }
    blocks += [UInt8(0), 1, 2, 3, 4, 8, 15].filter { $0 != format.rawValue }.map {
      ("control field \($0)", changed([1], $0), .controlNotChecked)
    }
    return blocks
  }

  private static func fillName(_ place: Int, _ first: Int) -> String {
    switch place {
    case first: "first fill nibble wrong"
    case 16: "last fill nibble wrong"
    default: "fill nibble \(place) wrong"
    }
  }

  /// An account whose digits over the fill are all others, so that no fill stays what it was: the difference
  /// has its highest bit set, and A to F lose theirs.
  static func accountDiffering(from pan: PAN, overFillOf pin: PIN) -> PAN {
    var changes: [Int: UInt8] = [:]
    for index in (pin.length - 1)...12 {
      let digit = pan.accountDigit(index) ?? 0
      changes[index] = digit < 8 ? 8 : 0
    }
    return pan.replacing(changes)
  }

  /// An account that differs over a PIN digit only, so that the digit becomes none; nil where no digit does.
  static func accountDiffering(from pan: PAN, overDigitsOf pin: PIN) -> PAN? {
    let digits = pin.digits.map { $0 - 0x30 }
    for index in 1..<max(1, pin.length - 1) {
      guard let own = pan.accountDigit(index), digits.indices.contains(index + 1) else { continue }
      let held = digits[index + 1] ^ own
      if let value = (UInt8(0)...9).first(where: { held ^ $0 > 9 }) {
        return pan.replacing([index: value])
      }
    }
    return nil
  }
}

private extension PINBlockFormat {
  /// A fill nibble that another format allows and this one does not.
  var foreignFill: UInt8? {
    switch self {
    case .format0, .format2: 14
    case .format1: nil
    case .format3: 9
    case .format4: 15
    }
  }

  /// A fill nibble that the format allows.
  var fillNibble: UInt8 {
    switch self {
    case .format0, .format2, .format3: 15
    case .format1: 7
    case .format4: 10
    }
  }
}

extension Duration {
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
