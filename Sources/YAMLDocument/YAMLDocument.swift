package import AssessmentModel

/// Reads the files people write, YAML 1.2 or JSON, strictly and with the place of everything.
///
/// Only the core of YAML is accepted: one document of mappings, lists and scalars. Refused, each where it
/// stands: aliases, anchors, tags, merge keys, repeated keys, keys that are not scalars, directives, a
/// second document, more than ``depthLimit`` levels, more than ``nodeLimit`` values, anything but UTF-8,
/// control characters. A file whose name ends in `.json` must be JSON outside its strings as well.
///
/// A node may be given although faults were found (a repeated key counts once, an anchor or a tag not
/// at all), so that the reader after it can find more; nothing read may be used unless
/// `faults.isEmpty`. Without a node there is always a fault.
package enum YAMLDocument {
  /// Largest file accepted unless the caller says otherwise, in bytes (4 MiB).
  package static let sizeLimit = 4 << 20
  /// Mappings and lists inside one another, the outermost counted.
  package static let depthLimit = 32
  /// Values and keys of one file.
  package static let nodeLimit = 1_000_000
  /// After so many refusals in one file reading stops.
  package static let refusalLimit = 100

  /// Reads and parses the regular file at `path`, which is also its name in every place.
  ///
  /// A file that cannot be read, or has more than `limit` bytes, is a fault at 1:1.
  package static func read(path: String, faults: Faults, limit: Int = sizeLimit) -> YAMLNode? {
    do throws(FileBytes.Failure) {
      let bytes = try FileBytes.read(path: path, limit: limit)
      return parse(bytes, file: path, faults: faults, limit: limit)
    } catch {
      faults.report(SourcePlace(file: path, line: 1, column: 1), error.message)
      return nil
    }
  }

  /// Parses `bytes`; `file` names them in every place and, by its ending, says whether they are JSON.
  ///
  /// Columns count characters. In JSON, columns to the right of a surrogate pair (`\ud83d\ude00`) or of
  /// an unprintable character in a string may be shifted; lines never are.
  package static func parse(
    _ bytes: [UInt8], file: String, faults: Faults, limit: Int = sizeLimit
  ) -> YAMLNode? {
    let start = SourcePlace(file: file, line: 1, column: 1)
    guard bytes.count <= limit else {
      faults.report(start, FileBytes.Failure.tooLarge(limit: limit).message)
      return nil
    }
    guard !bytes.starts(with: [0xFE, 0xFF]), !bytes.starts(with: [0xFF, 0xFE]) else {
      faults.report(start, "the file is in UTF-16, but UTF-8 is expected")
      return nil
    }
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    var source = SourceText(file: file, bytes: hasMark ? Array(bytes.dropFirst(3)) : bytes)
    if file.lowercased().hasSuffix(".json") {
      guard let readable = JSONAdaptation.readable(source, faults: faults) else { return nil }
      source = readable
    }
    if let defect = source.firstDefect {
      faults.report(source.place(atOffset: defect.offset), defect.message)
      return nil
    }
    source.blankDirectives(faults: faults)
    return TreeBuilder.tree(of: source, faults: faults)
  }
}
