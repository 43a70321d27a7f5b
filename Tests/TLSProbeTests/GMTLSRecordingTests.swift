import Bytes
import NationalCrypto
import Testing

@testable import TLSProbe

/// RFC 8998 handshakes of a real server, opened with their traffic secrets.
@Suite("TLS 1.3 with SM suites against recordings")
struct GMTLSRecordingTests {
  private struct Opened {
    /// Handshake messages and other contents in order, of one side under one secret.
    var handshake: [[UInt8]] = []
    var others: [(type: UInt8, bytes: [UInt8])] = []
  }

  /// Opens the protected records of a side: the first secret up to and with Finished, then the other.
  private func open(
    _ records: [[UInt8]], _ cipher: RecordCipher, _ secrets: [[UInt8]]
  ) throws -> Opened {
    var opened = Opened()
    var keys = try secrets.map { try TrafficKeys(cipher, secret: $0) }
    var isFinished = false
    for bytes in records where bytes[0] == 23 {
      let record = Record(
        type: .applicationData, version: .tls12, fragment: Array(bytes.dropFirst(5)), place: 0)
      let inner = try #require(try keys[isFinished ? 1 : 0].open(record))
      if inner.type == 22, !isFinished {
        var assembler = HandshakeAssembler()
        try assembler.feed(inner.bytes, at: 0)
        while let message = try assembler.next() {
          opened.handshake.append(message.encoded)
          if message.kind == .finished { isFinished = true }
        }
      } else {
        opened.others.append((inner.type, inner.bytes))
      }
    }
    return opened
  }

  @Test(
    "records, CertificateVerify and both Finished are right",
    arguments: ["tls13-tongsuo-sm4gcm-sm2group", "tls13-tongsuo-sm4ccm-hrr"])
  func recording(name: String) throws {
    let recorded = TLCPRecording(name)
    let file = recorded.secrets
    let hellos = recorded.recording.received.filter { $0[0] == 22 }.map { Array($0.dropFirst(5)) }
    let own = recorded.sent.filter { $0[0] == 22 }.map { Array($0.dropFirst(5)) }
    let last = try #require(hellos.last)
    let suite = CipherSuite(UInt16(last[71]) << 8 | UInt16(last[72]))
    let cipher = try #require(RecordCipher(suite))
    #expect(cipher == (name.contains("ccm") ? .sm4CCM : .sm4GCM))
    func secret(_ name: String) throws -> [UInt8] { try #require(file[name]) }
    let server = try open(
      recorded.recording.received, cipher,
      [secret("SERVER_HANDSHAKE_TRAFFIC_SECRET"), secret("SERVER_TRAFFIC_SECRET_0")])
    let client = try open(
      recorded.sent, cipher,
      [secret("CLIENT_HANDSHAKE_TRAFFIC_SECRET"), secret("CLIENT_TRAFFIC_SECRET_0")])
    #expect(server.handshake.map { $0[0] } == [8, 11, 15, 20])
    #expect(client.handshake.map { $0[0] } == [20])
    #expect(server.others.contains { $0.type == 22 && $0.bytes[0] == 4 })
    #expect(client.others.last?.type == 21)
    var transcript: [UInt8] = []
    if hellos.count == 2 {
      transcript = [254, 0, 0, 32] + (try SM3.digest(own[0])) + hellos[0] + own[1] + hellos[1]
    } else {
      transcript = own[0] + hellos[0]
    }
    transcript += server.handshake[0] + server.handshake[1]
    // CertificateVerify: SM2 under the identity of RFC 8998 and no other.
    let chain = try CertificateMessage.read(
      HandshakeMessage(kind: .certificate, body: Array(server.handshake[1].dropFirst(4)), place: 0),
      isTLS13: true)
    let leaf = try Certificate(der: chain[0])
    let content =
      [UInt8](repeating: 32, count: 64) + Array("TLS 1.3, server CertificateVerify".utf8) + [0]
      + (try SM3.digest(transcript))
    let verify = server.handshake[2]
    #expect(verify[4...5] == [7, 8])
    for (identity, isRight) in [
      (GMTLSClient.identity, true), (SM2.defaultIdentity, false), ("", false),
    ] {
      #expect(
        try SM2.verify(
          signature: Array(verify.dropFirst(8)), message: content, publicKeyOf: leaf,
          identity: identity) == isRight)
    }
    transcript += verify
    #expect(
      try HandshakeSecrets.verifyData(
        .sm3, secret: secret("SERVER_HANDSHAKE_TRAFFIC_SECRET"),
        transcript: SM3.digest(transcript)) == Array(server.handshake[3].dropFirst(4)))
    transcript += server.handshake[3]
    #expect(
      try HandshakeSecrets.verifyData(
        .sm3, secret: secret("CLIENT_HANDSHAKE_TRAFFIC_SECRET"),
        transcript: SM3.digest(transcript)) == Array(client.handshake[0].dropFirst(4)))
    // What we seal with the same keys is what was recorded.
    var keys = try TrafficKeys(cipher, secret: secret("CLIENT_HANDSHAKE_TRAFFIC_SECRET"))
    #expect(
      try keys.seal(client.handshake[0], .handshake) == recorded.sent.first { $0[0] == 23 })
  }
}
