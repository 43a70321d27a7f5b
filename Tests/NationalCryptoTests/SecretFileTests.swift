import Foundation
import NationalCrypto
import Testing

@Suite("Reading a small file of secrets")
struct SecretFileTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test("gives all of it up to the limit, and nothing of a longer one")
  func limits() throws {
    try inFolder { folder in
      for count in [0, 1, 7, 8] {
        let path = "\(folder)/\(count)"
        try Data(0..<UInt8(count)).write(to: URL(filePath: path))
        if count <= 7 {
          let read = try SecretFile.read(path, atMost: 7)
          #expect(read == Array(0..<UInt8(count)))
        } else {
          #expect(throws: SecretFile.Unreadable(reason: "the file has more than 7 bytes")) {
            try SecretFile.read(path, atMost: 7)
          }
        }
      }
    }
  }

  @Test("says why it cannot, and does not wait for a pipe that nobody writes to")
  func unreadable() throws {
    try inFolder { folder in
      #expect(throws: SecretFile.Unreadable(reason: "No such file or directory")) {
        try SecretFile.read("\(folder)/none", atMost: 7)
      }
      #expect(throws: SecretFile.Unreadable(reason: "Is a directory")) {
        try SecretFile.read(folder, atMost: 7)
      }
      #expect(throws: SecretFile.Unreadable(reason: "a zero byte in the path")) {
        try SecretFile.read("\(folder)/\0", atMost: 7)
      }
      #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
      let read = try SecretFile.read("\(folder)/pipe", atMost: 7)
      #expect(read.isEmpty)
    }
  }
}
