import ArgumentParser
import Assessment
import AssessmentModel
import Foundation
import Gating
import ResultStore
import Sealing
import Testing

@testable import miping

@Suite("Options and exit codes")
struct OptionTests {
  @Test(
    "A format is a name, and a path after the first colon",
    arguments: [
      ("table", .table, nil), ("json:out/a.json", .json, "out/a.json"),
      ("html:C:/report.html", .html, "C:/report.html"), ("junit:x", .junit, "x"),
    ] as [(String, FormatOption.Format, String?)])
  func readsFormat(text: String, format: FormatOption.Format, path: String?) {
    let option = FormatOption(argument: text)
    #expect(option?.format == format)
    #expect(option?.path == path)
  }

  @Test(
    "A language is named in full, Chinese also in short",
    arguments: [
      ("zh-CN", .chinese), ("zh", .chinese), ("en", .english), ("both", .both), ("de", nil),
      ("", nil),
    ] as [(String, Language?)])
  func readsLanguage(text: String, language: Language?) {
    #expect(Language(argument: text) == language)
  }

  @Test("Help prints a default as it is written on the command line")
  func defaultInHelp() throws {
    #expect(FormatOption(.table).defaultValueDescription == "table")
    #expect(FormatOption(argument: "json:a.json")?.defaultValueDescription == "json:a.json")
    #expect(try #require(FormatOption(argument: "html")).defaultValueDescription == "html")
  }

  @Test("A device or a pipe is written to and never replaced; a file and a new name are")
  func replaces() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
    #expect(symlink("/dev/null", "\(folder)/link") == 0)
    #expect(FileManager.default.createFile(atPath: "\(folder)/file", contents: nil))
    for (name, isReplaceable) in [("pipe", false), ("link", false), ("file", true), ("new", true)] {
      #expect(FormatOption.isReplaceable("\(folder)/\(name)") == isReplaceable, "\(name)")
    }
    try FormatOption(argument: "json:\(folder)/link")?.write([0x7B, 0x7D])
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/link") == "/dev/null")
  }

  @Test("What keeps a file from being written is told in the system's words")
  func unwritable() {
    let error = #expect(throws: (any Error).self) {
      try Data([1]).write(to: URL(filePath: "/nonexistent/result.json"), options: .atomic)
    }
    #expect(error?.localizedReason == "No such file or directory")
  }

  @Test(
    "Other formats are refused", arguments: ["", ":", "pdf", "JSON", "json:", ":a.json", " json"])
  func refusesFormat(text: String) {
    #expect(FormatOption(argument: text) == nil)
  }

  @Test(
    "Standard output takes one result only",
    arguments: [
      ([], true), (["table"], true), (["table", "json:a"], true), (["json:a", "json:b"], true),
      (["table", "json"], false), (["json", "json"], false),
    ])
  func checksFormats(texts: [String], isFine: Bool) {
    let options = texts.compactMap { FormatOption(argument: $0) }
    #expect(options.count == texts.count)
    if isFine {
      #expect(throws: Never.self) { try FormatOption.check(options) }
    } else {
      #expect(throws: ValidationError.self) { try FormatOption.check(options) }
    }
  }

  @Test("Exit codes are those that scripts rely on")
  func codes() {
    #expect(ExitMeaning.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5, 130])
    for language in Language.allCases {
      let listing = ExitMeaning.listing(language)
      for meaning in ExitMeaning.allCases { #expect(listing.contains("\(meaning.rawValue) ")) }
    }
  }

  private static let words = Bilingual(zh: "错", en: "wrong")
  private static let place = SourcePlace(file: "scope.yaml", line: 1, column: 1)
  private static let failures: [(AssessmentError, ExitMeaning)] = [
    (.faults([Fault(place, "a")]), .wrongUse), (.unauthorised([Fault(place, "a")]), .wrongUse),
    (.noControls, .wrongUse), (.wrongUse(words), .wrongUse), (.failed(words), .toolFailed),
    (.store(.unknownRun("a")), .wrongUse), (.store(.full(path: "a")), .toolFailed),
    (.store(.scopeChanged(run: "a", was: "b", now: "c")), .wrongUse),
    (.sealing(.notARun(path: "a")), .toolFailed),
    (.sealing(.manifest(path: "a", reason: "b")), .integrity),
  ]

  @Test("Every failure of an assessment has its code", arguments: 0..<failures.count)
  func failureCodes(index: Int) {
    let (error, meaning) = Self.failures[index]
    #expect(Failure.report(error, .both).rawValue == meaning.rawValue)
  }

  @Test("Messages come in one language or in both, equal texts once")
  func picks() {
    #expect(Language.chinese.pick(Self.words) == "错")
    #expect(Language.english.pick(Self.words) == "wrong")
    #expect(Language.both.pick(Self.words) == "错 / wrong")
    #expect(Language.both.pick(zh: "SM3", en: "SM3") == "SM3")
  }

  @Test(
    "An assessment's options are refused where they contradict each other",
    arguments: [
      ["--run", "r"], ["--edition", "1999"], ["-f", "table", "-f", "json"], ["-f", "pdf"],
      ["--gate", "open"], ["--resume=r"], ["--colour"],
    ])
  func refusesOptions(options: [String]) {
    #expect(throws: (any Error).self) { try AssessVerb.parse(["scope.yaml"] + options) }
  }

  @Test("An assessment's options are read")
  func readsOptions() throws {
    let verb = try AssessVerb.parse([
      "scope.yaml", "--resume", "--run", "r", "-f", "json:a.json", "-f", "table", "--gate",
      "complete", "--control", "net.conf", "--control", "net.int", "--object", "gw-1", "-o", "runs",
    ])
    #expect(verb.scope == "scope.yaml")
    #expect(verb.resume)
    #expect(verb.run == "r")
    #expect(verb.format.map(\.path) == ["a.json", nil])
    #expect(verb.gate == .complete)
    #expect(verb.selection.control == ["net.conf", "net.int"])
    #expect(verb.selection.object == ["gw-1"])
    #expect(verb.out == "runs")
  }
}
