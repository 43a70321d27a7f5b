/// A value found in a log, its place counted within the bytes that were looked through.
struct Sighting {
  var run: Range<Int>
  var form: Leak.Form
  var what: String
  var maskedPAN: String?
  var canary: String?
  var isSingleLengthKey: Bool?
  var isAmbiguous = false
  /// From 1; nil in a file that is not text.
  var line: Int?
  /// Where it is in a database; the run is of the value then.
  var cell: Leak.Cell?
}
