import Foundation

/// A text in which the mark `§` stands where each fault is expected; here without the marks.
package struct MarkedText {
  package private(set) var text = ""
  /// `LINE:COLUMN` of each mark, from 1, in characters of Unicode.
  package private(set) var places: [String] = []

  package init(_ marked: String) {
    var line = 1
    var column = 1
    for scalar in marked.unicodeScalars {
      if scalar == "§" {
        places.append("\(line):\(column)")
        continue
      }
      text.unicodeScalars.append(scalar)
      column += 1
      if scalar == "\n" {
        line += 1
        column = 1
      }
    }
  }

  package struct Missing: Error { package var text: String }

  /// `whole` with the first `from` in it replaced by the marked text `to`.
  package init(_ whole: String, replacing from: String, with to: String) throws {
    guard let range = whole.range(of: from) else { throw Missing(text: from) }
    self.init(whole.replacingCharacters(in: range, with: to))
  }
}
