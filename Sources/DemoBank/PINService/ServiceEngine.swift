import Dispatch

/// What the PIN service does with a request, whatever protocol brought it (PIN服务处理).
struct ServiceEngine: Sendable {
  /// A request's fields by name; the names are those of the HTTP front.
  typealias Fields = [String: String]

  struct Reply: Sendable {
    var code: String
    var block: [UInt8]?
  }

  /// What goes wrong; the code is what a caller is told.
  enum Refusal: String, Error, Sendable {
    case failed = "01"
    case keyParity = "10"
    case input = "15"
    case notAuthorised = "17"
    /// One for everything that is wrong with a block or its account.
    case block = "20"
    case pinLength = "24"
    case table = "25"
    case keyType = "28"
    case locked = "39"
    case disabled = "68"
    case format = "69"
  }

  static let formats = ["01": 0, "05": 1, "34": 2, "47": 3, "48": 4]
  static let foreignFormats = ["02", "03"]

  let keys: ServiceKeys
  let accounts: ServiceAccounts
  let faults: Set<PINServiceFault>
  let log: ServiceLog?
  let wire: ServiceWire?

  func reply(to command: String, _ fields: Fields) -> Reply {
    let reply: Reply
    do {
      switch command {
      case "translate": reply = Reply(code: "00", block: try translate(fields))
      case "verify": reply = try verify(fields)
      case "verify-offset": reply = try verifyOffset(fields)
      case "transaction": reply = try transact(fields)
      case "decrypt-data": reply = Reply(code: "00", block: try decrypt(fields))
      case "clear-pin": reply = try encipherClear(fields)
      default: throw Refusal.disabled
      }
    } catch let refusal as Refusal {
      reply = Reply(code: refusal.rawValue)
    } catch {
      reply = Reply(code: Refusal.input.rawValue)
    }
    log?.write(command: command, code: reply.code, account: fields["pan"] ?? "")
    return reply
  }

  private func field(_ name: String, _ fields: Fields) throws(Refusal) -> String {
    guard let value = fields[name], !value.isEmpty else { throw .input }
    return value
  }

  private func account(_ name: String, _ fields: Fields) throws(Refusal) -> String {
    let digits = try field(name, fields)
    guard 12...19 ~= digits.utf8.count, digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else {
      throw .input
    }
    return digits
  }

  private func cipher(
    _ name: String, _ fields: Fields, _ use: ServiceKeys.Use
  ) throws(Refusal) -> ServiceCipher {
    let text = try field(name, fields)
    do throws(ServiceKeys.Refusal) {
      return try keys.cipher(text, for: use)
    } catch {
      switch error {
      case .form: throw .input
      case .weak: throw .keyParity
      case .use: throw .keyType
      }
    }
  }

  private func block(_ fields: Fields) throws(Refusal) -> [UInt8] {
    guard let block = Hexadecimal.bytes(try field("block", fields)) else { throw .input }
    return block
  }

  private func format(
    _ name: String, _ fields: Fields
  ) throws(Refusal) -> ServiceBlock {
    guard let number = Self.formats[try field(name, fields)] else { throw .format }
    return ServiceBlock(format: number, faults: faults)
  }

  /// The PIN digits of the request's block.
  private func content(
    _ fields: Fields, _ format: ServiceBlock, _ account: String, _ cipher: ServiceCipher
  ) throws -> ServiceBlock.Content {
    let block = try block(fields)
    guard block.count == format.length, cipher.algorithm.blockLength == format.length else {
      throw Refusal.input
    }
    var result = try format.content(of: block, account: account, under: cipher)
    if case .failure = result, faults.contains(.ignoresAccount), format.bindsAccount {
      for known in accounts.accounts.prefix(1) where known.pan != account && known.twelve != account
      {
        let other = account.utf8.count == 12 ? known.twelve : known.pan
        if case .success(let found) = try format.content(of: block, account: other, under: cipher) {
          result = .success(found)
        }
      }
    }
    switch result {
    case .success(let content):
      if faults.contains(.leakingLog) { log?.leak(content.digits) }
      return content
    case .failure(let refusal):
      let isLength = [.length, .longLength].contains(refusal)
      if isLength, faults.contains(.errorCodes) { throw Refusal.pinLength }
      if refusal == .longLength, faults.contains(.longLengthCode) { throw Refusal.pinLength }
      if isLength, faults.contains(.errorTimes) { pause(milliseconds: 4) }
      throw Refusal.block
    }
  }

  private func pause(milliseconds: Int) {
    _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(milliseconds))
  }

  /// From one key, format and account to another, as far as GB/T 21078.1-2023 10.5 allows.
  private func translate(_ fields: Fields) throws -> [UInt8] {
    let source = try cipher("source-key", fields, .pin)
    let destination = try cipher("destination-key", fields, .pin)
    let pan = try account("pan", fields)
    let second = fields["pan2"] == nil ? pan : try account("pan2", fields)
    let from = try format("source-format", fields)
    let toCode = try field("destination-format", fields)
    if Self.foreignFormats.contains(toCode), faults.contains(.foreignFormats) {
      let digits = try content(fields, from, pan, source).digits
      let padded = digits + [UInt8](repeating: 0, count: 32)
      let length = destination.algorithm.blockLength
      return try destination.encrypt(ServiceBlock.bytes(Array(padded.prefix(2 * length))))
    }
    let to = try format("destination-format", fields)
    guard destination.algorithm.blockLength == to.length else { throw Refusal.input }
    if from.format == 2 || to.format == 2 {
      guard faults.contains(.cardFormatOnline) else { throw Refusal.format }
    } else if from.bindsAccount, to.format == 1 {
      guard faults.contains(.unbindsAccount) else { throw Refusal.format }
    }
    guard pan == second || faults.contains(.changesAccount) else { throw Refusal.block }
    let digits = try content(fields, from, pan, source).digits
    let isSameKind = source.algorithm.blockLength == destination.algorithm.blockLength
    let key = faults.contains(.wrongDestinationKey) && isSameKind ? source : destination
    let sealed = try to.sealed(digits, account: second, under: key, counter: accounts.next())
    if [0, 3].contains(to.format), let known = accounts.account(second) {
      wire?.send(
        pan: known.pan, block: faults.contains(.clearWire) ? try key.decrypt(sealed) : sealed)
    }
    return sealed
  }

  private struct Verification {
    var account: ServiceAccounts.Account
    var digits: [UInt8]
    var reference: ServiceCipher
  }

  private func verification(_ fields: Fields) throws -> Verification {
    let source = try cipher("source-key", fields, .pin)
    let reference = try cipher("pvk", fields, .pinVerification)
    let digits = try account("pan", fields)
    guard let account = accounts.account(digits) else { throw Refusal.block }
    guard !accounts.isLocked(account) else { throw Refusal.locked }
    let found = try content(fields, try format("source-format", fields), digits, source).digits
    return Verification(account: account, digits: found, reference: reference)
  }

  private func outcome(_ isRight: Bool, _ account: ServiceAccounts.Account) throws(Refusal) -> Reply
  {
    accounts.note(isRight, account)
    guard isRight else { throw .failed }
    return Reply(code: "00")
  }

  /// By PVV: the one on file counts, not the caller's.
  private func verify(_ fields: Fields) throws -> Reply {
    let stated = try field("pvv", fields)
    let verification = try verification(fields)
    let pvv = try PINReference.pvv(
      pan: verification.account.pan, index: fields["pvki"] ?? "1", digits: verification.digits,
      under: verification.reference)
    let isOnFile = stated == verification.account.pvv || faults.contains(.callerOffset)
    return try outcome(isOnFile && pvv == stated, verification.account)
  }

  /// By IBM 3624, with a table that must have eight different digits, none of them more than four times.
  private func verifyOffset(_ fields: Fields) throws -> Reply {
    let table = try field("table", fields)
    let counts = Dictionary(grouping: table, by: \.self).mapValues(\.count)
    let isOpen = counts.count < 8 || counts.values.contains { $0 > 4 }
    guard table.utf8.count == 16, table.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else {
      throw Refusal.input
    }
    guard !isOpen || faults.contains(.openTable) else { throw Refusal.table }
    let stated = try field("offset", fields)
    let verification = try verification(fields)
    let natural = try PINReference.natural(
      validation: try field("validation", fields), table: table, under: verification.reference)
    let offset = PINReference.offset(pin: verification.digits, natural: natural)
    let isOnFile = stated == verification.account.offset || faults.contains(.callerOffset)
    return try outcome(
      isOnFile && offset == stated && natural.count == 4, verification.account)
  }

  /// A payment: its number and its PIN block are good for once.
  private func transact(_ fields: Fields) throws -> Reply {
    let source = try cipher("source-key", fields, .pin)
    let pan = try account("pan", fields)
    let block = try block(fields)
    _ = try content(fields, try format("source-format", fields), pan, source)
    _ = try field("amount", fields)
    let isNew = accounts.isNew(sequence: try field("sequence", fields), block: block)
    guard isNew || faults.contains(.replay) else { throw Refusal.block }
    return Reply(code: "00")
  }

  /// For data keys; a PIN key has no business here.
  private func decrypt(_ fields: Fields) throws -> [UInt8] {
    let text = try field("source-key", fields)
    let use: ServiceKeys.Use = faults.contains(.keyMisuse) && keys.isPINKey(text) ? .pin : .data
    let block = try block(fields)
    let cipher = try cipher("source-key", fields, use)
    guard block.count.isMultiple(of: cipher.algorithm.blockLength) else { throw Refusal.input }
    return try cipher.decrypt(block)
  }

  private func encipherClear(_ fields: Fields) throws(Refusal) -> Reply {
    guard faults.contains(.clearPIN) else { throw .notAuthorised }
    return Reply(code: "00")
  }
}
