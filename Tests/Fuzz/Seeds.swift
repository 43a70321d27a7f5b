import Bytes
import Foundation

@testable import TLSProbe

/// The handshakes recorded and the PIN blocks made for the tests as files for libFuzzer to begin with.
enum Seeds {
  static func write(to folder: String) throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let fixtures = tests.appending(path: "TLSProbeTests/Fixtures")
    for target in FuzzTarget.allCases {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(target.rawValue)", withIntermediateDirectories: true)
    }
    try PINSeeds.write(to: folder, fixtures: tests)
    var count = 0
    let files = FileManager.default.enumerator(at: fixtures, includingPropertiesForKeys: nil)
    for case let file as URL in files ?? .init() where file.pathExtension == "json" {
      let data = try Data(contentsOf: file)
      guard let recorded = try? CaptureTranscript(Array(data), path: file.path) else { continue }
      count += 1
      let stream = recorded.server.flatMap { $0 }
      try data.write(to: URL(filePath: "\(folder)/capture/\(count)"))
      for version in UInt8(0)..<6 {
        try Data([version | 0xF8] + stream)
          .write(to: URL(filePath: "\(folder)/records/\(count)-\(version)"))
      }
      var records = RecordReader()
      records.feed(stream)
      var messages: [UInt8] = []
      while let record = try? records.next(), record.type == .handshake {
        messages += record.fragment
      }
      try Data([8] + messages).write(to: URL(filePath: "\(folder)/handshake/\(count)"))
      var assembler = HandshakeAssembler()
      try? assembler.feed(messages, at: 0)
      while let message = try? assembler.next() {
        guard message.kind == .certificate,
          let chain = try? CertificateMessage.readStapled(message, isTLS13: false).chain
        else { continue }
        for (place, der) in chain.enumerated() {
          try Data(der).write(to: URL(filePath: "\(folder)/certificates/\(count)-\(place)"))
        }
      }
    }
  }
}
