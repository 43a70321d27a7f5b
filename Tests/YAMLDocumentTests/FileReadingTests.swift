import AssessmentModel
import Foundation
import Testing
import YAMLDocument

@Suite("Reading files")
struct FileReadingTests {
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "yaml-document-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test("a file is read with its path as the name in places")
  func file() throws {
    try withFolder { folder in
      let path = folder.appending(path: "a.yaml").path
      try Data("a: 1\n".utf8).write(to: URL(filePath: path))
      let faults = Faults()
      #expect(YAMLDocument.read(path: path, faults: faults)?.place.file == path)
      #expect(faults.isEmpty)
      #expect(YAMLDocument.read(path: path, faults: faults, limit: 4) == nil)
      #expect(faults.all.map(\.message) == ["the file is larger than the 4 bytes allowed"])
    }
  }

  @Test("what cannot be read is a fault at 1:1 with the reason")
  func unreadable() throws {
    try withFolder { folder in
      let pipe = folder.appending(path: "pipe").path
      #expect(mkfifo(pipe, 0o600) == 0)
      let cases = [
        (folder.appending(path: "none.yaml").path, "the file cannot be read: no such file"),
        (folder.path, "this is not a regular file, but a file of text is expected"),
        (pipe, "this is not a regular file, but a file of text is expected"),
        ("a\u{0}b", "the path holds a zero byte, so no file can have it"),
      ]
      for (path, message) in cases {
        let faults = Faults()
        #expect(YAMLDocument.read(path: path, faults: faults) == nil)
        #expect(
          faults.all == [Fault(SourcePlace(file: path, line: 1, column: 1), message)])
      }
    }
  }
}
