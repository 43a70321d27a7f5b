import NationalCrypto

/// What anybody can compute who can write the log but has no key (公开信息重算): the values of an unkeyed chain, or the
/// root of a tree, after one record was changed.
struct PublicRecomputation: Sendable {
  let model: LogModel
  let record: Int
  let change: [String: EditedValue]

  /// The changed record, and in a chain every value behind it.
  var edit: CloneEdit {
    guard model.protection.kind == .hashChain else { return .set(record: record, change) }
    let work = self
    return .rewrite(
      RecordRewrite(first: max(0, record - 1)) { () throws(FileFailure) in
        var chain = try Chain(work)
        return { (reader, seen) throws(FileFailure) in try chain.next(reader, seen) }
      })
  }

  /// The heads of all checkpoints that speak of the changed record, by their numbers.
  func heads(_ counts: [Int?]) throws(FileFailure) -> [Int: String] {
    let wanted = Set(counts.compactMap { $0 }.filter { $0 > record })
    guard !wanted.isEmpty else { return [:] }
    var found: [Int: String] = [:]
    var scan = try LogScan(model)
    let reader = scan
    if model.protection.kind == .merkle {
      var tree = try Tree(self)
      try scan.visit { seen throws(FileFailure) in
        let root = try tree.next(reader, seen)
        if wanted.contains(seen.position + 1) { found[seen.position + 1] = root }
        return true
      }
    } else {
      var chain = try Chain(self)
      try scan.visit { seen throws(FileFailure) in
        guard seen.position >= record - 1 else { return true }
        let values = try chain.next(reader, seen)
        if wanted.contains(seen.position + 1), let head = values[model.protection.valueField]?.bytes
        {
          found[seen.position + 1] = String(decoding: head, as: UTF8.self)
        }
        return true
      }
    }
    var heads: [Int: String] = [:]
    for (index, count) in counts.enumerated() {
      if let count, let head = found[count] { heads[index] = head }
    }
    return heads
  }

  /// Canonical forms with the change in place.
  private struct Forms {
    let work: PublicRecomputation
    var canonicaliser: Canonicaliser
    let hash: RecordHash

    init(_ work: PublicRecomputation, _ table: FieldTable) throws(FileFailure) {
      guard let rule = work.model.canonical, let form = Canonicaliser(rule, table: table) else {
        throw FileFailure(path: work.model.source.path, reason: "no canonical form")
      }
      self.work = work
      canonicaliser = form
      do throws(CryptoError) { hash = try RecordHash(work.model.protection.digest) } catch {
        throw FileFailure(path: work.model.source.path, reason: error.description)
      }
    }

    mutating func form(
      _ reader: LogScan, _ seen: LogScan.Record
    ) throws(FileFailure) -> [UInt8] {
      guard var fields = seen.fields else { throw failure(seen, "it cannot be read") }
      if seen.position == work.record {
        for (name, value) in work.change {
          guard let slot = reader.table.names.firstIndex(of: name), let bytes = value.bytes else {
            continue
          }
          fields.set(slot, fields.cells[slot].kind, bytes.span)
        }
      }
      var output: [UInt8] = []
      do throws(LogFault) { _ = try canonicaliser.write(fields, into: &output) } catch {
        throw failure(seen, error.message)
      }
      return output
    }

    func digest(_ message: [UInt8]) throws(FileFailure) -> [UInt8] {
      do throws(CryptoError) { try hash.compute(message) } catch {
        throw FileFailure(path: work.model.source.path, reason: error.description)
      }
      return hash.result
    }

    private func failure(_ seen: LogScan.Record, _ reason: String) -> FileFailure {
      FileFailure(path: work.model.source.path, reason: "record \(seen.position): \(reason)")
    }
  }

  /// The values of a chain from the changed record on.
  private struct Chain {
    private let work: PublicRecomputation
    private var forms: Forms?
    private var previous: [UInt8]

    init(_ work: PublicRecomputation) throws(FileFailure) {
      self.work = work
      previous = work.model.protection.genesis ?? []
    }

    mutating func next(
      _ reader: LogScan, _ seen: LogScan.Record
    ) throws(FileFailure) -> [String: EditedValue] {
      let protection = work.model.protection
      if seen.position < work.record {
        let stored = seen.fields.flatMap { reader.value(protection.valueField, in: $0) }
        previous = stored.flatMap { ValueText.bytes($0.text, protection.valueEncoding) } ?? []
        return [:]
      }
      var forms: Forms = if let known = self.forms { known } else { try Forms(work, reader.table) }
      let content = try forms.form(reader, seen)
      let link =
        protection.prevAs == .hex ? Array(ValueText.text(previous, .hex).utf8) : previous
      let value = Array(
        try forms.digest(protection.order == .prevFirst ? link + content : content + link)
          .prefix(protection.truncate ?? 32))
      self.forms = forms
      var changes = seen.position == work.record ? work.change : [:]
      changes[protection.valueField] = .text(
        Array(ValueText.text(value, protection.valueEncoding).utf8))
      if let field = protection.prevField {
        changes[field] = .text(Array(ValueText.text(previous, protection.valueEncoding).utf8))
      }
      previous = value
      return changes
    }
  }

  /// Roots of the growing tree.
  private struct Tree {
    private let work: PublicRecomputation
    private var forms: Forms?
    private var edge: MerkleEdge

    init(_ work: PublicRecomputation) throws(FileFailure) {
      self.work = work
      do throws(CryptoError) { edge = try MerkleEdge(work.model.protection.digest) } catch {
        throw FileFailure(path: work.model.source.path, reason: error.description)
      }
    }

    /// The root after this record, in base64 as notes write it.
    mutating func next(_ reader: LogScan, _ seen: LogScan.Record) throws(FileFailure) -> String {
      var forms: Forms = if let known = self.forms { known } else { try Forms(work, reader.table) }
      let leaf = try forms.digest([0] + (try forms.form(reader, seen)))
      self.forms = forms
      do throws(CryptoError) {
        try edge.append(leaf: leaf[...])
        return ValueText.text(try edge.root(), .base64)
      } catch {
        throw FileFailure(path: work.model.source.path, reason: error.description)
      }
    }
  }
}
