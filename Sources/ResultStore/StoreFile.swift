import FoundationEssentials
import GRDB

/// Opens the database file: looks before it writes, so that a file which is not ours stays as it is.
enum StoreFile {
  /// Larger files are not read through before they are used; damage shows where it is met.
  private static let wholeCheckLimit = 64 << 20

  static func open(_ path: String, waiting seconds: Int) throws(StoreError) -> DatabaseQueue {
    try look(path, waiting: seconds)
    var configuration = configuration(waiting: seconds)
    configuration.prepareDatabase { db in
      // A finished inspection must outlive a power cut as well: every commit reaches the disk.
      try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    }
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      let isNewer = try queue.read { try Migrations.all.hasBeenSuperseded($0) }
      guard !isNewer else { throw StoreError.newer(path: path) }
      try Migrations.all.migrate(queue)
      return queue
    } catch {
      throw StoreError(error, path: path, waiting: seconds)
    }
  }

  /// Refuses a file that is no database of ours, without writing a byte to it.
  private static func look(_ path: String, waiting seconds: Int) throws(StoreError) {
    guard !path.utf8.contains(0) else {
      throw .cannotOpen(path: path, detail: "the path holds a zero byte")
    }
    var configuration = configuration(waiting: seconds)
    configuration.readonly = true
    var isFolder = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return }
    guard !isFolder else { throw .cannotOpen(path: path, detail: "it is a folder") }
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      defer { try? queue.close() }
      try queue.read { db in
        let id = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        // A process killed while it made the store may leave the empty list of steps, and nothing else.
        let tables =
          try Int.fetchOne(
            db,
            sql: """
              SELECT count(*) FROM sqlite_schema WHERE tbl_name NOT IN ('grdb_migrations')
              """) ?? 0
        guard id == Migrations.applicationID || (id == 0 && tables == 0) else {
          throw StoreError.foreign(path: path)
        }
        let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        let pageSize = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0
        guard pages <= wholeCheckLimit / max(pageSize, 1) else { return }
        let verdict = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer"
        guard verdict == "ok" else { throw StoreError.damaged(path: path, detail: verdict) }
      }
    } catch {
      throw StoreError(error, path: path, waiting: seconds)
    }
  }

  private static func configuration(waiting seconds: Int) -> Configuration {
    var configuration = Configuration()
    configuration.label = "miping.store"
    configuration.busyMode = .timeout(Double(seconds))
    configuration.foreignKeysEnabled = true
    return configuration
  }
}

extension StoreError {
  /// Reads what the database layer threw.
  init(_ error: any Error, path: String, waiting seconds: Int) {
    if let error = error as? StoreError {
      self = error
      return
    }
    guard let error = error as? DatabaseError else {
      self = .failed(path: path, detail: "\(error)")
      return
    }
    let detail = error.message ?? "SQLite code \(error.extendedResultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path, seconds: seconds)
    case .SQLITE_FULL: self = .full(path: path)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(path: path, detail: detail)
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
      self = .cannotOpen(path: path, detail: detail)
    default: self = .failed(path: path, detail: detail)
    }
  }
}
