/// PIN-06, 07, 09, 10: blocks that are not what they are presented as.
extension AttackSuite {
  private static let refused = "refused: an error code, no block"

  /// PIN-06: a block made for one account, presented with another.
  func checkAccountSubstitution(_ run: AttackRun) async throws(AttackRun.Stop) {
    let (pan, pin) = try testAccount()
    let routes = ownRoutes()
    try words("no format with an account has keys on both sides", routes.isEmpty)
    for route in routes {
      let field = workshop.field(pin, route.from)
      let overFill = BlockWorkshop.accountDiffering(from: pan, overFillOf: pin)
      let first = try await run.call(
        "\(route.name), account differs over the fill", expecting: Self.refused,
        call(route, field, madeFor: pan, presented: overFill))
      if first?.isAccepted == true { throw .proven(.panBindingAbsent) }
      let others = route.from == .format4 ? otherAccounts(pan) : []
      for (name, other) in others {
        let answer = try await run.call(
          "\(route.name), \(name)", expecting: Self.refused,
          call(route, field, madeFor: pan, presented: other))
        if answer?.isAccepted == true { throw .proven(.panBindingAbsent) }
      }
      if route.from != .format4,
        let overPIN = BlockWorkshop.accountDiffering(from: pan, overDigitsOf: pin)
      {
        let second = try await run.call(
          "\(route.name), account differs over the PIN only",
          expecting: "refused, or a result that is no PIN",
          call(route, field, madeFor: pan, presented: overPIN))
        if let block = second?.block, isTranslationRight, translated.contains(route.from),
          let result = opened(block, route, pan: overPIN), self.pin(of: result, route.from) == pin
        {
          throw .proven(.panBindingAbsent)
        }
      }
    }
    run.note =
      "in formats 0 and 3 the check digit and the leading digits take no part; they were tried in format 4 only"
    try requireAcceptance()
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
    let (account, pin) = try testAccount()
    guard let route = ownRoutes([.format0, .format3]).first else {
      throw .notApplicable("neither format 0 nor format 3 has keys on both sides")
    }
    // Account digit 1 stands over PIN digit 3, nibble 5. It is chosen so that some values exceed 9.
    let field = workshop.field(pin, route.from)
    let digit = field.nibble(5)
    guard let own = (UInt8(0)...9).first(where: { $0 ^ digit > 1 && ($0 ^ digit) < 10 }) else {
      throw .couldNotRun("no account digit fits the test PIN")
    }
    let pan = account.replacing([1: own])
    var codes: [UInt8: Set<String>] = [:]
    var times: (within: [Double], beyond: [Double]) = ([], [])
    for _ in 0..<6 {
      for value in UInt8(0)...9 {
        let exceeds = digit ^ own ^ value > 9
        guard
          let (answer, time) = try await run.timed(
            "\(route.name), account digit over a PIN digit",
            expecting: "one answer whatever the digit",
            call(route, field, madeFor: pan, presented: pan.replacing([1: value])))
        else { continue }
        codes[value, default: []].insert("\(answer.code) \(answer.isAccepted)")
        if exceeds {
          times.beyond.append(time.inSeconds)
        } else {
          times.within.append(time.inSeconds)
        }
      }
    }
    let beyond = Set(codes.filter { digit ^ own ^ $0.key > 9 }.flatMap(\.value))
    let within = Set(codes.filter { digit ^ own ^ $0.key <= 9 }.flatMap(\.value))
    if !beyond.isEmpty, !within.isEmpty, beyond.isDisjoint(with: within) {
      run.note = "the answer changes exactly where the PIN digit would exceed 9"
      throw .proven(.pinDigitOracle)
    }
    if TimeComparison(times.within, times.beyond, comparisons: 1).isDifferent {
      run.note =
        "the time changes exactly where the PIN digit would exceed 9; " + TimeComparison.method
      throw .proven(.pinDigitOracle)
    }
    if codes.values.reduce(into: Set<String>(), { $0.formUnion($1) }).count > 1 {
      throw .inconclusive("the answers differ, but not as the PIN digit would have them")
    }
    try requireAcceptance()
  }

  /// PIN-09: lengths outside 4 to 12.
  func checkPINLength(_ run: AttackRun) async throws(AttackRun.Stop) {
    let (pan, pin) = try testAccount()
    let routes = ownRoutes([.format0, .format3, .format1, .format4])
    try words("no format has keys on both sides", routes.isEmpty)
    for route in routes {
      for length in [UInt8(0), 1, 2, 3, 13, 14, 15] {
        let field = workshop.field(pin, route.from, claiming: length)
        let answer = try await run.call(
          "\(route.name), PIN length \(length)", expecting: Self.refused,
          call(route, field, madeFor: pan))
        if answer?.isAccepted == true { throw .proven(.pinLengthNotChecked) }
      }
    }
    try requireAcceptance()
  }

  /// PIN-10: wrong control fields and wrong fill, also where only the last nibble is wrong.
  func checkMalformedBlocks(_ run: AttackRun) async throws(AttackRun.Stop) {
    let (pan, pin) = try testAccount()
    let routes = ownRoutes()
    try words("no format with fixed fill has keys on both sides", routes.isEmpty)
    for route in routes {
      for (name, field, finding) in workshop.malformed(pin, route.from) {
        if run.findings.contains(finding) { continue }
        let answer = try await run.call(
          "\(route.name), \(name)", expecting: Self.refused, call(route, field, madeFor: pan))
        if answer?.isAccepted == true { run.found(finding) }
      }
    }
    try requireAcceptance()
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
    let wrong: UInt8 = format == .format4 ? 15 : 5
    return [
      ("first fill nibble wrong", changed([firstFill], wrong), .fillNotChecked),
      ("last fill nibble wrong", changed([16], wrong), .fillNotChecked),
      ("all fill zero", changed(Array(firstFill...16), 0), .fillNotChecked),
    ]
      + [UInt8(0), 1, 2, 3, 4, 8, 15].filter { $0 != format.rawValue }.map {
        ("control field \($0)", changed([1], $0), .controlNotChecked)
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
