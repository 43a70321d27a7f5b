import Assessment
import AssessmentModel
import Foundation
import ResultStore
import Sealing
import Testing

@Suite("What cannot be written")
struct UnwritableTests {
  @Test(
    "An out folder that cannot be made stops the run at its start and leaves earlier runs as they are"
  )
  func unwritableOut() async throws {
    let bench = try Bench.serial()
    let earlier = try await bench.run()
    let calls = bench.world.calls.count
    var request = bench.request()
    request.out = bench.path("scope.yaml/out")
    guard case .sealing(.file) = try await bench.refusal(request) else {
      Issue.record("a folder under a file")
      return
    }
    #expect(bench.world.calls.count == calls)
    #expect(try SealCheck(folder: earlier.folder).faults == [])
    #expect(try bench.store.runs().map(\.id) == [earlier.result.run.id])
    #expect(
      try bench.store.result(of: earlier.result.run.id)
        == (try bench.bytes("\(earlier.folder)/result.json")))
  }

  @Test("A store that is no store stops the run at its start and is left as it is")
  func foreignStore() async throws {
    let bench = try Bench.serial()
    try bench.write("this is no database, and long enough to be looked at", to: "miping.db")
    guard case .store(.damaged) = try await bench.refusal() else {
      Issue.record("a text file as store")
      return
    }
    #expect(bench.world.calls.isEmpty)
    #expect(!bench.exists("out"))
    #expect(
      try bench.bytes(bench.path("miping.db"))
        == Array("this is no database, and long enough to be looked at".utf8))
  }

  @Test(
    "A signing key that is none fails the run at its end; resumed without it, nothing is repeated")
  func badSigningKey() async throws {
    let bench = try Bench.serial()
    var request = bench.request()
    request.signingKey = Array("no key".utf8)
    guard case .sealing = try await bench.refusal(request) else {
      Issue.record("a key that is none")
      return
    }
    #expect(bench.world.calls.count == Bench.serialTotal)
    #expect(try bench.store.runs().map(\.state) == [.running])
    let resumed = try await bench.run(bench.request(resume: .last))
    #expect(bench.world.calls.count == Bench.serialTotal)
    #expect(resumed.result.run.state == .complete)
    #expect(try SealCheck(folder: resumed.folder).faults == [])
  }
}
