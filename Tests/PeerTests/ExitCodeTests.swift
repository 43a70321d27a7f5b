import Foundation
import TestSupport
import Testing

@Suite("Exit codes")
struct ExitCodeTests {
  @Test(
    "what needs no scope and goes well ends with 0 and says nothing of errors",
    arguments: [
      ["probe", "list"], ["probe", "list", "-f", "json"], ["catalog", "list"],
      ["catalog", "list", "--standard", "gbt39786", "--level", "4", "-f", "json"],
      ["catalog", "show", "net.conf"], ["catalog", "check", "\(packageRoot)/Controls"],
      ["explain", "net.conf"], ["explain", "L3-7.2.2.4-e"],
    ])
  func done(arguments: [String]) async throws {
    let run = try await Miping.run(arguments, in: try Folder())
    #expect(run.code == 0, "\(run.errText)")
    #expect(!run.errText.contains("error"))
  }

  @Test(
    "wrong use ends with 2, with a word on standard error and nothing on standard output",
    arguments: [
      ["no-such-verb"], ["--no-such-flag"], ["demo", "--no-such-flag"], ["demo", "--lang", "xx"],
      ["init", "--level", "5"], ["catalog", "list", "--level", "2"],
      ["catalog", "show", "no-such-row"], ["catalog", "check", "absent"],
      ["explain", "no-such-row"], ["plan"], ["plan", "absent.yaml"], ["plan", "broken.yaml"],
      ["assess"], ["assess", "absent.yaml"], ["assess", "broken.yaml"],
      ["assess", "scope.yaml", "--gate", "sometimes"],
      ["assess", "scope.yaml", "--edition", "1999"],
      ["assess", "scope.yaml", "--run", "X"], ["assess", "scope.yaml", "--resume"],
      ["assess", "scope.yaml", "-f", "table", "-f", "json"],
      ["assess", "scope.yaml", "-f", "pdf"], ["assess", "scope.yaml", "--control", "no.such"],
      ["assess", "scope.yaml", "--object", "no-such"],
      ["assess", "scope.yaml", "--signing-key", "plain"],
      ["assess", "scope.yaml", "--overlay", "absent.yaml"],
      ["assess", "scope.yaml", "--controls", "absent"],
      ["report", "no-such-run"], ["report", "no-such-run", "-f", "pdf"],
      ["verify", "no-such-run"], ["score", "absent.yaml"], ["score", "broken.yaml"],
      ["probe", "run", "no.such", "x"], ["probe", "run", "tls.endpoint", "127.0.0.1:1"],
      ["probe", "run", "tls.endpoint", "tls://127.0.0.1:0"],
      ["probe", "run", "tls.endpoint", "tls://127.0.0.1:1", "--param", "colour=red"],
      ["probe", "run", "tls.endpoint", "tls://127.0.0.1:1", "--param", "colour"],
      ["probe", "run", "tls.endpoint", "tls://127.0.0.1:1", "--deadline", "soon"],
      ["probe", "run", "tls.endpoint", "tls://192.0.2.1:443"],
    ])
  func wrongUse(arguments: [String]) async throws {
    let folder = try Folder()
    let closed = try Loopback.ClosedPort()
    try folder.write(scope([("one", closed.port)]), to: "scope.yaml")
    try folder.write("system: [", to: "broken.yaml")
    let run = try await Miping.run(arguments, in: folder)
    #expect(run.code == 2, "\(run.outText)\(run.errText)")
    #expect(run.out.isEmpty)
    #expect(!run.err.isEmpty)
    #expect(folder.names(in: "out").isEmpty)
  }

  @Test(
    "an object outside the authorisation, or a day outside it, sends nothing and ends with 2",
    arguments: [
      ("127.0.0.0/8", "127.0.0.2/32"), ("127.0.0.0/8", "10.0.0.0/8"), ("127.0.0.0/8", "::1/128"),
      ("127.0.0.0/8", "pay.bank.test"), ("2099-12-31", "2020-01-02"), ("2020-01-01", "2099-01-01"),
    ])
  func unauthorised(allowed: String, instead: String) async throws {
    let folder = try Folder()
    let listener = try Loopback.Listener(.closes)
    let inside = try Loopback.Listener(.closes)
    let text = scope([("inside", inside.port), ("one", listener.port)])
      .replacingOccurrences(of: allowed, with: instead)
    try folder.write(text, to: "scope.yaml")
    let run = try await Miping.run(["assess", "scope.yaml", "-q"], in: folder)
    #expect(run.code == 2)
    #expect(run.errText.contains("scope.yaml:"), "\(run.errText)")
    #expect(listener.count == 0)
    #expect(inside.count == 0)
    #expect(folder.names(in: "out").isEmpty)
  }

  @Test("what cannot be written ends with 5")
  func unwritable() async throws {
    let folder = try Folder()
    let closed = try Loopback.ClosedPort()
    try folder.write(scope([("one", closed.port)]), to: "scope.yaml")
    try folder.write("a file, not a folder", to: "file")
    for arguments in [
      ["assess", "scope.yaml", "-q", "-o", "file/out"],
      ["assess", "scope.yaml", "-q", "--store", "file/miping.db"],
      ["assess", "scope.yaml", "-q", "-f", "json:file/result.json"],
      ["catalog", "list", "-f", "json:absent/list.json"],
      ["init", "file/bank"], ["demo", "-q", "-o", "file/demo"],
    ] {
      let run = try await Miping.run(arguments, in: folder)
      #expect(run.code == 5, "\(arguments): \(run.errText)")
      #expect(!run.err.isEmpty)
      #expect(!run.errText.contains("please report it"), "\(arguments): \(run.errText)")
    }
  }

  @Test("a record or evidence that was changed ends with 4, in verify and in report")
  func tampered() async throws {
    let folder = try Folder()
    let closed = try Loopback.ClosedPort()
    try folder.write(scope([("one", closed.port)]), to: "scope.yaml")
    #expect(try await Miping.assess(in: folder).finished.code == 0)
    let run = try folder.onlyRun()
    #expect(try await Miping.run(["verify", run], in: folder).code == 0)
    #expect(try await Miping.run(["report", run], in: folder).code == 0)

    let record = try folder.text("\(run)/result.json")
    #expect(record.contains("\"untested\""))
    try folder.write(
      record.replacingOccurrences(of: "\"untested\"", with: "\"awaiting\""),
      to: "\(run)/result.json")
    #expect(try await Miping.run(["verify", run], in: folder).code == 4)
    for format in ["table", "json", "html", "junit"] {
      let report = try await Miping.run(["report", run, "-f", format], in: folder)
      #expect(report.code == 4)
      #expect(report.out.isEmpty)
    }
    try folder.write("{", to: "\(run)/result.json")
    #expect(try await Miping.run(["report", run], in: folder).code == 4)
    try folder.write(record, to: "\(run)/result.json")
    #expect(try await Miping.run(["verify", run], in: folder).code == 0)

    let chain = try folder.text("\(run)/evidence.jsonl")
    let lines = chain.split(separator: "\n")
    #expect(!lines.isEmpty)
    try folder.write(lines.dropLast().map { "\($0)\n" }.joined(), to: "\(run)/evidence.jsonl")
    #expect(try await Miping.run(["verify", run], in: folder).code == 4)
    try folder.write(chain, to: "\(run)/evidence.jsonl")
    try folder.write("not listed", to: "\(run)/evidence/added")
    #expect(try await Miping.run(["verify", run], in: folder).code == 4)
  }

  @Test("init, plan and what init wrote fit together; nothing is overwritten", arguments: [3, 4])
  func starter(level: Int) async throws {
    let folder = try Folder()
    let made = try await Miping.run(["init", "--level", "\(level)", "bank"], in: folder)
    #expect(made.code == 0)
    let before = try folder.text("bank/scope.yaml")
    #expect(before.contains("level: \(level)"))
    #expect(try await Miping.run(["init", "bank"], in: folder).code == 0)
    #expect(try folder.text("bank/scope.yaml") == before)
    let plan = try await Miping.run(["plan", "bank/scope.yaml", "-f", "json"], in: folder)
    #expect(plan.code == 0, "\(plan.errText)")
    let json = try JSON(reading: plan.out)
    #expect(json["inspections"].items.map { $0["object"] } == ["gw-01"])
    #expect(!json["asks"].items.isEmpty)
  }
}
