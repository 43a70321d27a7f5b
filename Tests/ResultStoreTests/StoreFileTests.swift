import AssessmentModel
import FoundationEssentials
import GRDB
import Glibc
import ResultStore
import Testing

@Suite("The file of the store")
struct StoreFileTests {
  /// A store with one run and some inspections, closed.
  static func filled(_ path: String) throws {
    let store = try RunStore(path: path)
    try store.begin(run("a"))
    for number in 0..<50 {
      try store.record(
        inspection(number), key: "\(number)", place: number, run: "a", finished: "t")
    }
  }

  /// A fault of the file must be met with the file, and what lies beside it, as they were.
  static func expectUntouched(_ path: String, _ expected: (StoreError) -> Bool) throws {
    let before = try bytes(of: path)
    let error = #expect(throws: StoreError.self) { try RunStore(path: path) }
    #expect(error.map(expected) == true, "\(String(describing: error))")
    #expect(error?.message.zh.isEmpty == false)
    #expect(try bytes(of: path) == before)
  }

  @Test("opening again changes neither tables nor content")
  func idempotent() throws {
    let folder = try TemporaryFolder()
    try Self.filled(folder.store)
    let before = try bytes(of: folder.store)
    for _ in 0..<3 {
      #expect(try RunStore(path: folder.store).finishedInspections(of: "a").count == 50)
    }
    #expect(try bytes(of: folder.store) == before)
  }

  @Test("the tables are those of the released steps; a released step is never edited")
  func schema() throws {
    let folder = try TemporaryFolder()
    _ = try RunStore(path: folder.store)
    let schema = try DatabaseQueue(path: folder.store).read { db in
      try String.fetchAll(
        db, sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
    }
    let place = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
    let expected = try bytes(of: place + "/Fixtures/schema-1.sql")
    #expect(schema.joined(separator: ";\n") + ";\n" == String(decoding: expected, as: UTF8.self))
  }

  @Test(
    "the store keeps a write-ahead log, so that reading goes on beside writing, and strict tables")
  func durability() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.store)
    try store.begin(run("a"))
    let queue = try DatabaseQueue(path: folder.store)
    #expect(try queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
    #expect(throws: DatabaseError.self) {
      try queue.write { db in
        try db.execute(
          sql: """
            INSERT INTO inspections VALUES ('a', 'k', 'not a number', 'o', 'p', '{}', 't')
            """)
      }
    }
  }

  @Test("a file that is no database is left as it is")
  func garbage() throws {
    let folder = try TemporaryFolder()
    let texts = [
      "not a database, but long enough to be read as one: " + String(repeating: "x", count: 5000),
      "short",
    ]
    for text in texts {
      try put(Array(text.utf8), at: folder.store)
      try Self.expectUntouched(folder.store) {
        if case .damaged = $0 { true } else { false }
      }
    }
  }

  @Test("a damaged store is left as it is", arguments: ["cut", "pages", "header"])
  func damaged(how: String) throws {
    let folder = try TemporaryFolder()
    try Self.filled(folder.store)
    var content = try bytes(of: folder.store)
    switch how {
    case "cut": content.removeLast(content.count / 2)
    case "pages": for index in 4096..<content.count { content[index] = UInt8(index & 255) }
    default: for index in 16..<100 { content[index] = 0xFF }
    }
    try put(content, at: folder.store)
    try Self.expectUntouched(folder.store) {
      if case .damaged = $0 { true } else { false }
    }
  }

  @Test("a database of another program is left as it is")
  func foreign() throws {
    let folder = try TemporaryFolder()
    try DatabaseQueue(path: folder.store).write { db in
      try db.execute(sql: "CREATE TABLE ledger (amount TEXT)")
    }
    try Self.expectUntouched(folder.store) { $0 == .foreign(path: folder.store) }
  }

  @Test("a store whose making was cut short is made in full")
  func halfMade() throws {
    let folder = try TemporaryFolder()
    try DatabaseQueue(path: folder.store).write { db in
      try db.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
    }
    try RunStore(path: folder.store).begin(run("a"))
    #expect(try RunStore(path: folder.store).runs() == [run("a")])
  }

  @Test("a store of a newer version is left as it is")
  func newer() throws {
    let folder = try TemporaryFolder()
    try Self.filled(folder.store)
    try DatabaseQueue(path: folder.store).write { db in
      try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('99-later')")
    }
    let error = #expect(throws: StoreError.newer(path: folder.store)) {
      try RunStore(path: folder.store)
    }
    #expect(error?.isWrongUse == true)
  }

  @Test("an empty file becomes a store; a folder, or a path below a file, does not")
  func places() throws {
    let folder = try TemporaryFolder()
    try put([], at: folder.store)
    try RunStore(path: folder.store).begin(run("a"))
    for path in [folder.path, folder.store + "/x.db", folder.path + "/no/x.db", "a\u{0}b"] {
      let error = #expect(throws: StoreError.self) { try RunStore(path: path) }
      guard case .cannotOpen = error else {
        Issue.record("\(path): cannot-open is expected, not \(String(describing: error))")
        continue
      }
    }
  }

  @Test("a store another process keeps locked is waited for, then reported")
  func busy() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.store, waiting: 1)
    let other = try DatabaseQueue(path: folder.store)
    try other.inDatabase { db in
      try db.execute(sql: "BEGIN IMMEDIATE")
      let start = ContinuousClock.now
      #expect(throws: StoreError.busy(path: folder.store, seconds: 1)) {
        try store.begin(run("a"))
      }
      let waited = ContinuousClock.now - start
      #expect(waited > .milliseconds(500) && waited < .seconds(8))
      // Reading goes on meanwhile.
      #expect(try store.runs().isEmpty)
      try db.execute(sql: "ROLLBACK")
    }
    try store.begin(run("a"))
    #expect(try store.runs().count == 1)
  }

  @Test("when files may grow no more the error is the tool's, and what was recorded stays")
  func full() async throws {
    let folder = try TemporaryFolder()
    let place: String = folder.store
    try Self.filled(place)
    // The limit is the process's, so this runs in one of its own.
    await #expect(processExitsWith: .success) { [place = place as String] in
      let store = try RunStore(path: place)
      var large = inspection(1)
      large.facts["text"] = .text(String(repeating: "x", count: 1 << 21))
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1 << 20, rlim_max: 1 << 20)
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      let error = #expect(throws: StoreError.self) {
        try store.record(large, key: "large", place: 99, run: "a", finished: "t")
      }
      #expect(error?.isWrongUse == false)
      try store.record(inspection(7), key: "small", place: 98, run: "a", finished: "t")
    }
    let finished = try RunStore(path: place).finishedInspections(of: "a")
    #expect(finished.count == 51)
    #expect(finished["small"] == inspection(7) && finished["large"] == nil)
  }
}
