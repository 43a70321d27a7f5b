/// PIN-14, PIN-18, PIN-19, PIN-21, PIN-23: transactions again, keys and commands that must be refused, requests
/// that are wrong.
extension AttackSuite {
  /// PIN-14: a transaction as it was, then its PIN block in a new one with another amount.
  func checkReplay(_ run: AttackRun) async throws(AttackRun.Stop) {
    guard model.adapter.offers(.transaction) || model.messages != nil else {
      throw .notApplicable(
        "the description has no message endpoint; translation alone knows no replay")
    }
    let (pan, pin) = try testAccount()
    guard let route = ownRoutes().first else {
      throw .notApplicable("no format with an account has keys on both sides")
    }
    let start = UInt64.random(in: 1_000_000...8_999_999)
    var first = try call(route, workshop.field(pin, route.from), madeFor: pan)
    first.role = .transaction
    first.values[.amount] = "1200"
    first.values[.sequence] = String(start)
    guard
      let answer = try await run.call("a transaction", expecting: "accepted", first), answer.isOK
    else { throw .inconclusive("no transaction was accepted") }
    var second = first
    second.values[.amount] = "98700"
    second.values[.sequence] = String(start + 1)
    for (name, call) in [
      ("the same transaction again", first), ("its PIN block with another amount", second),
    ] {
      let answer = try await run.call(name, expecting: "refused", call)
      if answer?.isOK == true { throw .proven(.replayAccepted) }
    }
  }

  /// PIN-18: keys that no device may work with, in the place of the destination key.
  func checkWeakKeys(_ run: AttackRun) async throws(AttackRun.Stop) {
    let (pan, pin) = try testAccount()
    guard
      let route = ownRoutes([.format0, .format3, .format1]).first(where: {
        $0.destination.algorithm == .tdes2 || $0.destination.algorithm == .tdes3
      })
    else { throw .notApplicable("no destination key is TDEA") }
    let texts = WeakKey.allCases.compactMap { kind in
      (model.weakKeys[kind] ?? derived(kind, route.destination.device)).map { (kind, $0) }
    }
    try words("no weak key can be written in the form of this device", texts.isEmpty)
    for (kind, text) in texts {
      var call = try call(route, workshop.field(pin, route.from), madeFor: pan)
      call.values[.destinationKey] = text
      if kind == .singleDES { call.values[.destinationKeyLength] = "1" }
      let answer = try await run.call(
        "destination key \(kind.rawValue)", expecting: "refused", call)
      if answer?.isAccepted == true { throw .proven(.weakKeyAccepted) }
    }
    try await requireAcceptance(run)
  }

  /// A key text of 32 hexadecimal digits, with or without a scheme letter, as a single or a doubled one.
  private func derived(_ kind: WeakKey, _ device: String) -> String? {
    let scheme = device.prefix { !$0.isHexDigit }
    let digits = device.dropFirst(scheme.count)
    guard scheme.count <= 1, digits.utf8.count == 32, digits.allSatisfy({ $0.isHexDigit }) else {
      return nil
    }
    switch kind {
    case .singleDES: return String(digits.prefix(16))
    case .equalHalves: return "\(scheme)\(digits.prefix(16))\(digits.prefix(16))"
    // Only the device's master key can write these.
    case .zero, .wrongParity: return nil
    }
  }

  /// PIN-19: the PIN key where a data, MAC or export key belongs.
  func checkKeyMisuse(_ run: AttackRun) async throws(AttackRun.Stop) {
    let roles: [CommandRole] = [.decryptData, .mac, .exportKey].filter {
      model.adapter.offers($0)
    }
    if roles.isEmpty {
      throw .couldNotRun("the description has no command for data, MAC or export")
    }
    let (pan, pin) = try testAccount()
    guard let route = ownRoutes().first else {
      throw .notApplicable("no format with an account has keys on both sides")
    }
    for role in roles {
      var call = try call(route, workshop.field(pin, route.from), madeFor: pan)
      call.role = role
      guard
        let answer = try await run.call(
          "the PIN key in \(role.rawValue)", expecting: "refused for the key's type or use", call)
      else { continue }
      if answer.isAccepted { throw .proven(.keyMisuse) }
      if model.adapter.saysNotPermitted(answer.code) == false {
        run.gap("\(role.rawValue) was refused, but not for the key")
      }
    }
  }

  /// PIN-21: a command that takes a clear PIN must be off.
  func checkClearPIN(_ run: AttackRun) async throws(AttackRun.Stop) {
    guard model.adapter.offers(.clearPIN) else {
      throw .couldNotRun("the description has no command that takes a clear PIN")
    }
    guard let account = model.accounts.first else {
      throw .couldNotRun("the description has no test account")
    }
    var values = workshop.accountValues(account.pan, wide: false)
    // A PIN of no account: four digits that say nothing.
    values[.clearPIN] = "0000F"
    values[.sourceKey] = model.keys[.source]?.device
    values[.destinationKey] = model.keys[.destination]?.device
    values[.account2] = values[.account]
    for (variant, name) in model.adapter.variants(of: .clearPIN).enumerated() {
      guard
        let answer = try await run.call(
          "a clear PIN in \(name)", expecting: "disabled, not licensed or not authorised",
          ServiceCall(role: .clearPIN, variant: variant, values: values))
      else { continue }
      if answer.isAccepted { throw .proven(.clearPINCommand) }
      if model.adapter.saysNotPermitted(answer.code) == false, answer.code != unknownCommandCode {
        run.gap("\(name) was refused, but not because it is off")
      }
    }
  }

  /// PIN-23: wrong requests get an error, and the service goes on answering.
  func checkRobustness(_ run: AttackRun) async throws(AttackRun.Stop) {
    guard let good = try goodCall() else {
      throw .couldNotRun("no call can be made of the description")
    }
    for request in model.adapter.malformedRequests(spoiling: good) {
      let outcome = try await run.send(
        request,
        expecting: request.needsAnswer ? "an error code" : "an error, or a new connection taken")
      switch outcome {
      case .disconnected:
        // A broken frame may cost the connection; a service that does not come back is gone.
        if !request.breaksFrame || session.ending == .gone { throw .crashed }
      case .answered(let answer, _):
        if unknownCommandCode == nil, !answer.isOK { unknownCommandCode = answer.code }
      case .silent:
        if request.needsAnswer { run.gap("\(request.name): no answer in time") }
      case .garbage(let reason), .foreign(let reason):
        if request.needsAnswer { run.gap("\(request.name): \(reason)") }
      case .impossible(let ending): throw .ended(ending)
      }
    }
    for place in [Placeholder.sourceFormat, .destinationFormat] where good.role == .translate {
      var call = good
      call.values[place] = model.formats.unknownCode
      let answer = try await run.call(
        "\(place.rawValue) of no known code", expecting: "an error code", call)
      if answer?.isAccepted == true { run.gap("\(place.rawValue) of no known code was accepted") }
    }
    _ = try await run.call("a good call after these", expecting: "an answer", good)
  }

  private func goodCall() throws(AttackRun.Stop) -> ServiceCall? {
    if let (pan, pin) = try? testAccount(), let route = ownRoutes().first {
      return try call(route, workshop.field(pin, route.from), madeFor: pan)
    }
    if let verification = try? verification() {
      return try verification.call(
        workshop.field(verification.pin, verification.format), workshop)
    }
    return model.adapter.offers(.diagnose) ? ServiceCall(role: .diagnose) : nil
  }
}
