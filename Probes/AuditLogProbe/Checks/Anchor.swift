import AssessmentModel
import Bytes
import NationalCrypto
import YAMLDocument

/// What a visit saw of a log and kept elsewhere (外部锚点): how many records, and the value of the last one, the root
/// over all of them, or the SM3 of the last digest file.
struct Anchor: Sendable, Hashable {
  var count: Int
  /// As text: hexadecimal, or in the encoding of the log's values.
  var head: String

  enum Failure: String, Sendable, Hashable {
    case shorter = "shorter-than-anchor"
    case headMismatch = "head-mismatch"
  }

  /// Reads `{"count": …, "head": …}`; nothing is ever written there.
  static func read(_ path: String) throws(FileFailure) -> Anchor {
    let faults = Faults()
    var anchor: Anchor?
    if let node = YAMLDocument.read(path: path, faults: faults, limit: 1 << 16),
      let reader = MappingReader(node, of: "anchor", keys: ["count", "head"], faults: faults)
    {
      let count = reader.requiredInteger("count")
      let head = reader.requiredText("head")
      if let count, let head, count >= 0 { anchor = Anchor(count: count, head: head) }
    }
    guard let anchor, faults.isEmpty else {
      throw FileFailure(
        path: path,
        reason: faults.sorted.first?.message ?? "a count of records and a head are expected")
    }
    return anchor
  }

  /// The head as bytes.
  func head(_ encoding: ValueEncoding) -> [UInt8]? {
    ValueText.bytes(head, encoding)
  }
}
