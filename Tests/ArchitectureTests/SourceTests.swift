import Foundation
import TestSupport
import Testing

@Suite("The source")
struct SourceTests {
  /// Files below the folders named whose names end so, with their text.
  static func files(
    _ folders: [String], ending: [String]
  ) throws -> [(path: String, text: String)] {
    try folders.flatMap { folder -> [(String, String)] in
      try FileManager.default.subpathsOfDirectory(atPath: "\(packageRoot)/\(folder)")
        .filter { name in ending.contains { name.hasSuffix($0) } }.sorted()
        .map { name in
          let path = "\(folder)/\(name)"
          return (path, try String(contentsOfFile: "\(packageRoot)/\(path)", encoding: .utf8))
        }
    }
  }

  @Test("a file has at most 400 lines")
  func length() throws {
    let files = try Self.files(["Sources", "Probes", "Reports"], ending: [".swift"])
    #expect(files.count > 100)
    for (path, text) in files {
      let count = text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
      #expect(count <= 400, "\(path) has \(count) lines")
    }
  }

  /// Lines of `text` that hold one of the words, with their numbers; a cheap sieve before any pattern.
  static func lines(
    of text: String, holding words: [String]
  ) -> [(number: Int, line: Substring)] {
    guard words.contains(where: { text.contains($0) }) else { return [] }
    return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .filter { one in words.contains { one.element.contains($0) } }
      .map { ($0.offset + 1, $0.element) }
  }

  @Test("nothing is public or open, and names say what things are")
  func declarations() throws {
    let wide =
      /^\s*(@\w+\s+)*(public|open)\s+(\w+\s+)*(struct|class|enum|actor|protocol|func|var|let|init|extension|import|typealias)\b/
    let vague =
      /\b(struct|class|enum|actor|protocol|typealias)\s+\w*(Manager|Helper|Helpers|Utils|Utility|Utilities)\b/
    let words = ["public", "open", "Manager", "Helper", "Util"]
    for (path, text) in try Self.files(["Sources", "Probes", "Reports"], ending: [".swift"]) {
      for (number, line) in Self.lines(of: text, holding: words) {
        #expect(line.firstMatch(of: wide) == nil, "\(path):\(number): \(line)")
        #expect(line.firstMatch(of: vague) == nil, "\(path):\(number): \(line)")
      }
    }
  }

  @Test("a module and a type never share a name")
  func names() async throws {
    let modules = Set(try await Manifest.load().targets.map(\.name))
    // Types older than this rule; no module that names one of them needs the module's name to tell it apart.
    let allowed: Set<String> = ["Assessment", "DemoBank", "YAMLDocument"]
    let type = /^(package\s+)?(final\s+)?(struct|class|enum|actor|protocol)\s+(\w+)/
    for (path, text) in try Self.files(["Sources", "Probes", "Reports"], ending: [".swift"]) {
      for (_, line) in Self.lines(of: text, holding: modules.map { " \($0)" }) {
        guard let name = line.prefixMatch(of: type)?.output.4 else { continue }
        #expect(
          !modules.contains(String(name)) || allowed.contains(String(name)), "\(path): \(line)")
      }
    }
  }

  @Test("no file names a place on somebody's machine, and nothing is left to be done")
  func places() throws {
    let machine = /(^|[\s"'(=:])\/(home|root|Users|work|workspace|mnt)\/\w/
    let unfinished = /\b(TODO|FIXME|XXX|HACK)\b/
    let texts = [".swift", ".md", ".yaml", ".sh", ".mustache", ".css", ".js", ".json"]
    var files = try Self.files(
      ["Sources", "Probes", "Reports", "Controls", "Tests"], ending: texts
    )
    .filter { !$0.path.contains("/Fixtures/") || $0.path.hasSuffix(".md") }
    for name in [
      "Package.swift", "Makefile", "README.md", "README.zh-CN.md", "CHANGELOG.md", ".ci/run",
    ] {
      files.append((name, try String(contentsOfFile: "\(packageRoot)/\(name)", encoding: .utf8)))
    }
    let words = ["/home/", "/root/", "/Users/", "/work/", "/workspace/", "/mnt/"]
    let unfinishedWords = ["TODO", "FIXME", "XXX", "HACK"]
    for (path, text) in files where path != "Tests/ArchitectureTests/SourceTests.swift" {
      for (number, line) in Self.lines(of: text, holding: words + unfinishedWords) {
        #expect(line.firstMatch(of: machine) == nil, "\(path):\(number): \(line.prefix(120))")
        #expect(line.firstMatch(of: unfinished) == nil, "\(path):\(number): \(line.prefix(120))")
      }
    }
  }
}
