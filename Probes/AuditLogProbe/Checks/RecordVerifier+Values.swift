import Bytes
import NationalCrypto

/// Stored values and links (校验值与链接).
extension RecordVerifier {
  /// Decodes the stored value; empty where there is none or it cannot be decoded.
  mutating func readValue() {
    value.removeAll(keepingCapacity: true)
    hasValue = false
    guard let slot = table.value else { return }
    let cell = fields.cells[slot]
    guard cell.count > 0 else { return }
    hasValue = true
    Self.decode(cell, of: fields.bytes, encoding, into: &value)
  }

  /// Not a method of the value: that would copy all of it for the sake of one part that changes.
  private static func decode(
    _ cell: Cell, of texts: [UInt8], _ encoding: ValueEncoding, into bytes: inout [UInt8]
  ) {
    switch cell.kind {
    case .absent, .null, .other: return
    case .blob: bytes.append(contentsOf: texts[cell.start..<cell.end])
    case .text, .number:
      switch encoding {
      case .hex: ValueText.appendHexadecimal(texts, cell.start..<cell.end, to: &bytes)
      case .base64: bytes.append(contentsOf: Base64.decode(texts[cell.start..<cell.end]) ?? [])
      }
    }
  }

  mutating func checkValue(
    _ position: Int, _ isLeafKnown: inout Bool, _ evolution: inout EvolvingKey?
  ) throws(CryptoError) {
    readValue()
    if wantsValues, plan.wantedValues.contains(position) {
      result.values[position] = value
    }
    let isLinked = checkLink(position)
    let isCanonical = writeMessage(position, isLinked: isLinked)
    if protection.kind == .merkle {
      guard isCanonical, isLeafKnown else {
        isLeafKnown = false
        return
      }
      try addLeaf()
      return
    }
    guard protection.kind.hasValues else { return }
    note(position)
    var isRight: Bool?
    // Also where the key cannot be read: keys that anybody would guess are tried all the same.
    if isCanonical, position < 64, result.samples.count < 3, !value.isEmpty,
      isLinked || !protection.kind.isChain
    {
      result.samples.append(ValueSample(message: message, value: value))
    }
    if isCanonical, plan.checksValues {
      if protection.kind.isChain, !isLinked {
        result.unchecked += 1
      } else if protection.kind == .sm2Record {
        isRight = try verifySignature(position)
      } else {
        isRight = try compare(position, &evolution)
      }
      if let isRight { count(isRight, position) }
    }
    noteConstant(position)
    previousFailed = isRight == false
    swap(&message, &previousMessage)
    swap(&canonical, &previousCanonical)
    swap(&value, &previousValue)
    isPreviousKnown = true
  }

  private mutating func count(_ isRight: Bool, _ position: Int) {
    result.compared += 1
    guard !isRight else {
      result.right += 1
      return
    }
    result.valueFailures.append(position)
    let isComparable =
      protection.kind == .sm2Record
      ? !value.isEmpty : value.count == protection.truncate ?? 32
    if !isComparable { result.valuelessRecords.append(position) }
  }

  /// Writes what the record's protection is computed over: its canonical form with what stands before and behind
  /// it. False, with a fault, when a value has no form.
  private mutating func writeMessage(_ position: Int, isLinked: Bool) -> Bool {
    message.removeAll(keepingCapacity: true)
    canonical = 0..<0
    guard protection.kind != .none else { return false }
    let isChained = protection.kind.isChain && isLinked
    if protection.kind == .merkle { message.append(0) }
    if isChained, protection.order == .prevFirst { appendLink() }
    let start = message.count
    do throws(LogFault) {
      if let notes = try canonicaliser?.write(fields, into: &message), notes.isAmbiguous {
        result.notes.ambiguous.add(position)
      }
    } catch {
      var fault = error
      fault.record = position
      keep(fault)
      result.unchecked += 1
      result.structural.append(
        StructuralFinding(position: position, kind: .unsupportedValue(fault.field ?? "")))
      return false
    }
    canonical = start..<message.count
    if isChained, protection.order == .contentFirst { appendLink() }
    return true
  }

  private mutating func addLeaf() throws(CryptoError) {
    guard let hash else { return }
    try hash.compute(message)
    hash.appendResult(to: &result.leaves)
    result.compared += 1
  }

  private mutating func note(_ position: Int) {
    guard hasValue else {
      result.notes.valueMissing.add(position)
      return
    }
    // A text that is no value at all has no bytes, and is not short.
    if protection.kind != .sm2Record, 1..<16 ~= value.count {
      result.notes.valueShort.add(position)
    }
  }

  private mutating func noteConstant(_ position: Int) {
    guard !value.isEmpty, isPreviousKnown, previousValue == value, !previousCanonical.isEmpty,
      message[canonical] != previousMessage[previousCanonical]
    else { return }
    result.notes.valueConstant.add(position)
  }

  /// Finds the link's value as it is hashed; false when it is not known.
  private mutating func checkLink(_ position: Int) -> Bool {
    guard protection.kind.isChain else { return false }
    link.removeAll(keepingCapacity: true)
    guard let slot = table.previous else {
      if isPreviousKnown { link.append(contentsOf: previousValue) }
      return isPreviousKnown
    }
    Self.decode(fields.cells[slot], of: fields.bytes, encoding, into: &link)
    if isPreviousKnown, link != previousValue { result.linkFailures.append(position) }
    return true
  }

  private mutating func appendLink() {
    switch protection.prevAs {
    case .bytes: message.append(contentsOf: link)
    case .hex: message.append(contentsOf: hexadecimal(link).utf8)
    }
  }

  private mutating func compare(
    _ position: Int, _ evolution: inout EvolvingKey?
  ) throws(CryptoError) -> Bool {
    let length = protection.truncate ?? 32
    guard evolution == nil else { return try compareEvolving(position, length, &evolution) }
    guard let hash, value.count == length else { return false }
    try hash.compute(message)
    return hash.resultBegins(with: value)
  }

  private mutating func compareEvolving(
    _ position: Int, _ length: Int, _ evolution: inout EvolvingKey?
  ) throws(CryptoError) -> Bool {
    guard value.count == length, var state = evolution else { return false }
    evolution = nil
    defer { evolution = state }
    if try state.code(of: message, at: position).prefix(length).elementsEqual(value) { return true }
    if try state.isBack(message, at: position, value: value) { return true }
    let before = state.epoch(of: position - 1)
    guard try state.findShift(message, at: position, value: value) else { return false }
    // Without a stored link the first record that moved is not known for one, since its link is broken: the record
    // before failed and was of another epoch too, so it was the first, and is reported.
    return table.previous == nil && previousFailed && before != state.epoch(of: position - 1)
  }

  private mutating func verifySignature(_ position: Int) throws(CryptoError) -> Bool {
    guard let signature, !value.isEmpty else { return false }
    let der =
      switch protection.signatureForm {
      case .der, .derHex: value
      case .raw: SignatureCheck.der(fromRaw: value) ?? []
      }
    if try signature.isValid(der, over: message) { return true }
    guard trials < Self.identityTrials else { return false }
    trials += 1
    for (name, check) in try checksOfOtherIdentities() where try check.isValid(der, over: message) {
      result.notes.otherIdentities[name, default: Occurrence()].add(position)
    }
    return false
  }

  private mutating func checksOfOtherIdentities() throws(CryptoError) -> [(
    name: String, check: SignatureCheck
  )] {
    if let otherIdentities { return otherIdentities }
    var checks: [(name: String, check: SignatureCheck)] = []
    if let key = plan.publicKey {
      for (name, identity) in RecordIdentities.tried where identity != protection.identity {
        checks.append((name, try SignatureCheck(subjectPublicKeyInfo: key, identity: identity)))
      }
    }
    otherIdentities = checks
    return checks
  }
}
