/// The rows of one running query, one after another. Classes, since each owns a handle of its database's library.
protocol TableRows: AnyObject {
  /// Moves to the next row; false after the last one.
  func step() throws(FileFailure) -> Bool

  /// Calls `body` with the kind and the bytes of a value of the present row: of a number its decimal text, of
  /// null none.
  func withValue<Result>(
    _ column: Int, _ body: (CellKind, UnsafeRawBufferPointer) -> Result
  ) -> Result

  /// Appends the values of `columns` of the present row as ``PackedRecordDecoder`` reads them; a column below 0
  /// is one that the table has not.
  func pack(_ columns: [Int], into bytes: inout [UInt8])
}

extension TableRows {
  /// What ``pack(_:into:)`` does: a part of each type's own, so that no value is handed over through the protocol.
  @inline(__always)
  func packValues(_ columns: [Int], into bytes: inout [UInt8]) {
    for column in columns {
      if column < 0 {
        PackedRecordDecoder.pack(.absent, UnsafeRawBufferPointer(start: nil, count: 0), &bytes)
      } else {
        withValue(column) { PackedRecordDecoder.pack($0, $1, &bytes) }
      }
    }
  }

  /// nil for null.
  func text(_ column: Int) -> [UInt8]? {
    withValue(column) { kind, bytes in kind == .null ? nil : Array(bytes) }
  }
}

/// A database open for reading only, in one snapshot.
protocol LogDatabase: AnyObject {
  /// The columns of a table, empty when there is no such table.
  func columns(of table: String) throws(FileFailure) -> [String]

  /// The values of `columns`, in the order of the column `order`; all of them exist, or the call throws.
  func rows(
    _ columns: [String], of table: String, by order: String
  ) throws(FileFailure) -> any TableRows

  /// The values of all columns of up to `limit` rows of each of up to `tableLimit` tables, table after table.
  func samples(
    tableLimit: Int, rowLimit: Int, _ body: ([UInt8]) -> Void
  ) throws(FileFailure)
}
