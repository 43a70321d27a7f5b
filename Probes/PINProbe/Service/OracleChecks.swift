/// PIN-11 to PIN-13: what many answers together give away.
extension AttackSuite {
  /// Samples of one class of bad block in PIN-11.
  static let samplesAClass = 30
  /// So many bad blocks answered, and nothing limits their number.
  private static let unlimitedBlocks = 50
  /// Blocks that PIN-12 has the service make.
  static let blocksForFill = 200

  /// PIN-11: whatever is wrong with a block, the answer is the same and takes the same time.
  func checkErrorOracle(_ run: AttackRun) async throws(AttackRun.Stop) {
    let (pan, pin) = try testAccount()
    guard let route = ownRoutes().first(where: { accepted.contains($0.from) }) else {
      try words("no format with an account has keys on both sides", ownRoutes().isEmpty)
      try await compareVerificationErrors(run)
      return
    }
    let classes = try badBlocks(route, pin, pan)
    var refusals = refusals[route.name] ?? [:]
    var refused: [(name: String, call: ServiceCall)] = []
    for (name, call) in classes {
      guard
        let answer = try await run.call(
          "\(route.name), \(name)", expecting: "one error for everything", call),
        !answer.isAccepted
      else { continue }
      refusals[name] = Refusal(call: call, code: answer.code)
      refused.append((name, call))
    }
    // What is accepted is another check's matter; with nothing refused there is nothing to compare.
    guard refused.count > 1 else {
      try await compareVerificationErrors(run)
      return
    }
    if try await tellsByCode(refusals, route, run) {
      run.note = "the outcome code tells what is wrong with the block"
      throw errorOracle(run)
    }
    let first = try await timedSamples(route, refused, pin, pan, run)
    let second = first.isEmpty ? [] : try await timedSamples(route, refused, pin, pan, run)
    let pairs = first.filter { second.contains($0) }
    if let pair = pairs.first {
      run.note =
        "the time tells \(pair.slower) from \(pair.faster), twice; \(TimeComparison.method), "
        + "\(Self.samplesAClass) samples a class"
      throw errorOracle(run)
    }
    run.note =
      "\(refusals.count) bad blocks, one code; times of \(refused.count) classes by \(TimeComparison.method), "
      + "\(Self.samplesAClass) samples a class, taken in turns"
    try await requireAcceptance(run)
  }

  /// Whether bad blocks have codes of their own, which they keep: a service that has had enough of bad blocks also
  /// changes its answer.
  private func tellsByCode(
    _ refusals: [String: Refusal], _ route: Route, _ run: AttackRun
  ) async throws(AttackRun.Stop) -> Bool {
    let byCode = Dictionary(grouping: refusals.sorted { $0.key < $1.key }, by: \.value.code)
    guard byCode.count > 1 else { return false }
    for _ in 0..<2 {
      for (code, blocks) in byCode.sorted(by: { $0.key < $1.key }) {
        guard let block = blocks.first,
          let answer = try await run.call(
            "\(route.name), \(block.key), once more", expecting: "one error for everything",
            block.value.call)
        else { continue }
        guard answer.code == code else {
          throw .inconclusive("the codes change with the number of bad blocks, not with the block")
        }
      }
    }
    return true
  }

  /// High where so many bad blocks were answered that nothing limits their number; medium otherwise.
  private func errorOracle(_ run: AttackRun) -> AttackRun.Stop {
    if badBlocksAnswered >= Self.unlimitedBlocks {
      run.severity = "high"
      run.note =
        (run.note ?? "") + "; \(badBlocksAnswered) bad blocks were answered, nothing limits them"
    }
    return .proven(.errorOracle)
  }

  private struct SlowPair: Hashable {
    var slower: String
    var faster: String
  }

  private func badBlocks(
    _ route: Route, _ pin: PIN, _ pan: PAN
  ) throws(AttackRun.Stop) -> [(name: String, call: ServiceCall)] {
    var classes: [(String, ServiceCall)] = []
    classes.append(
      (
        "PIN length",
        try call(route, workshop.field(pin, route.from, claiming: 2), madeFor: pan)
      ))
    for (name, field, _) in workshop.malformed(pin, route.from)
    where name == "all fill zero" || name == "control field 15" {
      classes.append((name, try call(route, field, madeFor: pan)))
    }
    let good = workshop.field(pin, route.from)
    let other = BlockWorkshop.accountDiffering(from: pan, overFillOf: pin)
    classes.append(("wrong account", try call(route, good, madeFor: pan, presented: other)))
    if let block = wronglyKeyed(good, route, pan) {
      classes.append(("wrong key", call(route, block: block, presented: pan)))
    }
    return classes
  }

  /// The block under a key that differs in every byte; its parity is left as it was.
  private func wronglyKeyed(
    _ field: BlockWorkshop.Field, _ route: Route, _ pan: PAN
  ) -> String? {
    guard let clear = route.source.clear else { return nil }
    return try? workshop.sealed(
      field, route.from, pan: pan, algorithm: route.source.algorithm, key: clear.map { $0 ^ 0x66 })
  }

  /// The classes in turns, so that a drift of the service or the network meets all alike.
  private func timedSamples(
    _ route: Route, _ classes: [(name: String, call: ServiceCall)], _ pin: PIN, _ pan: PAN,
    _ run: AttackRun
  ) async throws(AttackRun.Stop) -> [SlowPair] {
    var times: [String: [Double]] = [:]
    let names = Set(classes.map(\.name))
    for _ in 0..<Self.samplesAClass {
      for (name, call) in try badBlocks(route, pin, pan) where names.contains(name) {
        guard
          let (_, time) = try await run.timed(
            "\(route.name), \(name)", expecting: "one error for everything", call)
        else { continue }
        times[name, default: []].append(time.inSeconds)
        badBlocksAnswered += 1
      }
    }
    let sorted = times.keys.sorted()
    let comparisons = sorted.count * (sorted.count - 1) / 2
    var pairs: [SlowPair] = []
    for (index, one) in sorted.enumerated() {
      for two in sorted[(index + 1)...] {
        let comparison = TimeComparison(
          times[one] ?? [], times[two] ?? [], comparisons: comparisons)
        guard comparison.isDifferent else { continue }
        pairs.append(
          comparison.firstIsSlower
            ? SlowPair(slower: one, faster: two) : SlowPair(slower: two, faster: one))
      }
    }
    return pairs
  }

  /// Where translation refuses nothing: a bad length and bad fill must look alike in a verification, and a PIN
  /// that is no number like a PIN that is wrong.
  private func compareVerificationErrors(_ run: AttackRun) async throws(AttackRun.Stop) {
    guard model.adapter.offers(.verify), let account = try? verification() else {
      throw .inconclusive("nothing was refused, so there is nothing to compare")
    }
    let pin = account.pin
    var wrong = workshop.field(pin, account.format)
    wrong.set(3, to: (wrong.nibble(3) + 1) % 10)
    var noDigit = workshop.field(pin, account.format)
    noDigit.set(3, to: 11)
    var fields = [
      ("a wrong PIN", wrong), ("a PIN that is no number", noDigit),
      ("PIN length", workshop.field(pin, account.format, claiming: 2)),
    ]
    fields += workshop.malformed(pin, account.format).prefix(1).map { ($0.name, $0.field) }
    var codes: [String] = []
    for (name, field) in fields {
      guard
        let answer = try await run.call(
          "verification, \(name)", expecting: "one error for everything",
          account.call(field, workshop))
      else { return }
      codes.append(answer.code)
      // So that the account is not locked on the way.
      _ = try await verifies(account, run)
    }
    guard codes.count == 4, codes[0] == codes[1], codes[2] == codes[3] else {
      run.note = "the outcome code of the verification tells what is wrong with the block"
      throw errorOracle(run)
    }
    run.note = "translation refused nothing; compared in the verification command"
  }

  /// PIN-12: the fill of format 3 and the random field of format 4, in blocks the service makes.
  func checkFill(_ run: AttackRun) async throws(AttackRun.Stop) {
    let (pan, pin) = try testAccount()
    let routes = [PINBlockFormat.format3, .format4].compactMap(fillRoute)
    try words("the service makes neither format 3 nor format 4 for these keys", routes.isEmpty)
    guard isTranslationRight else {
      throw .couldNotRun("the results of translation are not right, so they are not opened")
    }
    for route in routes {
      guard let to = route.to else { continue }
      var fields: [BlockWorkshop.Field] = []
      for _ in 0..<Self.blocksForFill {
        let field = workshop.field(pin, route.from)
        guard
          let answer = try await run.call(
            route.name, expecting: "fresh fill every time", call(route, field, madeFor: pan))
        else { continue }
        guard let block = answer.block else { break }
        if let result = opened(block, route, pan: pan), self.pin(of: result, to) == pin {
          fields.append(result)
        }
      }
      guard fields.count >= 20 else {
        run.gap("\(route.name): \(fields.count) blocks could be opened, 20 are needed")
        continue
      }
      try judgeFill(fields, to, run)
    }
    run.note = "up to \(Self.blocksForFill) blocks a format; false alarm below 1e-5 for each"
  }

  /// Into format 3 or 4 from a format without such fill, where the service must make it up.
  private func fillRoute(_ to: PINBlockFormat) -> Route? {
    let sources: [PINBlockFormat] = [.format0, .format3, .format4, .format1]
    let routes = sources.filter { accepted.contains($0) }.compactMap { route($0, to) }
    return routes.first { $0.from != to && $0.destination.clear != nil }
      ?? routes.first { $0.destination.clear != nil }
  }

  private func judgeFill(
    _ fields: [BlockWorkshop.Field], _ format: PINBlockFormat, _ run: AttackRun
  ) throws(AttackRun.Stop) {
    if format == .format4 {
      let randoms = fields.map(\.low)
      let (sequential, nonrandom) = FillAnalysis.random(randoms)
      if sequential?.isSmall == true { throw .proven(.sequentialFill) }
      let counts = nibbleCounts(randoms, count: 16, values: 0..<16)
      if nonrandom?.isSmall == true || NibbleEvenness.probability(counts) < 1e-6 {
        throw .proven(.nonrandomFill)
      }
      return
    }
    let fills = fields.map { field in
      let fill = CompactBlock.fill(ofField: field.high)
      return FillAnalysis.Fill(nibbles: fill.nibbles, count: fill.count)
    }
    // Sequences are allowed in format 3, so evenness is not asked for; constancy is not allowed.
    if FillAnalysis.constancy(fills, values: 6)?.isSmall == true {
      throw .proven(.nonrandomFill)
    }
  }

  private func nibbleCounts(_ values: [UInt64], count: Int, values range: Range<Int>) -> [Int] {
    var counts = [Int](repeating: 0, count: range.count)
    for value in values {
      for place in 0..<count { counts[Int(value >> UInt64(4 * place) & 15)] += 1 }
    }
    return counts
  }

  /// PIN-13: the same call twice; equal answers are allowed in format 0 and worth noting.
  func checkRepetition(_ run: AttackRun) async throws(AttackRun.Stop) {
    let (pan, pin) = try testAccount()
    guard let route = route(.format0, .format0) else {
      throw .notApplicable("format 0 has no keys on both sides")
    }
    let call = try call(route, workshop.field(pin, .format0), madeFor: pan)
    var blocks: [[UInt8]] = []
    for _ in 0..<2 {
      let answer = try await run.call(
        "\(route.name), the same twice", expecting: "allowed; noted", call)
      if let block = answer?.block { blocks.append(block) }
    }
    guard blocks.count == 2 else { throw .inconclusive("no two blocks came back") }
    if blocks[0] == blocks[1] { run.observation = .deterministicCryptogram }
  }
}
