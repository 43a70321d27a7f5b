/// PIN-01 to PIN-05, PIN-08: which translations a service makes (转换限制, GB/T 21078.1-2023 10.5).
extension AttackSuite {
  private static let refused = "refused: an error code, no block"

  /// PIN-01: every format into itself; the result holds the same PIN for the same account in that format.
  func checkTranslation(_ run: AttackRun) async throws(AttackRun.Stop) {
    let (pan, pin) = try testAccount()
    let routes = ownRoutes([.format0, .format1, .format3, .format4])
    try words("no format has keys on both sides", routes.isEmpty)
    var unopened = false
    for route in routes {
      let field = workshop.field(pin, route.from)
      keep(field, route, pan)
      guard
        let answer = try await run.call(
          route.name, expecting: "the same PIN for the same account",
          call(route, field, madeFor: pan)),
        answer.isAccepted
      else { continue }
      accepted.insert(route.from)
      guard let block = answer.block else {
        run.gap("\(route.name) was accepted without a block")
        continue
      }
      keep("enciphered-block", block, pan)
      if route.destination.clear == nil {
        unopened = true
      } else if let result = opened(block, route, pan: pan), self.pin(of: result, route.from) == pin
      {
        translated.insert(route.from)
      } else {
        isTranslationWrong = true
        run.found(.translationWrong)
      }
    }
    if isTranslationWrong {
      run.note = "what came out does not hold that PIN under the destination key in that format"
    }
    if unopened { run.gap("the destination key is not known in clear, so results were not opened") }
    if accepted.isEmpty { throw .inconclusive("every translation was refused") }
  }

  /// What PIN-20 looks for: the block's PIN field, what stands between the encipherments, the block.
  private func keep(_ field: BlockWorkshop.Field, _ route: Route, _ pan: PAN) {
    for (what, bytes) in workshop.stages(of: field, route.from, pan: pan, under: route.source) {
      keep(what, bytes, pan)
    }
  }

  private func keep(_ what: String, _ bytes: [UInt8], _ pan: PAN) {
    canaries.append(
      Canaries.Needle(
        id: "PIN-01", what: what, form: .canaryBlock, bytes: bytes, maskedPAN: pan.masked))
  }

  /// Each route must be refused; the first that is not proves the finding.
  private func refuse(
    _ routes: [Route], _ finding: AttackFinding, _ run: AttackRun
  ) async throws(AttackRun.Stop) {
    let (pan, pin) = try testAccount()
    for route in routes {
      let field = workshop.field(pin, route.from)
      let answer = try await run.call(
        route.name, expecting: Self.refused, call(route, field, madeFor: pan))
      if answer?.isAccepted == true { throw .proven(finding) }
    }
    try await requireAcceptance(run)
  }

  /// PIN-02: a format with the account in it into format 1, which has none.
  func checkDowngrade(_ run: AttackRun) async throws(AttackRun.Stop) {
    let routes = [PINBlockFormat.format0, .format3, .format4].compactMap { route($0, .format1) }
    _ = try testAccount()
    try words("no way into format 1 can be asked for", routes.isEmpty)
    try await refuse(routes, .downgradeToFormat1, run)
  }

  /// PIN-03: format 2 is for a card, offline; neither into it nor out of it on a host interface.
  func checkCardFormat(_ run: AttackRun) async throws(AttackRun.Stop) {
    let others: [PINBlockFormat] = [.format0, .format3, .format4, .format1]
    let routes =
      others.prefix(3).compactMap { route($0, .format2) }
      + others.compactMap { route(.format2, $0) }
    _ = try testAccount()
    try words("no way into or out of format 2 can be asked for", routes.isEmpty)
    try await refuse(routes, .format2Online, run)
  }

  /// PIN-04: into formats outside the standard.
  func checkForeignFormats(_ run: AttackRun) async throws(AttackRun.Stop) {
    let sources: [PINBlockFormat] = [.format0, .format1, .format3, .format4]
    let routes = model.formats.foreign.prefix(8).flatMap { code in
      sources.compactMap { route($0, toForeign: code) }
    }
    _ = try testAccount()
    try words("the description names no format outside the standard", routes.isEmpty)
    try await refuse(routes, .nonstandardConversion, run)
  }

  /// PIN-05: format 4 into a format of 8 bytes is allowed, and worth noting.
  func checkStrengthDowngrade(_ run: AttackRun) async throws(AttackRun.Stop) {
    let (pan, pin) = try testAccount()
    let routes = [PINBlockFormat.format0, .format3].compactMap { route(.format4, $0) }
    try words("no way from format 4 to a TDEA key can be asked for", routes.isEmpty)
    for route in routes {
      let answer = try await run.call(
        route.name, expecting: "permitted; noted",
        call(route, workshop.field(pin, .format4), madeFor: pan))
      if answer?.isAccepted == true { run.observation = .strengthDowngrade }
    }
  }

  /// PIN-08: where a call names two accounts, they must be the same.
  func checkAccountChange(_ run: AttackRun) async throws(AttackRun.Stop) {
    let (pan, pin) = try testAccount()
    let places: [Placeholder] = [.pan2, .account2, .accountField2]
    try words(
      "the interface takes one account only",
      !places.contains { model.adapter.takes($0, in: .translate) })
    let routes = ownRoutes()
    try words("no format with an account has keys on both sides", routes.isEmpty)
    let digit = pan.accountDigit(12) ?? 0
    let other = pan.replacing([12: digit + 1, 11: (pan.accountDigit(11) ?? 0) + 3])
    for route in routes {
      let answer = try await run.call(
        "\(route.name) with another destination account", expecting: Self.refused,
        call(route, workshop.field(pin, route.from), madeFor: pan, second: other))
      if answer?.isAccepted == true { throw .proven(.panChangeAllowed) }
    }
    try await requireAcceptance(run)
  }
}
