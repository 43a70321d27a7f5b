/// The checkpoints of a file, each with its own bytes (检查点原文), so that some can be left out.
struct CheckpointUnits: Sendable {
  private(set) var units: [[UInt8]] = []
  let kind: CheckpointRule.Kind

  /// Takes apart a file of signed heads, one a line, or of notes.
  init(_ bytes: [UInt8], kind: CheckpointRule.Kind) {
    self.kind = kind
    let lines = bytes.filter { $0 != 0x0D }.split(
      separator: 0x0A, omittingEmptySubsequences: false)
    switch kind {
    case .signedHead:
      units = lines.filter { !$0.isEmpty }.map { Array($0) + [0x0A] }
    case .note:
      var open: [UInt8] = []
      var isSigned = false
      for line in lines {
        if line.isEmpty, isSigned {
          units.append(open)
          open = []
          isSigned = false
          continue
        }
        if line.isEmpty, open.isEmpty { continue }
        open += line + [0x0A]
        if line.starts(with: "\u{2014} ".utf8) { isSigned = true }
      }
      if isSigned { units.append(open) }
    }
  }

  /// The bytes of the changed file; nil: there is none.
  func file(_ edit: CheckpointEdit) throws(FileFailure) -> [UInt8]? {
    var kept = units
    switch edit {
    case .none: break
    case .remove: return nil
    case .keep(let count): kept = Array(units.prefix(max(0, count)))
    case .heads(let heads):
      for (index, head) in heads where kept.indices.contains(index) {
        kept[index] = try Self.with(head: head, in: kept[index])
      }
    }
    return Array(kept.joined(separator: kind == .note ? [0x0A] : []))
  }

  /// One checkpoint with another head, or root, and the signature it had.
  static func with(head: String, in unit: [UInt8]) throws(FileFailure) -> [UInt8] {
    if unit.first == 0x7B {
      do throws(LogFault) {
        return try RecordEditor(form: .json, extraction: nil).edit(
          unit, ["head": .text(Array(head.utf8))])
      } catch {
        throw FileFailure(path: "checkpoint", reason: error.line)
      }
    }
    var lines = unit.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
    guard lines.count > 2 else { throw FileFailure(path: "checkpoint", reason: "not a note") }
    lines[2] = Array(head.utf8)
    return Array(lines.joined(separator: [0x0A]))
  }
}
