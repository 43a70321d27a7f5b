/// Names of files made from names of others: object ids, evidence names.
///
/// Only `A-Z a-z 0-9 . _ -` stay; a name never begins with a dot and is never longer than its bound, so it
/// is one harmless path part everywhere. A name that had to be changed ends in eight digits of its SM3, so
/// that two different names stay different.
enum SafeName {
  static func make(_ name: String, limit: Int) throws(SealingError) -> String {
    if isSafe(name) && name.utf8.count <= limit && !name.hasSuffix(Disk.partSuffix) { return name }
    let digest = try FileDigest.sm3(Array(name.utf8)).prefix(8)
    let kept = name.unicodeScalars.prefix(max(limit - 9, 1)).map { scalar in
      isAllowed(scalar) ? Character(scalar) : "_"
    }
    let start = kept.first == "." ? ["_"] + kept.dropFirst() : kept[...]
    return String(start) + "-" + digest
  }

  /// Whether `name` can stand as a path part as it is.
  static func isSafe(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".") && name.unicodeScalars.allSatisfy(isAllowed)
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
    default: false
    }
  }

  /// `0003-tls.endpoint-gw-01`: where the evidence of one inspection goes.
  static func inspection(
    place: Int, probe: String, object: String
  ) throws(SealingError) -> String {
    let digits = String(place)
    let padding = String(repeating: "0", count: max(4 - digits.utf8.count, 0))
    let probe = try make(probe, limit: 40)
    let object = try make(object, limit: 60)
    return "\(padding)\(digits)-\(probe)-\(object)"
  }
}
