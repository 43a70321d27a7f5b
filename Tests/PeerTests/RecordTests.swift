import Foundation
import TestSupport
import Testing

@Suite("What a run leaves")
struct RecordTests {
  /// A folder with one finished run over a closed port, a port that closes and one that never answers.
  private func assessed() async throws -> Folder {
    let folder = try Folder()
    let closed = try Loopback.ClosedPort()
    let closing = try Loopback.Listener(.closes)
    let silent = try Loopback.Listener(.silent)
    try folder.write(
      scope(
        [("closed", closed.port), ("closing", closing.port), ("silent", silent.port)],
        deadline: "500ms"), to: "scope.yaml")
    let (run, _) = try await Miping.assess(in: folder)
    guard run.code == 0 else { throw SupportError(run.errText) }
    return folder
  }

  @Test("report gives the record byte for byte, by folder, by id, and from the store alone")
  func record() async throws {
    let folder = try await assessed()
    let run = try folder.onlyRun()
    let record = try folder.bytes("\(run)/result.json")
    let id = String(run.dropFirst("out/".count))
    for name in [run, id] {
      let report = try await Miping.run(["report", name, "-f", "json"], in: folder)
      #expect(report.code == 0, "\(report.errText)")
      #expect(report.out == record)
    }
    try FileManager.default.removeItem(atPath: folder.path(run))
    let stored = try await Miping.run(["report", id, "-f", "json"], in: folder)
    #expect(stored.code == 0, "\(stored.errText)")
    #expect(stored.out == record)
  }

  @Test("one run rendered twice gives the same bytes, and those the run itself wrote")
  func repeatable() async throws {
    let folder = try await assessed()
    let run = try folder.onlyRun()
    for format in ["html", "junit", "table"] {
      let first = try await Miping.run(["report", run, "-f", format], in: folder)
      let second = try await Miping.run(["report", run, "-f", format], in: folder)
      #expect(first.code == 0 && !first.out.isEmpty)
      #expect(first.out == second.out, "\(format)")
    }
    let both = try await Miping.run(["report", run, "-f", "html", "--lang", "both"], in: folder)
    let written = try folder.bytes("\(run)/report.html")
    #expect(both.out == written)
  }

  @Test("the record fits its published schema and JUnit is XML", .enabled(if: peersAreWanted))
  func schema() async throws {
    let folder = try await assessed()
    let run = try folder.onlyRun()
    let check = try await Program.run(
      "/usr/bin/python3",
      [
        "-c",
        """
        import json, sys, jsonschema
        schema = json.load(open(sys.argv[1]))
        validator = jsonschema.validators.validator_for(schema)
        validator.check_schema(schema)
        validator(schema).validate(json.load(open(sys.argv[2])))
        broken = json.load(open(sys.argv[2]))
        broken["findings"][0]["verdict"] = "fine"
        assert not validator(schema).is_valid(broken), "the schema refuses nothing"
        """,
        "\(packageRoot)/Reports/Schema/result.schema.json", folder.path("\(run)/result.json"),
      ])
    #expect(check.code == 0, "\(check.errText)")
    let wrote = try await Miping.run(["report", run, "-f", "junit:j.xml"], in: folder)
    #expect(wrote.code == 0)
    let parsed = try await Program.run(
      "/usr/bin/python3",
      [
        "-c",
        """
        import sys, xml.etree.ElementTree as tree
        root = tree.parse(sys.argv[1]).getroot()
        assert root.tag == "testsuites", root.tag
        print(len(root.findall(".//testcase")))
        """, folder.path("j.xml"),
      ])
    #expect(parsed.code == 0, "\(parsed.errText)")
    let findings = try JSON(reading: try folder.bytes("\(run)/result.json"))["findings"].items
    #expect(Int(parsed.outText.dropLast()) == findings.count)
  }
}
