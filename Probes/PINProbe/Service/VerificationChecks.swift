import NationalCrypto

/// PIN-15 to PIN-17: verification with what a caller may choose and repeat.
extension AttackSuite {
  /// A verification that can be asked for: its account, the format of its block, what does not change.
  struct Verification {
    var role: CommandRole
    var account: TestAccount
    var pin: PIN
    var format: PINBlockFormat
    var key: ServiceKey
    var values: [Placeholder: String]

    /// nil values of the template are the session's to report.
    func call(
      _ field: BlockWorkshop.Field, _ workshop: BlockWorkshop,
      changing changes: [Placeholder: String] = [:]
    ) throws(AttackRun.Stop) -> ServiceCall {
      do throws(BlockWorkshop.Lacking) {
        let block = try workshop.sealed(field, format, pan: account.pan, under: key)
        var values = values.merging(changes) { $1 }
        values[.block] = block
        return ServiceCall(role: role, values: values)
      } catch { throw .couldNotRun("a block cannot be made under the source key") }
    }
  }

  /// - Parameter last: the last account instead of the first, for what may lock it.
  func verification(
    _ roles: [CommandRole] = [.verify, .verifyOffset], last: Bool = false
  ) throws(AttackRun.Stop) -> Verification {
    guard let role = roles.first(where: { model.adapter.offers($0) }) else {
      throw .couldNotRun("the description has no command for it")
    }
    let accounts = model.accounts.filter { $0.pin != nil }
    guard let account = last ? accounts.last : accounts.first, let pin = account.pin else {
      throw .couldNotRun("the description has no test account with a PIN")
    }
    for format in [PINBlockFormat.format0, .format3, .format4] {
      guard let code = model.formats.codes[format], let key = model.key(for: format, on: .source),
        key.clear != nil
      else { continue }
      var values = workshop.accountValues(account.pan, wide: format == .format4)
      values[.sourceFormat] = code
      values[.sourceKey] = key.device
      values[.pvk] = model.keys[.pvk]?.device
      values[.pvki] = account.pvki
      values[.pvv] = account.pvv
      values[.offset] = account.offset
      values[.table] = model.decimalisationTable
      values[.validation] = account.validation ?? values[.account]
      return Verification(
        role: role, account: account, pin: pin, format: format, key: key, values: values)
    }
    throw .couldNotRun("no format with an account has a source key known in clear")
  }

  /// Another PIN. The first four digits change: some methods look at no more.
  private func wrong(_ pin: PIN, by step: Int) -> PIN {
    let digits = pin.digits
    guard let number = Int(String(decoding: digits.prefix(4), as: UTF8.self)) else { return pin }
    let text = String((number + step) % 10_000)
    let rest = String(decoding: digits.dropFirst(4), as: UTF8.self)
    return PIN(String(repeating: "0", count: 4 - text.utf8.count) + text + rest) ?? pin
  }

  /// The right PIN; it also sets the account's counter back between wrong ones.
  func verifies(
    _ verification: Verification, _ run: AttackRun
  ) async throws(AttackRun.Stop) -> Bool {
    let field = workshop.field(verification.pin, verification.format)
    let answer = try await run.call(
      "the right PIN", expecting: "accepted", verification.call(field, workshop))
    return answer?.isOK == true
  }

  /// PIN-15: tables that map many values to one digit make every PIN the same.
  ///
  /// Each bad table is presented with a PIN that must verify if the table is used, so that a service with one
  /// code for everything is told from one that uses it.
  func checkDecimalisation(_ run: AttackRun) async throws(AttackRun.Stop) {
    guard model.adapter.takes(.table, in: .verifyOffset) else {
      throw .notApplicable("no verification takes a decimalisation table")
    }
    let verification = try verification([.verifyOffset])
    guard let table = model.decimalisationTable else {
      throw .couldNotRun("the description has no decimalisation table")
    }
    guard try await verifies(verification, run) else {
      throw .inconclusive("the right PIN with the right table was not accepted")
    }
    let bad = workshop.field(wrong(verification.pin, by: 1), verification.format)
    guard
      let failed = try await run.call(
        "a wrong PIN", expecting: "refused", verification.call(bad, workshop))
    else { return }
    _ = try await verifies(verification, run)
    let good = workshop.field(verification.pin, verification.format)
    let last = table.last == "0" ? "1" : "0"
    _ = try await run.call(
      "table with one entry changed", expecting: "refused, or processed by the content rule",
      verification.call(good, workshop, changing: [.table: table.dropLast() + last]))
    let tables =
      DecimalisationTables(table: table, pin: verification.pin, offset: verification.account.offset)
    for open in tables.open {
      _ = try await verifies(verification, run)
      let field = workshop.field(open.pin, verification.format)
      let answer = try await run.call(
        "table with \(open.name)", expecting: "refused for the table",
        verification.call(field, workshop, changing: [.table: open.text]))
      guard let answer else { continue }
      if answer.isOK { throw .proven(.decimalisationTableOpen) }
      if !open.isCertain, answer.code == failed.code {
        run.gap(
          "the table with \(open.name) was refused like a wrong PIN; without an offset of the account it "
            + "cannot be told whether it was used")
      }
    }
    _ = try await verifies(verification, run)
  }

  /// PIN-16: wrong PINs up to the number agreed; the service must stop at its own limit before.
  func checkGuessing(_ run: AttackRun) async throws(AttackRun.Stop) {
    let verification = try verification(last: true)
    let isRight = try await verifies(verification, run)
    if !isRight, try await verifies(self.verification(), run) {
      throw .inconclusive(
        "the last test account's right PIN is refused and the first one's is accepted: the account may be "
          + "locked already")
    }
    var codes: [String] = []
    for attempt in 1...model.maximumAttempts {
      let field = workshop.field(wrong(verification.pin, by: attempt), verification.format)
      guard
        let answer = try await run.call(
          "a wrong PIN, up to \(model.maximumAttempts) times", expecting: "blocked at the limit",
          verification.call(field, workshop))
      else { continue }
      if answer.isOK { throw .inconclusive("a wrong PIN was accepted") }
      codes.append(answer.code)
    }
    run.note = "\(codes.count) wrong PINs on one account"
    guard codes.count == model.maximumAttempts else { return }
    if isRight {
      if try await verifies(verification, run) { throw .proven(.noGuessLimit) }
      return
    }
    guard Set(codes).count == 1, let code = codes.first else { return }
    // Every attempt was answered as a failed verification, none as blocked.
    guard model.adapter.saysVerificationFailed(code) == true else {
      throw .inconclusive("the right PIN was not accepted before the wrong ones either")
    }
    run.note =
      "\(codes.count) wrong PINs on one account, all answered as failed; the right PIN did not verify before"
    throw .proven(.noGuessLimit)
  }

  /// PIN-17: the reference a PIN is compared with comes from the caller, changed together with the PIN.
  func checkOffset(_ run: AttackRun) async throws(AttackRun.Stop) {
    let takesOffset = model.adapter.takes(.offset, in: .verifyOffset)
    let takesPVV = model.adapter.takes(.pvv, in: .verify)
    guard takesOffset || takesPVV else {
      throw .notApplicable("no verification takes an offset or a PVV from its caller")
    }
    var isTried = false
    if takesOffset, let offset = model.accounts.first(where: { $0.pin != nil })?.offset {
      let verification = try verification([.verifyOffset])
      if try await verifies(verification, run), let other = shifted(verification.pin, offset) {
        isTried = true
        let field = workshop.field(other.pin, verification.format)
        let answer = try await run.call(
          "offset and PIN changed alike", expecting: "refused",
          verification.call(field, workshop, changing: [.offset: other.offset]))
        if answer?.isOK == true { throw .proven(.offsetSubstitution) }
      }
    }
    if takesPVV, let pvk = model.keys[.pvk], let clear = pvk.clear, pvk.algorithm == .tdes2 {
      let verification = try verification([.verify])
      let other = wrong(verification.pin, by: 1111)
      if let pvv = PVV.value(
        pan: verification.account.pan, index: verification.account.pvki, pin: other, key: clear)
      {
        isTried = true
        let field = workshop.field(other, verification.format)
        let answer = try await run.call(
          "another PIN with its own PVV", expecting: "refused",
          verification.call(field, workshop, changing: [.pvv: pvv]))
        if answer?.isOK == true { throw .proven(.offsetSubstitution) }
      }
    }
    if !isTried {
      throw .couldNotRun("no offset that verifies and no clear PVK is in the description")
    }
  }

  /// Every digit of PIN and offset raised by one, without carry.
  private func shifted(_ pin: PIN, _ offset: String) -> (pin: PIN, offset: String)? {
    func raised(_ digits: some Sequence<UInt8>) -> String {
      String(
        decoding: digits.map { 0x30...0x39 ~= $0 ? 0x30 + ($0 - 0x30 + 1) % 10 : $0 },
        as: UTF8.self)
    }
    return PIN(raised(pin.digits)).map { ($0, raised(offset.utf8)) }
  }
}

/// The PIN verification value of four digits (PVV).
enum PVV {
  /// From the eleven digits left of the check digit, the key index and the first four PIN digits, under a
  /// double length key; nil when one of them does not fit.
  static func value(pan: PAN, index: String, pin: PIN, key: [UInt8]) -> String? {
    let eleven = pan.digits.dropLast().suffix(11)
    guard eleven.count == 11, index.utf8.count == 1, key.count == 16,
      let block = decimalNibbles(Array(eleven) + Array(index.utf8) + pin.digits.prefix(4)),
      let cipher = try? PINKeyCipher(.tdes2, key: key),
      let sealed = try? cipher.encipher(UInt64(truncatingIfNeeded: block))
    else { return nil }
    let nibbles = (0..<16).map { UInt8(sealed >> UInt64(60 - 4 * $0) & 15) }
    let digits = nibbles.filter { $0 < 10 } + nibbles.filter { $0 > 9 }.map { $0 - 10 }
    return String(decoding: digits.prefix(4).map { 0x30 + $0 }, as: UTF8.self)
  }
}
