import AssessmentModel
import Bytes
import NationalCrypto
import YAMLDocument

/// The test data that was run through the system before its logs are read (探针数据): PINs, PANs, blocks and keys
/// whose every trace is a leak.
///
/// ```yaml
/// keys:
///   - {id: zpk, algorithm: SM4, role: pin, value: "env:ZPK"}
/// transactions:
///   - {id: t1, pan: "6200…", pin: "env:PIN1", format: 4, key: zpk, pin-field: "44…"}
/// ```
/// Every value may be `env:NAME` or `file:PATH`. `pin-field` is needed for the formats whose fill is random.
package struct Canaries: Sendable {
  package struct Transaction: Sendable, Hashable {
    package var id: String
    package var pan: PAN?
    package var pin: PIN?
  }
  /// A value to be found, at least 8 bytes long.
  struct Needle: Sendable, Hashable {
    var id: String
    var what: String
    var form: Leak.Form
    var bytes: [UInt8]
    var maskedPAN: String?
  }

  static let maximumEntries = 1000

  package private(set) var transactions: [Transaction] = []
  private(set) var needles: [Needle] = []
  /// What in the file could not be used, with its line.
  package private(set) var problems: [SampleProblem] = []

  package static let none = Canaries()
  private init() {}

  package struct Unreadable: Error { package var reason: String }

  package static func read(path: String) throws(Unreadable) -> Canaries {
    let faults = Faults()
    guard let root = YAMLDocument.read(path: path, faults: faults), faults.isEmpty else {
      throw Unreadable(reason: faults.sorted.first?.description ?? "nothing could be read")
    }
    return try Canaries(root, file: path)
  }

  private init(_ root: YAMLNode, file: String) throws(Unreadable) {
    guard case .mapping(let sections) = root.content else {
      throw Unreadable(reason: "a mapping of keys and transactions is expected")
    }
    var keys: [String: (algorithm: PINAlgorithm?, value: [UInt8])] = [:]
    for section in sections where section.key == "keys" {
      for fields in try records(section, file) {
        guard let (reader, value) = key(fields, file) else { continue }
        keys[reader.id] = (fields["algorithm"]?.plainText.flatMap(PINAlgorithm.init), value)
        needles.append(Needle(id: reader.id, what: "key", form: .key, bytes: value))
      }
    }
    for section in sections where section.key == "transactions" {
      for fields in try records(section, file) { addTransaction(fields, keys, file) }
    }
    guard !needles.isEmpty || !transactions.isEmpty else {
      throw Unreadable(reason: "no key and no transaction could be read from it")
    }
    needles.removeAll { $0.bytes.count < 8 || Set($0.bytes).count < 2 }
  }

  private func records(
    _ section: YAMLEntry, _ file: String
  ) throws(Unreadable) -> [[String: YAMLNode]] {
    guard case .sequence(let nodes) = section.value.content else {
      throw Unreadable(reason: "line \(section.value.place.line): a list is expected")
    }
    guard nodes.count <= Canaries.maximumEntries else {
      throw Unreadable(
        reason: "\(nodes.count) entries of \(section.key), at most \(Canaries.maximumEntries)")
    }
    return nodes.compactMap { node in
      guard case .mapping(let entries) = node.content else { return nil }
      return Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
    }
  }

  private mutating func key(
    _ fields: [String: YAMLNode], _ file: String
  ) -> (FieldReader, [UInt8])? {
    let line = fields.values.map(\.place.line).min() ?? 1
    let id = fields["id"]?.plainText ?? "line-\(line)"
    var reader = FieldReader(fields: fields, id: id, line: line, file: file)
    defer { problems += reader.problems }
    guard let value = reader.secretBytes("value") else { return nil }
    return (reader, value)
  }

  private mutating func addTransaction(
    _ fields: [String: YAMLNode],
    _ keys: [String: (algorithm: PINAlgorithm?, value: [UInt8])], _ file: String
  ) {
    let line = fields.values.map(\.place.line).min() ?? 1
    let id = fields["id"]?.plainText ?? "line-\(line)"
    var reader = FieldReader(fields: fields, id: id, line: line, file: file)
    let pan = reader.pan("pan")
    let pin = reader.pin()
    transactions.append(Transaction(id: id, pan: pan, pin: pin))
    let format = fields["format"] == nil ? nil : reader.format()
    let field = fields["pin-field"] == nil ? nil : reader.secretBytes("pin-field")
    problems += reader.problems
    let key = fields["key"]?.plainText.flatMap { keys[$0] }
    guard let format else { return }
    let masked = pan?.masked
    func add(_ what: String, _ word: some FixedWidthInteger) {
      needles.append(
        Needle(
          id: id, what: what, form: .canaryBlock, bytes: bytes(of: word), maskedPAN: masked))
    }
    do throws(CryptoError) {
      if format == .format4 {
        guard let field = field.flatMap({ word(UInt128.self, of: $0) }) else { return }
        add("pin-field", field)
        guard let pan, let key, let algorithm = key.algorithm else { return }
        let cipher = try PINKeyCipher(algorithm, key: key.value)
        let sealed = try cipher.sealExtended(field, pan: pan)
        add("intermediate-a", sealed.a)
        add("intermediate-b", sealed.b)
        add("enciphered-block", sealed.block)
        return
      }
      guard
        let compact = field.flatMap({ word(UInt64.self, of: $0) })
          ?? pin.flatMap({ pin in
            // The fill of formats 1 and 3 is not known without the field.
            format == .format0 || format == .format2
              ? try? CompactBlock.field(of: pin, format: format) : nil
          })
      else { return }
      add("pin-field", compact)
      guard let clear = format.bindsPAN ? pan.map({ compact ^ $0.accountField }) : compact else {
        return
      }
      if clear != compact { add("clear-block", clear) }
      guard let key, let algorithm = key.algorithm else { return }
      let cipher = try PINKeyCipher(algorithm, key: key.value)
      if algorithm.blockLength == 8 { add("enciphered-block", try cipher.encipher(clear)) }
      if algorithm.blockLength == 16, let pan, let pin {
        // A compact block under a cipher of 16 bytes stands in one of the two older conventions.
        for convention in LegacyBlock.allCases {
          if let block = try? convention.clearBlock(of: pin, pan: pan) {
            add("clear-block", block)
            add("enciphered-block", try cipher.encipher(block))
          }
        }
      }
    } catch {
      problems.append(SampleProblem(.cipherFailed, id: id, line: line))
    }
  }
}

extension Canaries {
  /// Of transactions the tool made itself.
  init(made transactions: [Transaction], needles: [Needle]) {
    self.init()
    self.transactions = transactions
    self.needles = needles.filter { $0.bytes.count >= 8 && isVaried($0.bytes) }
  }
}
