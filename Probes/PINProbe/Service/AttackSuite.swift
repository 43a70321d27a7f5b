import AssessmentModel

/// Makes the checks of the suite on one service, in order, each by itself (PIN服务攻击测试).
///
/// A check that ends badly never takes the others with it: only a service that is gone, mute, or out of time
/// does, and then each says so.
final class AttackSuite {
  let model: ServiceModel
  let session: ServiceSession
  /// To the place that takes transactions, when it is another one.
  private let messageSession: ServiceSession?
  let workshop: BlockWorkshop
  private let mask: Mask
  /// Formats whose translation into themselves was accepted, and those whose result was right.
  var accepted: Set<PINBlockFormat> = []
  var translated: Set<PINBlockFormat> = []
  var isTranslationWrong = false
  /// The outcome code of a command that does not exist.
  var unknownCommandCode: String?
  private(set) var masterKeyCheck: String?
  /// Blocks the suite made and got, in clear and enciphered: what logs must not hold.
  var canaries: [Canaries.Needle] = []
  /// Refused calls with bad blocks, by the route's name and what was wrong.
  var refusals: [String: [String: Refusal]] = [:]
  /// How many bad blocks were answered.
  var badBlocksAnswered = 0

  struct Refusal {
    var call: ServiceCall
    var code: String
  }

  init(model: ServiceModel, session: ServiceSession, messageSession: ServiceSession? = nil) {
    self.model = model
    self.session = session
    self.messageSession = messageSession
    workshop = BlockWorkshop(model: model)
    mask = Mask(model)
  }

  func run() async -> [AttackReport] {
    if !model.isProduction { await diagnose() }
    var reports: [Attack: AttackReport] = [:]
    for attack in Attack.order {
      let asked = attack == .replay ? messageSession ?? session : session
      let run = AttackRun(attack, session: asked, mask: mask)
      do throws(AttackRun.Stop) {
        if !attack.isPassive {
          if model.isProduction { throw .couldNotRun("production: only checks that send nothing") }
          if let ending = asked.ending { throw .ended(ending) }
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
    case .wire: try checkWire(run)
    case .robustness: try await checkRobustness(run)
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

  /// A refusal shows nothing when the service accepts nothing: never did, or does no more.
  func requireAcceptance(_ run: AttackRun) async throws(AttackRun.Stop) {
    let routes = ownRoutes([.format0, .format3, .format4, .format1])
    guard let route = routes.first(where: { accepted.contains($0.from) }) else {
      throw .inconclusive("the service accepted no good block, so a refusal shows nothing")
    }
    let (pan, pin) = try testAccount()
    let answer = try await run.call(
      "\(route.name), a good block after these", expecting: "accepted",
      call(route, workshop.field(pin, route.from), madeFor: pan))
    if answer?.isAccepted == false {
      throw .inconclusive(
        "the service accepts no good block any more, so its refusals show nothing")
    }
  }

  func words(_ reason: String, _ isEmpty: Bool) throws(AttackRun.Stop) {
    if isEmpty { throw .notApplicable(reason) }
  }
}
