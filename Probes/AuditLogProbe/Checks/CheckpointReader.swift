import Bytes
import NationalCrypto

/// Reads signed checkpoints and checks their signatures.
struct CheckpointReader {
  /// Checkpoints of one log looked at.
  static let limit = 1_000_000

  private let rule: CheckpointRule
  private let encoding: ValueEncoding
  private let signature: SignatureCheck
  private let noteKeyID: [UInt8]
  private var decoder: JSONRecordDecoder
  private var fields: RecordFields
  private(set) var checkpoints: [Checkpoint] = []

  private static let names = ["log_id", "count", "head", "ts", "key_id", "sig"]

  init(_ rule: CheckpointRule, encoding: ValueEncoding) throws(FileFailure) {
    self.rule = rule
    self.encoding = encoding
    let key = try PublicKeyFile.subjectPublicKeyInfo(rule.publicKeyPath)
    do throws(CryptoError) {
      signature = try SignatureCheck(subjectPublicKeyInfo: key, identity: SM2.defaultIdentity)
      let name = Array((rule.keyName ?? "").utf8)
      noteKeyID = Array(
        try SM3.digest(
          name + [0x0A, 0xFF] + Array("sm2-sm3".utf8) + [0x0A]
            + (PublicKeyFile.point(of: key) ?? [])
        ).prefix(4))
    } catch {
      throw FileFailure(path: rule.publicKeyPath, reason: error.description)
    }
    decoder = JSONRecordDecoder(names: Self.names)
    fields = RecordFields(count: Self.names.count)
  }

  /// One line of a file of signed heads, or the text of one row.
  mutating func addHead(_ line: [UInt8]) {
    guard let checkpoint = try? head(line) else {
      addMalformed()
      return
    }
    checkpoints.append(checkpoint)
  }

  /// The text of one note.
  mutating func addNote(_ note: [UInt8]) {
    guard let checkpoint = try? self.note(note) else {
      addMalformed()
      return
    }
    checkpoints.append(checkpoint)
  }

  mutating func addMalformed() {
    checkpoints.append(
      Checkpoint(index: checkpoints.count, count: nil, head: [], problems: [.malformed]))
  }

  private struct Malformed: Error {}

  private mutating func head(_ line: [UInt8]) throws -> Checkpoint {
    try decoder.decode(line.span, into: &fields)
    func text(_ slot: Int, _ kind: CellKind = .text) throws(Malformed) -> String {
      let cell = fields.cells[slot]
      guard cell.kind == kind else { throw Malformed() }
      return String(decoding: fields.bytes[cell.start..<cell.end], as: UTF8.self)
    }
    let logID = try text(0)
    let countText = try text(1, .number)
    let head = try text(2)
    let time = try text(3)
    guard let count = Int(countText), count >= 0, String(count) == countText else {
      throw Malformed()
    }
    var checkpoint = Checkpoint(
      index: checkpoints.count, count: count, head: ValueText.bytes(head, encoding) ?? [],
      problems: [])
    let message = "audit-checkpoint/1\n\(logID)\n\(count)\n\(head)\n\(time)\n"
    let isSigned =
      try Base64.decode(Array(text(5).utf8)[...]).map {
        try signature.isValid($0, over: Array(message.utf8))
      } ?? false
    if !isSigned { checkpoint.problems.append(.signature) }
    if let wanted = rule.logID, wanted != logID { checkpoint.problems.append(.logID) }
    if let wanted = rule.keyID, (try? text(4)) != wanted { checkpoint.problems.append(.keyID) }
    return checkpoint
  }

  private func note(_ note: [UInt8]) throws -> Checkpoint {
    let lines = note.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard let border = lines.firstIndex(where: \.isEmpty), border >= 3 else { throw Malformed() }
    let sizeText = String(decoding: lines[1], as: UTF8.self)
    guard let count = Int(sizeText), count >= 0, String(count) == sizeText,
      let root = Base64.decode(lines[2])
    else { throw Malformed() }
    let signed = lines[..<border].flatMap { $0 + [0x0A] }
    var checkpoint = Checkpoint(
      index: checkpoints.count, count: count, head: root, problems: [])
    let name = rule.keyName ?? ""
    let start = Array("\u{2014} \(name) ".utf8)
    var isSigned: Bool?
    for line in lines[border...] where line.starts(with: start) {
      guard let bytes = Base64.decode(line.dropFirst(start.count)), bytes.count > 4,
        bytes.prefix(4).elementsEqual(noteKeyID)
      else { continue }
      let isRight = try signature.isValid(Array(bytes.dropFirst(4)), over: signed)
      // One wrong signature under a known name rejects the note.
      isSigned = (isSigned ?? true) && isRight
    }
    if isSigned != true { checkpoint.problems.append(.signature) }
    if let origin = rule.origin, !lines[0].elementsEqual(origin.utf8) {
      checkpoint.problems.append(.origin)
    }
    return checkpoint
  }
}

extension CheckpointReader {
  /// Reads all checkpoints where the rule says. That there is nothing to read is a failure, not an empty list.
  static func read(
    _ rule: CheckpointRule, encoding: ValueEncoding, database: (any LogDatabase)?
  ) throws(FileFailure) -> [Checkpoint] {
    var reader = try CheckpointReader(rule, encoding: encoding)
    switch rule.place {
    case .file(let path):
      var source = try TextSource(path: path, framing: .lines)
      try reader.readFile(&source, path: path)
    case .table(let table, let column, let order):
      guard let database else {
        throw FileFailure(path: table, reason: "the source is not a database")
      }
      let rows = try database.rows([column], of: table, by: order)
      while try rows.step() {
        guard reader.checkpoints.count < limit else { throw tooMany(table) }
        let text = rows.text(0) ?? []
        switch rule.kind {
        case .signedHead: reader.addHead(text)
        case .note: reader.addNote(text)
        }
      }
    }
    return reader.checkpoints
  }

  private static func tooMany(_ place: String) -> FileFailure {
    FileFailure(path: place, reason: "more than \(limit) checkpoints")
  }

  /// Lines of signed heads; or notes, which are two paragraphs each.
  private mutating func readFile(_ source: inout TextSource, path: String) throws(FileFailure) {
    switch rule.kind {
    case .signedHead:
      while let chunk = source.next() {
        for record in chunk.records {
          guard checkpoints.count < Self.limit else { throw Self.tooMany(path) }
          addHead(Array(chunk.bytes[record.start..<record.end]))
        }
      }
      if let fault = source.faults.first(where: { $0.kind == .readFailed }) {
        throw FileFailure(path: path, reason: fault.message)
      }
    case .note:
      var paragraphs: [[UInt8]] = []
      let text = try SmallFile.read(path, limit: 64 << 20).filter { $0 != 0x0D }
      for paragraph in Self.paragraphs(text) {
        let isSignatures = paragraph.starts(with: "\u{2014} ".utf8)
        if isSignatures, let last = paragraphs.popLast() {
          guard checkpoints.count < Self.limit else { throw Self.tooMany(path) }
          addNote(last + [0x0A] + paragraph)
        } else {
          if !paragraphs.isEmpty { addMalformed() }
          paragraphs = [paragraph]
        }
      }
      if !paragraphs.isEmpty { addMalformed() }
    }
  }

  /// Runs of lines that are not empty, each line with its end.
  private static func paragraphs(_ text: [UInt8]) -> [[UInt8]] {
    var paragraphs: [[UInt8]] = []
    var open: [UInt8] = []
    for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
      if line.isEmpty {
        if !open.isEmpty { paragraphs.append(open) }
        open = []
      } else {
        open += line + [0x0A]
      }
    }
    if !open.isEmpty { paragraphs.append(open) }
    return paragraphs
  }
}
