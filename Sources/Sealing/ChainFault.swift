package import AssessmentModel

/// The first line of an evidence list that does not verify, and why.
package struct ChainFault: Sendable, Hashable, CustomStringConvertible {
  package enum Reason: Error, Sendable, Hashable {
    /// The list ends without a line feed: a line was being written when the run was killed.
    case torn(bytes: Int)
    case notARecord(String)
    case sequence(found: Int, expected: Int)
    /// It names another line as the one before it.
    case link(found: String, expected: String)
    /// An id or a file that an earlier line has.
    case repeated(String)
    /// Its file is not inside the evidence folder.
    case unsafeFile(String)
  }

  /// From 1.
  package var line: Int
  package var reason: Reason

  package init(line: Int, reason: Reason) {
    self.line = line
    self.reason = reason
  }

  package var message: Bilingual {
    let words: Bilingual =
      switch reason {
      case .torn(let bytes):
        Bilingual(
          zh: "末行不完整(\(bytes) 字节, 缺换行)",
          en: "the last line is cut after \(bytes) bytes, a line feed is expected")
      case .notARecord(let detail):
        Bilingual(
          zh: "不是证据记录: \(detail)", en: "not a record of evidence: \(detail)")
      case .sequence(let found, let expected):
        Bilingual(
          zh: "序号为 \(found), 应为 \(expected)",
          en: "its sequence is \(found), \(expected) is expected")
      case .link(let found, let expected):
        Bilingual(
          zh: "断链: 所记前一行摘要 \(found), 应为 \(expected)",
          en: "the chain is broken: it names \(found) as the line before, \(expected) is expected")
      case .repeated(let name):
        Bilingual(
          zh: "\(ActiveScalar.inert(name)) 在前面已出现",
          en: "\(ActiveScalar.inert(name)) stands in an earlier line already")
      case .unsafeFile(let path):
        Bilingual(
          zh: "文件 \(ActiveScalar.inert(path)) 不在证据目录内",
          en: "its file \(ActiveScalar.inert(path)) is not inside the evidence folder")
      }
    return Bilingual(zh: "第 \(line) 行: \(words.zh)", en: "line \(line): \(words.en)")
  }

  package var description: String { message.en }
}

/// A piece of evidence that is not what its line in the list says.
package struct EvidenceFault: Sendable, Hashable, CustomStringConvertible {
  package enum Reason: Sendable, Hashable { case missing, changed }

  /// Line of the list, from 1.
  package var line: Int
  package var file: String
  package var reason: Reason

  package init(line: Int, file: String, reason: Reason) {
    self.line = line
    self.file = file
    self.reason = reason
  }

  package var message: Bilingual {
    switch reason {
    case .missing:
      Bilingual(
        zh: "第 \(line) 行: 证据 \(file) 缺失", en: "line \(line): the evidence \(file) is missing")
    case .changed:
      Bilingual(
        zh: "第 \(line) 行: 证据 \(file) 已被改动",
        en: "line \(line): the evidence \(file) is not what was kept")
    }
  }

  package var description: String { message.en }
}
