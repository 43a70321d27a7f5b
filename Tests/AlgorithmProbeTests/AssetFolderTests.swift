import AlgorithmProbe
import AssessmentModel
import Foundation
import Testing

@Suite("Searching folders")
struct AssetFolderTests {
  @Test("Symbolic links are not followed, and each is named")
  func links() async throws {
    try await withTemporaryFolder { folder in
      let key = folder.appendingPathComponent("key.pem")
      try Data(Fixture.bytes("store/sm2.sec1.pem")).write(to: key)
      try FileManager.default.createSymbolicLink(
        at: folder.appendingPathComponent("loop"), withDestinationURL: folder)
      try FileManager.default.createSymbolicLink(
        at: folder.appendingPathComponent("other"), withDestinationURL: key)
      let observation = try await Fixture.inspect(folder.path)
      #expect(observation.facts["assets"]?.list?.count == 1)
      let unreadable = observation.facts["assets.unreadable"]?.list ?? []
      #expect(unreadable.compactMap { $0["place"]?["path"]?.text } == ["loop", "other"])
      #expect(unreadable.allSatisfy { $0["message"] == "a symbolic link, not followed" })
    }
  }

  @Test("Files beyond the bound and what is no file are named with their cause")
  func leftOut() async throws {
    try await withTemporaryFolder { folder in
      let large = folder.appendingPathComponent("large.bin")
      #expect(FileManager.default.createFile(atPath: large.path, contents: nil))
      let handle = try FileHandle(forWritingTo: large)
      try handle.truncate(atOffset: 1 << 30)
      try handle.close()
      try #require(mkfifo(folder.appendingPathComponent("pipe").path, 0o600) == 0)
      var deep = folder
      for _ in 0..<40 { deep.appendPathComponent("d") }
      try FileManager.default.createDirectory(at: deep, withIntermediateDirectories: true)
      let observation = try await Fixture.inspect(folder.path)
      #expect(observation.unavailable == nil)
      let unreadable = observation.facts["assets.unreadable"]?.list ?? []
      let deepest = Array(repeating: "d", count: 32).joined(separator: "/")
      #expect(
        unreadable.compactMap { $0["place"]?["path"]?.text } == [deepest, "large.bin", "pipe"])
      #expect(unreadable.allSatisfy { $0["message"]?.text?.isEmpty == false })
    }
  }

  @Test("A target that is not there is unavailable; a missing password file leaves the facts")
  func missing() async throws {
    let absent = try await Fixture.inspect("/nonexistent/store")
    #expect(absent.unavailable?.reason == .unreadable)
    #expect(absent.facts.isEmpty)
    let without = try await Fixture.inspect(
      Fixture.path("store"), passwords: "/nonexistent/passwords")
    #expect(without.unavailable?.reason == .unreadable)
    #expect(without.facts["assets"]?.list?.isEmpty == false)
  }

  @Test("When the time is over the search stops and says so")
  func deadline() async throws {
    let late = try await Fixture.inspect(Fixture.path("store"), seconds: -1)
    #expect(late.unavailable?.reason == .deadline)
    #expect(late.facts["assets"] == [])
  }

  @Test("An empty folder and a single file are targets too")
  func smallTargets() async throws {
    try await withTemporaryFolder { folder in
      let empty = try await Fixture.inspect(folder.path)
      #expect(empty.unavailable == nil)
      #expect(empty.facts["assets"] == [])
      #expect(empty.facts["assets.expired"] == 0)
    }
    let file = try await Fixture.inspect(Fixture.path("store/dh.pem"))
    #expect(file.facts["assets"]?.list?.first?["place"] == ["path": "dh.pem", "line": 1])
  }
}
