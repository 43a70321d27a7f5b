internal import CPostgres
import Glibc

/// The rows of a running binary COPY.
final class PostgreSQLRows: TableRows {
  private let database: PostgreSQLDatabase
  private let kinds: [CellKind]
  /// What libpq gave last: a row, before the first of them the file header.
  private var message: UnsafeMutablePointer<CChar>?
  private var length = 0
  private var isStarted = false
  /// Places of the values of the present row in the message; nil for null.
  private var values: [Range<Int>?] = []

  /// Signature, flags and length of an extension.
  private static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00]
  private static let headerLength = 19

  init(_ database: PostgreSQLDatabase, kinds: [CellKind]) {
    self.database = database
    self.kinds = kinds
  }

  deinit { PQfreemem(message) }

  private var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: message, count: message == nil ? 0 : length)
  }

  func step() throws(FileFailure) -> Bool {
    guard try receive() else { return false }
    var at = 0
    if !isStarted {
      guard bytes.starts(with: Self.signature), length >= Self.headerLength else {
        throw damaged
      }
      at = Self.headerLength + Int(try integer(Self.headerLength - 4, bytes: 4))
      isStarted = true
      // The header may come on its own.
      if at == length { return try step() }
    }
    let count = try integer(at, bytes: 2)
    at += 2
    // Instead of a row: the end, after which nothing comes.
    if count == 0xFFFF { return try step() }
    guard Int(count) == kinds.count else { throw damaged }
    values.removeAll(keepingCapacity: true)
    for _ in kinds {
      let size = try integer(at, bytes: 4)
      at += 4
      if size == 0xFFFF_FFFF {
        values.append(nil)
        continue
      }
      guard Int(size) <= length - at else { throw damaged }
      values.append(at..<(at + Int(size)))
      at += Int(size)
    }
    guard at == length else { throw damaged }
    return true
  }

  func withValue<Result>(
    _ column: Int, _ body: (CellKind, UnsafeRawBufferPointer) -> Result
  ) -> Result {
    guard column < values.count, let range = values[column] else {
      return body(.null, UnsafeRawBufferPointer(start: nil, count: 0))
    }
    return body(kinds[column], UnsafeRawBufferPointer(rebasing: bytes[range]))
  }

  func pack(_ columns: [Int], into bytes: inout [UInt8]) { packValues(columns, into: &bytes) }

  private func integer(_ at: Int, bytes count: Int) throws(FileFailure) -> UInt32 {
    guard at >= 0, length - at >= count else { throw damaged }
    var number: UInt32 = 0
    for index in at..<(at + count) { number = number << 8 | UInt32(bytes[index]) }
    return number
  }

  private var damaged: FileFailure { database.failure("a row of the copy is damaged") }

  /// Waits for the next message; false after the last one.
  private func receive() throws(FileFailure) -> Bool {
    PQfreemem(message)
    message = nil
    length = 0
    while true {
      let count = PQgetCopyData(database.connection, &message, 1)
      switch count {
      case 1...:
        length = Int(count)
        return true
      case 0: try wait()
      case -1:
        try finish()
        return false
      default: throw database.failure
      }
    }
  }

  /// Waits until the server has sent something.
  private func wait() throws(FileFailure) {
    for _ in 0..<PostgreSQLDatabase.silenceLimit {
      guard !database.isTimeUp() else { throw database.failure("the time was over") }
      var descriptor = pollfd(fd: PQsocket(database.connection), events: Int16(POLLIN), revents: 0)
      let ready = poll(&descriptor, 1, 1000)
      if ready > 0 {
        guard PQconsumeInput(database.connection) == 1 else { throw database.failure }
        return
      }
      guard ready == 0 || errno == EINTR else {
        throw database.failure(String(cString: strerror(errno)))
      }
    }
    throw database.failure(
      "nothing came from the server for \(PostgreSQLDatabase.silenceLimit) seconds")
  }

  /// The copy's own end: whether the server sent all of it.
  private func finish() throws(FileFailure) {
    var failure: FileFailure?
    while let result = PQgetResult(database.connection) {
      if PQresultStatus(result) != PGRES_COMMAND_OK { failure = database.failure }
      PQclear(result)
    }
    if let failure { throw failure }
  }
}
