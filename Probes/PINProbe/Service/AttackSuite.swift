import AssessmentModel

/// Makes the checks of the suite on one service, in order, each by itself (PIN服务攻击测试).
///
/// A check that ends badly never takes the others with it: only a service that is gone, mute, or out of time
/// does, and then each says so.
final class AttackSuite {
  let model: ServiceModel
  let session: ServiceSession
  let workshop: BlockWorkshop
  private let mask: Mask
  /// Formats whose translation into themselves was accepted, and those whose result was right.
  var accepted: Set<PINBlockFormat> = []
  var translated: Set<PINBlockFormat> = []
  var isTranslationWrong = false
  /// The outcome code of a command that does not exist.
  var unknownCommandCode: String?
  private(set) var masterKeyCheck: String?

  init(model: ServiceModel, session: ServiceSession) {
    self.model = model
    self.session = session
    workshop = BlockWorkshop(model: model)
    mask = Mask(model)
  }

  func run() async -> [AttackReport] {
    if !model.isProduction { await diagnose() }
    var reports: [Attack: AttackReport] = [:]
    for attack in Attack.order {
      let run = AttackRun(attack, session: session, mask: mask)
      do throws(AttackRun.Stop) {
        if attack != .logs {
          if model.isProduction { throw .couldNotRun("production: only checks that send nothing") }
          if let ending = session.ending { throw .ended(ending) }
        }
        try await make(attack, run)
        reports[attack] = run.report(nil)
      } catch {
        reports[attack] = run.report(error)
      }
    }
    // A service that went away under any check is unavailable for all.
    let hasCrashed = reports.values.contains { $0.findings.contains(.serviceCrash) }
    if hasCrashed, var report = reports[.robustness],
      !report.findings.contains(.serviceCrash)
    {
      report.result = .insecure
      report.findings = [.serviceCrash]
      report.cause = nil
      report.note = "the service ended the connection without an answer during another check"
      reports[.robustness] = report
    }
    return Attack.allCases.compactMap { reports[$0] }
  }

  private func diagnose() async {
    guard model.adapter.offers(.diagnose),
      case .answered(let answer, _) = await session.perform(ServiceCall(role: .diagnose))
    else { return }
    masterKeyCheck = answer.masterKeyCheck
  }

  private func make(_ attack: Attack, _ run: AttackRun) async throws(AttackRun.Stop) {
    switch attack {
    case .translation: try await checkTranslation(run)
    case .downgrade: try await checkDowngrade(run)
    case .cardFormat: try await checkCardFormat(run)
    case .foreignFormat: try await checkForeignFormats(run)
    case .strengthDowngrade: try await checkStrengthDowngrade(run)
    case .accountSubstitution: try await checkAccountSubstitution(run)
    case .digitOracle: try await checkDigitOracle(run)
    case .accountChange: try await checkAccountChange(run)
    case .pinLength: try await checkPINLength(run)
    case .malformedBlock: try await checkMalformedBlocks(run)
    case .errorOracle: try await checkErrorOracle(run)
    case .fill: try await checkFill(run)
    case .repetition: try await checkRepetition(run)
    case .replay: try await checkReplay(run)
    case .decimalisation: try await checkDecimalisation(run)
    case .guessing: try await checkGuessing(run)
    case .offset: try await checkOffset(run)
    case .weakKey: try await checkWeakKeys(run)
    case .keyMisuse: try await checkKeyMisuse(run)
    case .logs: try checkLogs(run)
    case .clearPIN: try await checkClearPIN(run)
    case .wire:
      throw .couldNotRun("needs a capture of the wire; recorded messages are for pin.logs")
    case .robustness: try await checkRobustness(run)
    }
  }

  /// PIN-20: the service's logs, after all calls were made.
  private func checkLogs(_ run: AttackRun) throws(AttackRun.Stop) {
    if model.logs.isEmpty { throw .couldNotRun("the description names no logs of the service") }
    let deadline = session.deadline
    var search = LogSearch(CanaryIndex(.none))
    for (number, path) in model.logs.enumerated() {
      do throws(LogFolder.Unreadable) {
        try search.run(
          path, goesOn: { !Task.isCancelled && ContinuousClock.now < deadline })
      } catch { throw .inconclusive("log \(number + 1): \(error.reason)") }
    }
    let facts = search.facts(listing: 0)
    let leaks = facts["pin.leak-count"]?.integer ?? 0
    run.note =
      "searched without canaries: clear PINs, clear blocks and full message fields; \(leaks) found"
    if leaks > 0 { throw .proven(.pinDataInLog) }
    // A log of a service that took no transaction has had nothing to leak.
    if !model.isProduction, accepted.isEmpty {
      throw .couldNotRun("the service accepted no call, so its logs had nothing to leak")
    }
    if facts["pin.log-problems"]?.list?.isEmpty == false {
      throw .inconclusive("a log could not be read to its end")
    }
  }
}

/// What the checks share: a test account, keys that fit, calls made of them.
extension AttackSuite {
  /// One translation to make: formats as numbers, codes and keys as the service knows them.
  struct Route {
    var from: PINBlockFormat
    /// nil: a code outside the standard.
    var to: PINBlockFormat?
    var fromCode: String
    var toCode: String
    var source: ServiceKey
    var destination: ServiceKey

    var name: String { "T(\(from.rawValue),\(to.map { "\($0.rawValue)" } ?? "code \(toCode)"))" }
    var isWide: Bool { from == .format4 || to == .format4 }
  }

  func testAccount() throws(AttackRun.Stop) -> (pan: PAN, pin: PIN) {
    guard model.adapter.offers(.translate) else {
      throw .couldNotRun("the description has no translation command")
    }
    guard let account = model.accounts.first(where: { $0.pin != nil }), let pin = account.pin else {
      throw .couldNotRun("the description has no test account with a PIN")
    }
    return (account.pan, pin)
  }

  /// nil: the device or the description lacks the formats or keys for it.
  func route(_ from: PINBlockFormat, _ to: PINBlockFormat) -> Route? {
    guard let toCode = model.formats.codes[to],
      let destination = model.key(for: to, on: .destination)
    else { return nil }
    return route(from, to, toCode, destination)
  }

  func route(_ from: PINBlockFormat, toForeign code: String) -> Route? {
    guard
      let destination = model.key(for: .format0, on: .destination)
        ?? model.key(for: .format4, on: .destination)
    else { return nil }
    return route(from, nil, code, destination)
  }

  private func route(
    _ from: PINBlockFormat, _ to: PINBlockFormat?, _ toCode: String, _ destination: ServiceKey
  ) -> Route? {
    guard let fromCode = model.formats.codes[from],
      let source = model.key(for: from, on: .source), source.clear != nil
    else { return nil }
    return Route(
      from: from, to: to, fromCode: fromCode, toCode: toCode, source: source,
      destination: destination)
  }

  /// Routes of formats into themselves, for checks about one format.
  func ownRoutes(_ formats: [PINBlockFormat] = [.format0, .format3, .format4]) -> [Route] {
    formats.compactMap { route($0, $0) }
  }

  func call(
    _ route: Route, _ field: BlockWorkshop.Field, madeFor pan: PAN, presented: PAN? = nil,
    second: PAN? = nil
  ) throws(AttackRun.Stop) -> ServiceCall {
    let block: String
    do throws(BlockWorkshop.Lacking) {
      block = try workshop.sealed(field, route.from, pan: pan, under: route.source)
    } catch { throw .couldNotRun("a block cannot be made under the source key") }
    return call(route, block: block, presented: presented ?? pan, second: second)
  }

  func call(
    _ route: Route, block: String, presented pan: PAN, second: PAN? = nil
  ) -> ServiceCall {
    workshop.translation(
      of: block, route.fromCode, route.toCode, pan: pan, pan2: second, source: route.source,
      destination: route.destination, wideAccount: route.isWide)
  }

  /// Whether what comes out may be judged by opening it.
  var isTranslationRight: Bool { !translated.isEmpty && !isTranslationWrong }

  /// What a service gave out, opened; nil where the key is not known in clear or it does not fit.
  func opened(_ block: [UInt8], _ route: Route, pan: PAN) -> BlockWorkshop.Field? {
    guard let to = route.to else { return nil }
    return try? workshop.opened(block, to, pan: pan, under: route.destination)
  }

  func pin(of field: BlockWorkshop.Field, _ format: PINBlockFormat) -> PIN? {
    try? CompactBlock.pin(ofField: field.high, format: format)
  }

  /// A refusal shows nothing when the service never accepted anything.
  func requireAcceptance() throws(AttackRun.Stop) {
    if accepted.isEmpty {
      throw .inconclusive("the service accepted no good block, so a refusal shows nothing")
    }
  }

  func words(_ reason: String, _ isEmpty: Bool) throws(AttackRun.Stop) {
    if isEmpty { throw .notApplicable(reason) }
  }
}
