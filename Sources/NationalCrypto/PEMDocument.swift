/// The PEM blocks (RFC 7468, RFC 1421) of a text, wherever they stand in it.
///
/// A boundary is a line of its own; white space around lines, CRLF and text between blocks are allowed.
/// A block that begins and is not right to its end is a problem, never a block.
package struct PEMDocument: Sendable {
  package struct Block: Sendable, Hashable {
    /// What stands after BEGIN: `CERTIFICATE`.
    package var label: String
    /// RFC 1421 headers, `Proc-Type` and `DEK-Info` of encrypted keys.
    package var headers: [String: String]
    /// The decoded inside.
    package var der: [UInt8]
    /// Line of its BEGIN, from 1.
    package var line: Int
  }

  package struct Problem: Error, Sendable, Hashable {
    package var line: Int
    package var message: String
  }

  /// Problems beyond this number are not kept; the last one kept says so.
  package static let maximumProblems = 1000

  package private(set) var blocks: [Block] = []
  package private(set) var problems: [Problem] = []

  package init(_ text: [UInt8]) {
    var open: OpenBlock?
    var lineNumber = 0
    var start = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while start < text.count {
      let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
      let line = PEMDocument.trimmed(text[start..<end])
      start = end + 1
      lineNumber += 1
      if let label = PEMDocument.boundary(line, "-----BEGIN ") {
        if let open { note(open.problem("another block begins before its end")) }
        open = OpenBlock(label: label, line: lineNumber)
      } else if let label = PEMDocument.boundary(line, "-----END ") {
        guard let block = open else { continue }
        open = nil
        guard label == block.label else {
          note(block.problem("it ends as \(label)"))
          continue
        }
        do throws(Problem) { blocks.append(try block.finished(text)) } catch {
          note(error)
        }
      } else {
        open?.add(line)
      }
    }
    if let open { note(open.problem("no END line")) }
  }

  private mutating func note(_ problem: Problem) {
    guard problems.count < PEMDocument.maximumProblems else { return }
    let isLast = problems.count == PEMDocument.maximumProblems - 1
    problems.append(
      isLast ? Problem(line: problem.line, message: "from here on not listed") : problem)
  }

  /// Overwrites what was decoded: keys are described, then forgotten.
  package mutating func wipeBlocks() {
    for index in blocks.indices { wipe(&blocks[index].der) }
  }

  /// The line without the white space around it.
  package static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
    let start = line.firstIndex { !isSpace($0) } ?? line.endIndex
    guard let last = line.lastIndex(where: { !isSpace($0) }) else { return line[start..<start] }
    return line[start...last]
  }

  /// The label of a boundary line, `nil` for any other line.
  private static func boundary(_ line: ArraySlice<UInt8>, _ start: String) -> String? {
    guard line.count <= 128, line.starts(with: start.utf8),
      line.count > start.utf8.count + 5, line.suffix(5).elementsEqual("-----".utf8)
    else { return nil }
    let label = line.dropFirst(start.utf8.count).dropLast(5)
    guard label.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "-") }) else {
      return nil
    }
    return String(decoding: label, as: UTF8.self)
  }
}

/// A block whose end has not been met yet.
private struct OpenBlock {
  var label: String
  var line: Int
  private var headers: [String: String] = [:]
  private var inHeaders = true
  /// Where the base64 stands in the text; it is decoded from there, not copied.
  private var body: Range<Int>?
  private var foreign: Int?
  private var lastLine: Int

  init(label: String, line: Int) {
    self.label = label
    self.line = line
    lastLine = line
  }

  mutating func add(_ text: ArraySlice<UInt8>) {
    lastLine += 1
    if inHeaders, let colon = text.firstIndex(of: UInt8(ascii: ":")), headers.count < 16 {
      let name = String(decoding: text[..<colon], as: UTF8.self)
      headers[name] = String(
        decoding: PEMDocument.trimmed(text[text.index(after: colon)...]), as: UTF8.self)
      return
    }
    if text.isEmpty {
      inHeaders = inHeaders && headers.isEmpty
      return
    }
    inHeaders = false
    if foreign == nil, !text.allSatisfy(Base64.isDigitOrPadding) { foreign = lastLine }
    body = (body?.lowerBound ?? text.startIndex)..<text.endIndex
  }

  func finished(_ text: [UInt8]) throws(PEMDocument.Problem) -> PEMDocument.Block {
    if let foreign { throw problem("line \(foreign) is not base64") }
    guard let body else { throw problem("nothing inside") }
    guard let der = Base64.decode(text[body], lines: true) else {
      throw problem("its base64 is cut or damaged")
    }
    return PEMDocument.Block(label: label, headers: headers, der: der, line: line)
  }

  func problem(_ reason: String) -> PEMDocument.Problem {
    PEMDocument.Problem(line: line, message: "PEM block \(label): \(reason)")
  }
}
