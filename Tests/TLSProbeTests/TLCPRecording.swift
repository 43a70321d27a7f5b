import Bytes
import Foundation
import NationalCrypto
import Synchronization

@testable import TLSProbe

/// A recorded TLCP exchange with what is known of its secrets.
struct TLCPRecording: Sendable {
  struct Plaintext: Sendable {
    /// Index among the records of its side.
    var index: Int
    var isClient: Bool
    var type: UInt8
    var bytes: [UInt8]
  }

  var recording: Recording
  /// Every record of the client, header included.
  var sent: [[UInt8]]
  var secrets: [String: [UInt8]]
  var plaintexts: [Plaintext]

  init(_ name: String) {
    recording = .tlcp(name)
    let file = Recording.json("tlcp", name)
    func hex(_ value: Any?) -> [UInt8] { bytes(fromHexadecimal: value as? String ?? "") ?? [] }
    sent = (file["client_to_server"] as? [String] ?? []).map(hex)
    secrets = (file["secrets"] as? [String: String] ?? [:]).mapValues(hex)
    plaintexts = (file["decrypted"] as? [[String: Any]] ?? []).map { entry in
      let record = entry["record"] as? String ?? ""
      return Plaintext(
        index: Int(record.dropFirst()) ?? 0, isClient: record.hasPrefix("c"),
        type: UInt8(entry["type"] as? Int ?? 0), bytes: hex(entry["plaintext"]))
    }
  }

  /// The client's records up to and with its Finished, without the ClientHello.
  var ownFlight: [[UInt8]] {
    guard let finished = plaintexts.first(where: { $0.isClient && $0.type == 22 }) else {
      return []
    }
    return Array(sent[1...finished.index])
  }

  /// The recorded ClientKeyExchange's ciphertext.
  var ciphertext: [UInt8] {
    sent.first { $0.count > 11 && $0[0] == 22 && $0[5] == 16 }.map { Array($0.dropFirst(11)) } ?? []
  }

  /// A source that makes up what was made up then: premaster, its ciphertext, the IVs of CBC in turn.
  func source() -> TLCPClient.Source {
    let premaster = secrets["premaster_secret"] ?? []
    let ciphertext = ciphertext
    let ivs = Queue(
      plaintexts.filter(\.isClient).map { Array(sent[$0.index].dropFirst(5).prefix(16)) })
    return TLCPClient.Source(
      bytes: { count in
        switch count {
        case 46: Array(premaster.dropFirst(2))
        case 16: ivs.next()
        default: [UInt8](repeating: 7, count: count)
        }
      },
      encrypt: { _, _ in ciphertext })
  }

  func client(resuming session: TLCPClient.Session? = nil) throws -> TLCPClient {
    TLCPClient(
      try recording.hello, sent: recording.helloMessage, resuming: session, source: source())
  }

  /// Hands out its values one after the other, then zeros.
  private final class Queue: Sendable {
    /// Protects nothing in practice: a test uses it on one thread; the source has to be Sendable.
    private let values: Mutex<[[UInt8]]>

    init(_ values: [[UInt8]]) { self.values = Mutex(values) }

    func next() -> [UInt8] {
      values.withLock { $0.isEmpty ? [UInt8](repeating: 0, count: 16) : $0.removeFirst() }
    }
  }
}
