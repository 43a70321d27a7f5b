/// A place in a text file: lines and columns from 1. A file that could not be read has line 1, column 1.
package struct SourcePlace: Sendable, Hashable {
  package var file: String
  package var line: Int
  package var column: Int

  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }
}

/// One mistake in a file a person wrote: catalog, overlay, scope, attestation, sheet.
package struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
  package var place: SourcePlace
  /// One sentence: what was found and what was expected.
  package var message: String

  package init(_ place: SourcePlace, _ message: String) {
    self.place = place
    self.message = message
  }

  /// `FILE:LINE:COL: error: …`, the form editors and pipelines know.
  package var description: String {
    "\(place.file):\(place.line):\(place.column): error: \(ActiveScalar.inert(message, limit: 1000))"
  }
}

/// Collects every fault of a reading, so that a person sees them all at once.
package final class Faults {
  package private(set) var all: [Fault] = []

  package init() {}

  package var isEmpty: Bool { all.isEmpty }

  package func report(_ place: SourcePlace, _ message: String) {
    all.append(Fault(place, message))
  }

  /// By file, line and column, each once.
  package var sorted: [Fault] {
    Set(all).sorted {
      ($0.place.file, $0.place.line, $0.place.column, $0.message)
        < ($1.place.file, $1.place.line, $1.place.column, $1.message)
    }
  }
}

/// The name in `names` closest to `word` when it is close enough to be a slip of the keyboard.
package func nearestName(to word: String, among names: some Sequence<String>) -> String? {
  let scored = names.map { ($0, editDistance(word, $0)) }
  guard let best = scored.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }) else { return nil }
  return best.1 <= max(2, word.count / 3) ? best.0 : nil
}

/// Insertions, deletions and substitutions between two words; long words are compared by their first 64
/// characters only, so that hostile input costs little.
private func editDistance(_ first: String, _ second: String) -> Int {
  let a = Array(first.prefix(64))
  let b = Array(second.prefix(64))
  var row = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, y) in b.enumerated() {
      let substituted = diagonal + (x == y ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[b.count]
}
