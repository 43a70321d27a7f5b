/// One change to the records of a clone (篡改操作). Records are numbered as in the untouched clone, from 0.
enum CloneEdit: Sendable {
  case none
  case set(record: Int, [String: EditedValue])
  case remove(Range<Int>)
  case swap(Int, Int)
  case append(copiesOf: Range<Int>)
  /// A copy of a record, with changes, before another one; behind the last one where there is no such number.
  case insert(before: Int, copyOf: Int, [String: EditedValue])
  case rewrite(RecordRewrite)
}

/// A change of many records, each by what it holds.
struct RecordRewrite: Sendable {
  /// The first record that may change.
  var first = 0
  /// Makes the function that is called with every record from `first` on, in order, and says what changes in it.
  var make: @Sendable () throws(FileFailure) -> Changes

  typealias Changes = (LogScan, LogScan.Record) throws(FileFailure) -> [String: EditedValue]
}

/// One change to the checkpoints of a clone.
enum CheckpointEdit: Sendable, Hashable {
  case none
  /// Only the first so many stay.
  case keep(Int)
  /// The file is removed, or the table emptied.
  case remove
  /// Other heads, by the checkpoint's number; signatures stay as they were.
  case heads([Int: String])
}
