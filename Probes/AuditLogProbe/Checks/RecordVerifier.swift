import Bytes
import NationalCrypto

/// Checks the records of one chunk: values, links, times, required fields (逐条校验). One for every chunk, so that
/// workers share nothing.
struct RecordVerifier<Decoder: RecordDecoder> {
  /// Faults of records kept for a chunk.
  static var faultLimit: Int { 1000 }
  /// Failed signatures for which other identities are tried.
  static var identityTrials: Int { 8 }

  let plan: VerificationPlan
  let protection: Protection
  let table: FieldTable
  let encoding: ValueEncoding
  let wantsValues: Bool
  var decoder: Decoder
  var canonicaliser: Canonicaliser?
  let extractor: FieldExtractor?
  var fields: RecordFields
  var hash: RecordHash?
  var signature: SignatureCheck?
  /// Made when the first signature is wrong; nil until then.
  var otherIdentities: [(name: String, check: SignatureCheck)]?
  var trials = 0

  /// What the protection is computed over, and where in it the canonical form stands.
  var message: [UInt8] = []
  var canonical = 0..<0
  var value: [UInt8] = []
  var hasValue = false
  var link: [UInt8] = []
  /// Of the record before: whether its stored value is known, that value, what it was computed over.
  var isPreviousKnown = false
  var previousValue: [UInt8] = []
  var previousMessage: [UInt8] = []
  var previousCanonical = 0..<0
  /// Time of the record before; nil: not known.
  var previousTime: TimeText?
  var previousFailed = false
  var result = ChunkResult()

  init(_ plan: VerificationPlan, decoder: Decoder) throws(CryptoError) {
    self.plan = plan
    self.decoder = decoder
    protection = plan.model.protection
    table = plan.table
    encoding =
      protection.kind == .sm2Record && protection.signatureForm == .derHex
      ? .hex : protection.valueEncoding
    wantsValues = protection.kind.hasValues && !plan.wantedValues.isEmpty
    fields = RecordFields(count: plan.table.names.count)
    canonicaliser = plan.model.canonical.flatMap { Canonicaliser($0, table: plan.table) }
    extractor = plan.model.extraction.flatMap { FieldExtractor(pattern: $0.pattern) }
    switch protection.kind {
    case .none, .digestFolder: break
    case .hashChain, .merkle: hash = try RecordHash(protection.digest)
    case .hmac, .hmacChain:
      if let key = plan.key, protection.evolveEvery == 0 {
        var bytes = key.bytes
        defer { wipe(&bytes) }
        hash = try RecordHash(protection.digest, key: bytes)
      }
    case .sm2Record:
      if let key = plan.publicKey {
        signature = try SignatureCheck(subjectPublicKeyInfo: key, identity: protection.identity)
      }
    }
  }

  /// - Parameter evolution: the state of an evolving key, which makes chunks depend on their order.
  mutating func process(
    _ chunk: RecordChunk, evolution: inout EvolvingKey?
  ) -> ChunkResult {
    result = ChunkResult()
    result.index = chunk.index
    result.first = chunk.first
    result.count = chunk.records.count
    begin(chunk)
    result.unseen = table.computedOver
    var isLeafKnown = true
    for (index, record) in chunk.records.enumerated() {
      let position = chunk.first + index
      if protection.kind == .sm2Record, index % 64 == 0, plan.isTimeUp() {
        result.failure = "the time was over"
        break
      }
      guard read(record, chunk, position) else {
        isLeafKnown = false
        continue
      }
      if !result.unseen.isEmpty {
        result.unseen.removeAll { fields.cells[$0].kind != .absent }
      }
      checkStructure(position)
      do throws(CryptoError) {
        try checkValue(position, &isLeafKnown, &evolution)
      } catch {
        result.failure = error.description
        break
      }
    }
    result.spent = chunk.bytes
    result.lastValue = isPreviousKnown ? previousValue : []
    return result
  }

  /// Reads the record before the chunk, for the sake of what links to it.
  mutating func begin(_ chunk: RecordChunk) {
    isPreviousKnown = false
    previousTime = nil
    previousCanonical = 0..<0
    guard let before = chunk.before else {
      isPreviousKnown = protection.genesis != nil
      previousValue = protection.genesis ?? []
      return
    }
    guard before.state != .tooLong,
      (try? decoder.decode(
        chunk.bytes.span.extracting(before.start..<before.end), into: &fields)) != nil
    else { return }
    extract()
    readValue()
    isPreviousKnown = true
    previousValue = value
    previousTime = time()
    previousMessage.removeAll(keepingCapacity: true)
    if (try? canonicaliser?.write(fields, into: &previousMessage)) != nil {
      previousCanonical = 0..<previousMessage.count
    }
  }

  /// Decodes a record; false, with a fault, when it cannot be understood.
  mutating func read(
    _ record: RawRecord, _ chunk: RecordChunk, _ position: Int
  ) -> Bool {
    do throws(LogFault) {
      if record.state == .tooLong {
        throw LogFault(
          .tooLong, "more than \(RecordChunk.recordSizeLimit) bytes, which is not read")
      }
      try decoder.decode(
        chunk.bytes.span.extracting(record.start..<record.end), into: &fields)
      extract()
      return true
    } catch {
      var fault = error
      fault.record = position
      fault.offset = record.offset.map { $0 + (error.offset ?? 0) }
      if record.state == .unfinished {
        fault.kind = .halfWritten
        fault.message = "the last record is not finished: \(error.message)"
      }
      keep(fault)
      result.unchecked += 1
      addSequence(nil, position)
      isPreviousKnown = false
      previousTime = nil
      return false
    }
  }

  mutating func keep(_ fault: LogFault) {
    if result.faults.count < Self.faultLimit {
      result.faults.append(fault)
    } else {
      result.faultsLeftOut += 1
    }
  }

  mutating func extract() {
    guard let slot = table.extractedFrom, let extractor, let extraction = plan.model.extraction,
      fields.cells[slot].kind == .text
    else { return }
    let cell = fields.cells[slot]
    let text = String(decoding: fields.bytes[cell.start..<cell.end], as: UTF8.self)
    let values = extractor.values(of: extraction.names, in: text)
    for (target, found) in zip(table.extracted, values) {
      guard let found, target != slot else { continue }
      fields.set(target, .text, Array(found.utf8).span)
    }
  }
}
