import Bytes
import NationalCrypto
import Synchronization
import TestSupport
import Testing

@testable import DemoBank
@testable import TLSProbe

/// The demonstration server repeats what other servers were recorded to say, so that it and our client
/// cannot be wrong alike.
@Suite("The TLCP server of the demo bank against recordings")
struct TLCPServerRecordingTests {
  /// A session that answers the recorded client with the recorded server's randomness and signature.
  private func session(
    _ recorded: TLCPRecording, _ options: TLCPServer.Options = TLCPServer.Options()
  ) throws -> TLCPServerSession {
    var client = try recorded.client()
    _ = client.feed(recorded.recording.stream)
    let flight = client.flight
    let hello = try #require(flight.hello)
    let chain = try #require(flight.chain)
    let signature = try #require(flight.keyExchange?.signature)
    let premaster = recorded.secrets["premaster_secret"]
    let ciphertext = recorded.ciphertext
    let covered =
      try recorded.recording.hello.random + hello.random
      + [0, UInt8(chain[1].count >> 8), UInt8(chain[1].count & 0xFF)] + chain[1]
    // The first random value of 32 bytes is the hello's, the next one the session id.
    let calls = Calls()
    let finished = try #require(recorded.plaintexts.first { !$0.isClient })
    let iv = Array(recorded.recording.received[finished.index].dropFirst(5).prefix(16))
    var material = TLCPServerMaterial(
      chain: chain, encryptionCertificate: chain[1],
      sign: { $0 == covered ? signature : nil },
      decrypt: { $0 == ciphertext ? premaster : nil },
      random: { count in
        count == 16 ? iv : calls.next() == 0 ? hello.random : hello.sessionID
      })
    if let name = hello.extensions[0], hello.extensions.count == 1 {
      material.extensions = [0, 0, 0, UInt8(name.count)] + name
    }
    var options = options
    options.resumesSessions = !hello.sessionID.isEmpty
    return TLCPServerSession(material, options)
  }

  private final class Calls: Sendable {
    /// Counts the calls of a source that has to be Sendable.
    private let count = Mutex(0)

    func next() -> Int {
      count.withLock { count in
        defer { count += 1 }
        return count
      }
    }
  }

  @Test(
    "a recorded server's bytes are made anew, to the byte",
    arguments: [
      "ok-gmssl-ecc-cbc", "ok-gmssl-ecc-gcm", "resume-tongsuo-ecc-cbc-1-full",
      "fail-wrong-keyusage",
    ])
  func bytes(name: String) throws {
    let recorded = TLCPRecording(name)
    var server = try session(recorded)
    let received = recorded.recording.received
    #expect(server.take(recorded.sent[0]) == received[..<4].flatMap { $0 })
    #expect(server.take(recorded.ownFlight.flatMap { $0 }) == received[4...5].flatMap { $0 })
    #expect(!server.isOver)
  }

  @Test(
    "a recorded client is understood however its bytes are cut, and answered with what was recorded",
    arguments: ["ok-tongsuo-ecc-gcm", "both-tongsuo-tlcp-side", "ok-gmssl-ecc-cbc"])
  func content(name: String) throws {
    let recorded = TLCPRecording(name)
    var server = try session(recorded)
    var answer: [UInt8] = []
    for byte in recorded.sent[0] + recorded.ownFlight.flatMap({ $0 }) {
      answer += server.take([byte])
    }
    // The recorded client opens what our server says: the same Finished under the same keys.
    var client = try recorded.client()
    _ = client.feed(answer)
    #expect(client.failure == nil)
    #expect(client.isConnected)
    #expect(server.take(client.closeNotify()).first == 21)
    #expect(server.isOver)
  }

  @Test("a recorded session is resumed")
  func resumption() throws {
    let recorded = TLCPRecording("resume-tongsuo-ecc-cbc-2-resumed")
    let received = recorded.recording.received
    let random = Array(received[0][11..<43])
    let iv = Array(received[2][5..<21])
    let material = TLCPServerMaterial(
      chain: [], encryptionCertificate: [], sign: { _ in nil }, decrypt: { _ in nil },
      random: { $0 == 16 ? iv : random })
    material.sessions.keep(
      .init(suite: 0xE013, master: try #require(recorded.secrets["master_secret"])),
      as: try recorded.recording.hello.sessionID)
    var server = TLCPServerSession(material, TLCPServer.Options())
    #expect(server.take(recorded.sent[0]) == received[..<3].flatMap { $0 })
    #expect(server.take(recorded.ownFlight.flatMap { $0 }) == [])
    #expect(!server.isOver)
    // The next recorded record, four bytes of application data, opens too: no answer but no alert.
    #expect(server.take(recorded.sent[3]) == [])
    #expect(!server.isOver)
  }

  @Test("five thousand damaged client streams end without harm")
  func hostile() async throws {
    var generator = SeededGenerator(seed: 99)
    let recordings = ["ok-tongsuo-ecc-gcm", "ok-gmssl-ecc-cbc"].map(TLCPRecording.init)
    let sessions = try recordings.map { try session($0) }
    for round in 0..<5000 {
      if round.isMultiple(of: 20) { await Task.yield() }
      let recorded = recordings[round % 2]
      var server = sessions[round % 2]
      var stream = recorded.sent[0] + recorded.ownFlight.flatMap { $0 }
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: stream.indices, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: stream[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: stream.remove(at: place)
        default: stream.insert(stream[place], at: place)
        }
      }
      let answer = server.take(stream)
      #expect(answer.count < 4000)
    }
  }
}
