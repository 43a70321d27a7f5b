/// Milliseconds of `30s`, `500ms`, `2m`; nil for anything else.
package func duration(_ text: String) -> Int? {
  let units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)]
  for (suffix, factor) in units where text.hasSuffix(suffix) {
    let digits = text.dropLast(suffix.count)
    guard digits.utf8.count <= 9, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let count = Int(digits), count > 0
    else { continue }
    return count * factor
  }
  return nil
}
