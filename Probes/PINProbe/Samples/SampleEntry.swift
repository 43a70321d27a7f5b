package import AssessmentModel

/// One enciphered block of a sample file with what is needed to open it.
package struct SampleEntry: Sendable, Hashable {
  /// As in the file, or its place in it (`vectors[3]`) when it has none or one that stands already.
  package var id: String
  package var place: SourcePlace
  package var format: PINBlockFormat?
  package var algorithm: PINAlgorithm?
  package var key: [UInt8]?
  package var checkValue: [UInt8]?
  package var pan: PAN?
  /// The PIN the file expects; only compared.
  package var pin: PIN?
  /// Whether the file gives a PIN, in whatever form.
  package var statesPIN = false
  package var block: SampleBlock

  package init(id: String, place: SourcePlace, block: SampleBlock = .absent) {
    self.id = id
    self.place = place
    self.block = block
  }
}

/// The block of an entry, as far as the file gives it.
package enum SampleBlock: Sendable, Hashable {
  case enciphered([UInt8])
  /// Before encipherment, the account field still in it.
  case clear([UInt8])
  /// The bare PIN field.
  case field([UInt8])
  /// An odd number of hexadecimal digits: no number of bytes at all.
  case halfByte
  /// Not readable as hexadecimal, or not given.
  case absent
}

/// Several blocks under one key, looked at together (样本集).
package struct SampleSet: Sendable, Hashable {
  package var id: String
  package var place: SourcePlace
  package var format: PINBlockFormat?
  package var algorithm: PINAlgorithm?
  package var key: [UInt8]?
  package var blocks: [Item]

  package struct Item: Sendable, Hashable {
    package var pan: PAN?
    package var enciphered: [UInt8]

    package init(pan: PAN?, enciphered: [UInt8]) {
      self.pan = pan
      self.enciphered = enciphered
    }
  }
}

/// A key listed for comparison: one that is used for something else than PINs must not open PIN blocks.
package struct ListedKey: Sendable, Hashable {
  package var id: String
  /// `pin`, `mac`, `data`, `kek` …; whatever the file says, in lower case.
  package var role: String
  package var value: [UInt8]
}

/// Something in a sample file that kept an entry from being read in full, or is worth saying about it.
package struct SampleProblem: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case notARecord = "not-a-record"
    case idMissing = "id-missing"
    case idRepeated = "id-repeated"
    case formatUnknown = "format-unknown"
    case algorithmUnknown = "algorithm-unknown"
    case keyMissing = "key-missing"
    case keyNotHexadecimal = "key-not-hexadecimal"
    case keyLength = "key-length"
    case keyUnreadable = "key-unreadable"
    case checkValueDiffers = "check-value-differs"
    case blockMissing = "block-missing"
    case blockNotHexadecimal = "block-not-hexadecimal"
    case blockOddHexadecimal = "block-odd-hexadecimal"
    case panMissing = "pan-missing"
    case panNotDigits = "pan-not-digits"
    case panLength = "pan-length"
    case panCheckDigit = "pan-check-digit"
    case pinNotDigits = "pin-not-digits"
    case cipherUnfit = "cipher-unfit"
    case cipherFailed = "cipher-failed"
  }
  package var id: String
  package var kind: Kind
  package var line: Int

  package init(_ kind: Kind, id: String, line: Int) {
    self.kind = kind
    self.id = id
    self.line = line
  }
}
