import Foundation
import Synchronization

/// What the service sends on to the issuer, recorded as it was (线路报文): ISO 8583 messages with a PIN block, each
/// behind its length in two bytes.
final class ServiceWire: Sendable {
  private static let limit = 1 << 20

  private struct State {
    var count = 0
    var trace = 0
  }
  private let path: String
  /// Protects the file's growth; connections write from threads of their own.
  private let state = Mutex(State())

  init(path: String) throws(DemoError) {
    self.path = path
    guard FileManager.default.createFile(atPath: path, contents: Data()) else {
      throw .file(path: path, code: errno)
    }
  }

  /// A financial request (0200) with elements 2, 3, 4, 11 and 52, in text with a binary bitmap.
  func send(pan: String, block: [UInt8]) {
    state.withLock { state in
      state.trace += 1
      let trace = String(String(1_000_000 + state.trace % 1_000_000).dropFirst())
      let length = String(String(100 + pan.utf8.count).dropFirst())
      let message =
        Array("0200".utf8) + [0x70, 0x20, 0, 0, 0, 0, 0x10, 0]
        + Array("\(length)\(pan)000000000000012300\(trace)".utf8) + block
      let bytes = [UInt8(message.count >> 8 & 0xFF), UInt8(message.count & 0xFF)] + message
      // A demonstration that runs for long stops recording rather than filling the disk.
      guard state.count + bytes.count <= Self.limit, let file = FileHandle(forWritingAtPath: path)
      else { return }
      state.count += bytes.count
      defer { try? file.close() }
      guard (try? file.seekToEnd()) != nil else { return }
      try? file.write(contentsOf: Data(bytes))
    }
  }
}
