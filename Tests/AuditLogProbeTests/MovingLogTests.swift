import FoundationEssentials
import Glibc
import Testing

@testable import AuditLogProbe

@Suite("logs that change while they are read")
struct MovingLogTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  /// Opens a log of many chunks, reads one, lets `change` do something to the file, and reads the rest.
  private func readWhile(
    _ change: (_ path: String) throws -> Void
  ) throws -> (records: Int, faults: [LogFault]) {
    let path = try folder.write("log.jsonl", WrittenLog(20_000).jsonl)
    var source = try TextSource(path: path, framing: .lines)
    var records = source.next()?.records.count ?? 0
    #expect(records > 0 && records < 20_000)
    try change(path)
    while let chunk = source.next() { records += chunk.records.count }
    return (records, source.faults)
  }

  @Test("a log that grows while it is read is read as it was, and that is no fault of it")
  func growing() throws {
    let (records, faults) = try readWhile { path in
      let file = try #require(fopen(path, "a"))
      #expect(fputs("{\"seq\": 1}\n", file) >= 0)
      #expect(fclose(file) == 0)
    }
    #expect(records == 20_000)
    #expect(faults.map(\.kind) == [.logGrew])
    #expect(!LogFault.Kind.logGrew.leavesUnchecked)
  }

  @Test("a last record that is finished while the log is read is read whole")
  func finished() throws {
    let text = WrittenLog(3).jsonl
    let path = try folder.write("log.jsonl", String(text.dropLast(20)))
    var source = try TextSource(path: path, framing: .lines)
    try folder.write("log.jsonl", text)
    var lengths: [Int] = []
    while let chunk = source.next() { lengths += chunk.records.map { $0.end - $0.start } }
    #expect(lengths == WrittenLog(3).lines.map(\.utf8.count))
    #expect(source.faults.map(\.kind) == [.logGrew])
  }

  @Test("a log that is rotated away is read to its end, and not called whole")
  func rotated() throws {
    let (records, faults) = try readWhile { path in
      try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
      try folder.write("log.jsonl", "")
    }
    #expect(records == 20_000)
    #expect(faults.map(\.kind) == [.logRotated])
    #expect(LogFault.Kind.logRotated.leavesUnchecked)
  }

  @Test("a log that is cut while it is read says where it ended")
  func cut() throws {
    let (records, faults) = try readWhile { path in
      #expect(truncate(path, 1000) == 0)
    }
    #expect(records < 20_000)
    #expect(faults.first?.kind == .logShrank)
    #expect((faults.first?.offset ?? 0) > 1000)
    #expect(faults.first?.record != nil)
  }
}
