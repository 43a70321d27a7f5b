package import AssessmentModel
import NationalCrypto

/// What became of one block of a sample file. It never holds the PIN.
package struct EntryResult: Sendable, Hashable {
  package var pinLength: Int?
  package var defect: PINBlockDefect?
  /// Whether the PIN is the one the file states; absent where it states none.
  package var pinMatches: Bool?
  /// Of the key that was used; three bytes.
  package var checkValue: [UInt8]?
  package var problems: [SampleProblem] = []

  package init() {}

  package var fact: FactValue {
    var record: [String: FactValue] = [
      "decoded": .boolean(pinLength != nil),
      "error": defect.map { .text($0.rawValue) } ?? .null,
    ]
    record["pin-length"] = pinLength.map { .integer($0) }
    record["pin-matches"] = pinMatches.map { .boolean($0) }
    return .record(record)
  }
}

extension SampleEntry {
  /// Opens the block and compares the PIN.
  package func decoded() -> EntryResult {
    var result = EntryResult()
    do throws(PINBlockFailure) {
      let pin = try open(&result)
      result.pinLength = pin?.length
      if statesPIN { result.pinMatches = pin != nil && pin == self.pin }
    } catch {
      if statesPIN { result.pinMatches = false }
      switch error {
      case .defect(let defect): result.defect = defect
      case .panMissing: result.problems.append(problem(.panMissing))
      case .cipherUnfit: result.problems.append(problem(.cipherUnfit))
      case .crypto: result.problems.append(problem(.cipherFailed))
      }
    }
    return result
  }

  private func problem(_ kind: SampleProblem.Kind) -> SampleProblem {
    SampleProblem(kind, id: id, line: place.line)
  }

  /// `nil` where something needed was not readable, which is reported already.
  private func open(_ result: inout EntryResult) throws(PINBlockFailure) -> PIN? {
    guard let format else { return nil }
    switch block {
    case .absent: return nil
    case .halfByte: throw .defect(.blockLength)
    case .clear(let bytes), .field(let bytes): return try openClear(bytes, format)
    case .enciphered(let bytes):
      guard bytes.count == format.length else { throw .defect(.blockLength) }
      guard let algorithm, let key else { return nil }
      guard key.count == algorithm.keyLength else {
        result.problems.append(problem(.keyLength))
        return nil
      }
      let cipher = try cipher(algorithm, key)
      result.checkValue = try? cipher.checkValue()
      if let checkValue, !checkValue.isEmpty, !agrees(cipher, checkValue) {
        result.problems.append(problem(.checkValueDiffers))
      }
      return try cipher.pin(ofEnciphered: bytes, format: format, pan: pan)
    }
  }

  private func cipher(
    _ algorithm: PINAlgorithm, _ key: [UInt8]
  ) throws(PINBlockFailure) -> PINKeyCipher {
    do throws(CryptoError) { return try PINKeyCipher(algorithm, key: key) } catch {
      throw .crypto(error)
    }
  }

  /// Check values are given in whole or cut, usually to three bytes.
  private func agrees(_ cipher: borrowing PINKeyCipher, _ checkValue: [UInt8]) -> Bool {
    (try? cipher.encipheredZeros().starts(with: checkValue)) ?? false
  }

  private func openClear(
    _ bytes: [UInt8], _ format: PINBlockFormat
  ) throws(PINBlockFailure) -> PIN {
    guard bytes.count == format.length else { throw .defect(.blockLength) }
    var isBareField = !format.bindsPAN || format == .format4
    if case .field = block { isBareField = true }
    guard pan != nil || isBareField else { throw .panMissing }
    do throws(PINBlockDefect) {
      if let field = word(UInt128.self, of: bytes) { return try ExtendedBlock.pin(ofField: field) }
      guard let compact = word(UInt64.self, of: bytes) else { throw .blockLength }
      return isBareField
        ? try CompactBlock.pin(ofField: compact, format: format)
        : try CompactBlock.pin(ofClearBlock: compact, format: format, pan: pan)
    } catch { throw .defect(error) }
  }
}
