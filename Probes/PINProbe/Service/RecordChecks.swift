import AssessmentModel

/// PIN-20 and PIN-22: what the service and the wire have kept. Nothing is sent.
extension AttackSuite {
  /// PIN-20: the service's logs, after all calls were made, with the test accounts and the blocks of PIN-01 as
  /// canaries.
  func checkLogs(_ run: AttackRun) throws(AttackRun.Stop) {
    if model.logs.isEmpty { throw .couldNotRun("the description names no logs of the service") }
    let deadline = session.deadline
    let accounts = model.accounts.enumerated().map {
      Canaries.Transaction(id: "account-\($0 + 1)", pan: $1.pan, pin: $1.pin)
    }
    var search = LogSearch(CanaryIndex(Canaries(made: accounts, needles: canaries + keyNeedles)))
    for (number, path) in model.logs.enumerated() {
      do throws(LogFolder.Unreadable) {
        try search.run(
          path, goesOn: { !Task.isCancelled && ContinuousClock.now < deadline })
      } catch { throw .inconclusive("log \(number + 1): \(error.reason)") }
    }
    let facts = search.facts(listing: PINLogsProbe.maximumLeaks)
    let leaks = facts["pin.leak-count"]?.integer ?? 0
    run.note = "\(leaks) places with PIN data"
    if leaks > 0 {
      let kept = facts["pin.leaks"]?.list ?? []
      let isEnciphered = kept.allSatisfy {
        $0["form"]?.integer == Leak.Form.messageBlock.rawValue
          || $0["what"]?.text == "enciphered-block"
      }
      run.severity = isEnciphered ? "high" : "critical"
      throw .proven(.pinDataInLog)
    }
    // A log of a service that took no transaction has had nothing to leak.
    if !model.isProduction, accepted.isEmpty {
      throw .couldNotRun("the service accepted no call, so its logs had nothing to leak")
    }
    if facts["pin.log-problems"]?.list?.isEmpty == false {
      throw .inconclusive("a log could not be read to its end")
    }
  }

  private var keyNeedles: [Canaries.Needle] {
    model.keys.compactMap { role, key in
      key.clear.map {
        Canaries.Needle(id: role.rawValue, what: "key", form: .key, bytes: $0, maskedPAN: nil)
      }
    }
  }

  /// PIN-22: whether a recorded message holds a clear block for its account, in DE 52 or as the SM4 PIN of DE 63.
  func checkWire(_ run: AttackRun) throws(AttackRun.Stop) {
    if model.captures.isEmpty {
      throw .notApplicable("the description names no recording of messages on the wire")
    }
    let deadline = session.deadline
    var wire = WireCapture()
    for (number, path) in model.captures.enumerated() {
      do throws(WireCapture.Unreadable) {
        try wire.read(path, goesOn: { !Task.isCancelled && ContinuousClock.now < deadline })
      } catch { throw .inconclusive("recording \(number + 1): \(error.reason)") }
    }
    run.note = "\(wire.messages) messages with a PIN block, \(wire.clearBlocks) blocks in clear"
    run.step(
      "messages of the recordings", expecting: "no PIN block in clear",
      observed: run.note ?? "")
    if wire.isProof { throw .proven(.clearPINOnWire) }
    if wire.clearBlocks > 0 {
      throw .inconclusive(
        "\(wire.clearBlocks) of \(wire.messages) blocks look like clear ones, as chance may make them"
      )
    }
    if wire.messages == 0 { throw .couldNotRun("the recordings hold no message with a PIN block") }
    if wire.isCut { throw .inconclusive("a recording was not read to its end") }
  }
}
