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
    canonical.removeAll(keepingCapacity: true)
    var isCanonical = protection.kind != .none
    if isCanonical {
      do throws(LogFault) {
        if let notes = try canonicaliser?.write(fields, into: &canonical), notes.isAmbiguous {
          result.notes.ambiguous.add(position)
        }
      } catch {
        isCanonical = false
        var fault = error
        fault.record = position
        keep(fault)
        result.unchecked += 1
        result.structural.append(
          StructuralFinding(position: position, kind: .unsupportedValue(fault.field ?? "")))
      }
    }
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
    let link = checkLink(position)
    var isRight: Bool?
    if isCanonical, plan.checksValues {
      isRight = try verify(position, link: link, &evolution)
      if isRight == false { result.valueFailures.append(position) }
    }
    noteConstant(position)
    previousFailed = isRight == false
    swap(&canonical, &previousCanonical)
    if previousValue == nil { previousValue = [] }
    previousValue?.removeAll(keepingCapacity: true)
    previousValue?.append(contentsOf: value)
  }

  private mutating func addLeaf() throws(CryptoError) {
    guard let hash else { return }
    message.removeAll(keepingCapacity: true)
    message.append(0)
    message.append(contentsOf: canonical)
    try hash.compute(message)
    result.leaves.append(contentsOf: hash.result)
  }

  private mutating func note(_ position: Int) {
    guard hasValue else {
      result.notes.valueMissing.add(position)
      return
    }
    if protection.kind != .sm2Record, value.count < 16 { result.notes.valueShort.add(position) }
  }

  private mutating func noteConstant(_ position: Int) {
    guard !value.isEmpty, let previousValue, previousValue == value,
      canonical != previousCanonical, !previousCanonical.isEmpty
    else { return }
    result.notes.valueConstant.add(position)
  }

  /// The link's value as it is hashed; nil: it is not known.
  private mutating func checkLink(_ position: Int) -> [UInt8]? {
    guard protection.kind.isChain else { return nil }
    guard let slot = table.previous else { return previousValue }
    var stored: [UInt8] = []
    Self.decode(fields.cells[slot], of: fields.bytes, encoding, into: &stored)
    if let previousValue, stored != previousValue { result.linkFailures.append(position) }
    return stored
  }

  /// nil: cannot be said.
  private mutating func verify(
    _ position: Int, link: [UInt8]?, _ evolution: inout EvolvingKey?
  ) throws(CryptoError) -> Bool? {
    if protection.kind == .sm2Record { return try verifySignature(position) }
    message.removeAll(keepingCapacity: true)
    if protection.kind.isChain {
      guard let link else {
        result.unchecked += 1
        return nil
      }
      if protection.order == .prevFirst { append(link) }
      message.append(contentsOf: canonical)
      if protection.order == .contentFirst { append(link) }
    } else {
      message.append(contentsOf: canonical)
    }
    return try compare(position, &evolution)
  }

  private mutating func append(_ link: [UInt8]) {
    switch protection.prevAs {
    case .bytes: message.append(contentsOf: link)
    case .hex: message.append(contentsOf: hexadecimal(link).utf8)
    }
  }

  private mutating func compare(
    _ position: Int, _ evolution: inout EvolvingKey?
  ) throws(CryptoError) -> Bool {
    if result.samples.count < 3, position < 64, !value.isEmpty {
      result.samples.append(ValueSample(message: message, value: value))
    }
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
    let before = state.epoch(of: position - 1)
    guard try state.findShift(message, at: position, value: value) else { return false }
    // The record before failed and was of another epoch too: it was the first, and is reported.
    return previousFailed && before != state.epoch(of: position - 1)
  }

  private mutating func verifySignature(_ position: Int) throws(CryptoError) -> Bool {
    guard let signature, !value.isEmpty else { return false }
    let der =
      switch protection.signatureForm {
      case .der, .derHex: value
      case .raw: SignatureCheck.der(fromRaw: value) ?? []
      }
    if try signature.isValid(der, over: canonical) { return true }
    guard trials < Self.identityTrials else { return false }
    trials += 1
    for (name, check) in otherIdentities where try check.isValid(der, over: canonical) {
      result.notes.otherIdentities[name, default: Occurrence()].add(position)
    }
    return false
  }
}
