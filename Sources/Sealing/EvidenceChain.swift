/// The chain of an evidence list (证据链): each line names the SM3 of the one before.
///
/// Changing, swapping, adding or dropping any line but the last breaks the line after it; the last is held
/// by the chain head in the manifest.
package struct EvidenceChain: Sendable, Hashable {
  /// What the first line names as the one before it.
  package static let origin = String(repeating: "0", count: 64)

  /// SM3 of the last line; `origin` while there is none.
  package private(set) var head = EvidenceChain.origin
  package private(set) var count = 0

  package init() {}

  /// Gives `record` its number and its link, and moves the head on; returns the record as linked.
  package mutating func append(_ record: EvidenceRecord) throws(SealingError) -> EvidenceRecord {
    var linked = record
    linked.sequence = count
    linked.previous = head
    head = try FileDigest.sm3(linked.line)
    count += 1
    return linked
  }

  /// What a list holds, up to the first line that is wrong.
  package struct Reading: Sendable, Hashable {
    package var records: [EvidenceRecord] = []
    package var chain = EvidenceChain()
    /// Bytes of the lines that verify.
    package var length = 0
    /// nil: the whole list verifies.
    package var fault: ChainFault?
  }

  /// Follows the chain through the bytes of a list.
  package static func verify(_ bytes: [UInt8]) throws(SealingError) -> Reading {
    var reading = Reading()
    var ids: Set<String> = []
    var files: Set<String> = []
    while reading.length < bytes.count {
      let rest = bytes[reading.length...]
      let number = reading.records.count + 1
      guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
        reading.fault = ChainFault(line: number, reason: .torn(bytes: rest.count))
        return reading
      }
      let line = Array(rest[..<end])
      let record: EvidenceRecord
      do throws(ChainFault.Reason) {
        record = try reading.chain.follow(line)
        guard ids.insert(record.id).inserted else { throw .repeated(record.id) }
        guard files.insert(record.file).inserted else { throw .repeated(record.file) }
      } catch {
        reading.fault = ChainFault(line: number, reason: error)
        return reading
      }
      reading.chain.head = try FileDigest.sm3(line)
      reading.chain.count += 1
      reading.records.append(record)
      reading.length = end + 1
    }
    return reading
  }

  /// The record in `line`, if it is the one that comes next.
  private func follow(_ line: [UInt8]) throws(ChainFault.Reason) -> EvidenceRecord {
    let record = try EvidenceRecord(line: line)
    guard record.previous == head else { throw .link(found: record.previous, expected: head) }
    guard record.sequence == count else {
      throw .sequence(found: record.sequence, expected: count)
    }
    return record
  }
}
