import Glibc
import NationalCrypto
import Testing

@testable import DemoBank

@Suite("The TLCP server of the bank, by its bytes")
struct TLCPBytesTests {
  private static let random = [UInt8](repeating: 7, count: 32)

  /// A ClientHello record offering `suites`, with an empty session id.
  private static func hello(_ suites: [UInt16], version: [UInt8] = [1, 1]) -> [UInt8] {
    let list = suites.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    let body =
      version + random + [0, UInt8(list.count >> 8), UInt8(list.count & 0xFF)] + list + [1, 0]
    return [22] + version + [0, UInt8(body.count + 4), 1, 0, 0, UInt8(body.count)] + body
  }

  private func answer(
    _ bytes: [UInt8], _ options: TLCPServer.Options = TLCPServer.Options()
  ) throws -> [UInt8] {
    let identity = try TLCPIdentity(
      name: "pay.example-bank.test", now: 1_795_000_000, fault: options.fault)
    let server = try TLCPServer(identity, options)
    defer { server.stop() }
    let client = try #require(LoopbackClient(port: server.port))
    defer { client.end() }
    client.send(bytes)
    // The server waits for our flight; ending our side ends its.
    shutdown(client.socket, CInt(SHUT_WR))
    return try #require(client.readToEnd())
  }

  /// Handshake types of the records, each of which holds one message.
  private func types(_ stream: [UInt8]) -> [UInt8] {
    var rest = stream[...]
    var types: [UInt8] = []
    while rest.count > 5 {
      let bytes = Array(rest.prefix(6))
      types.append(bytes[5])
      rest = rest.dropFirst(5 + Int(bytes[3]) << 8 + Int(bytes[4]))
    }
    return types
  }

  @Test("a hello is answered with the whole flight, a message a record")
  func flight() throws {
    let stream = try answer(Self.hello([0xE051, 0xE013, 0xE053]))
    #expect(stream.prefix(3) == [22, 1, 1])
    #expect(types(stream) == [2, 11, 12, 14])
    // After version, random and a session id of 32 bytes: the first suite offered that it has.
    #expect(stream[43] == 32)
    #expect(stream[76..<79] == [0xE0, 0x13, 0])
    let asking = try answer(
      Self.hello([0xE053]), TLCPServer.Options(clientCertificate: .requested))
    #expect(types(asking) == [2, 11, 12, 13, 14])
  }

  @Test(
    "what it cannot speak is refused with the right alert",
    arguments: [
      (hello([0xE051, 0xE019]), 40), (hello([0xE053], version: [3, 3]), 70),
      ([22, 1, 1, 0xFF, 0xFF], 22), (Array("GET / HTTP/1.0\r\n\r\n".utf8), 22),
      ([20, 1, 1, 0, 1, 1], 10), ([23, 1, 1, 0, 1, 65], 10), ([22, 1, 1, 0, 4, 1, 0, 0, 0], 50),
    ] as [([UInt8], UInt8)])
  func refusals(bytes: [UInt8], alert: UInt8) throws {
    #expect(try answer(bytes) == [21, 1, 1, 0, 2, 2, alert])
  }

  @Test("its certificates are a pair under one issuer, signed with SM2 and SM3")
  func certificates() throws {
    let identity = try TLCPIdentity(name: "pay.example-bank.test", now: 1_795_000_000)
    let chain = try identity.chain.map { try Certificate(der: $0) }
    #expect(chain.map(\.keyAlgorithm) == ["SM2", "SM2", "SM2"])
    #expect(chain[0].subject == chain[1].subject)
    #expect(chain[0].subjectPublicKeyInfo != chain[1].subjectPublicKeyInfo)
    #expect(chain[0].keyUsage == ["digitalSignature", "nonRepudiation"])
    #expect(chain[1].keyUsage?.contains("keyEncipherment") == true)
    #expect(chain[2].isCA)
    for leaf in chain.prefix(2) {
      #expect(try leaf.isSigned(by: chain[2]))
      #expect(leaf.isSignedWithSM2AndSM3)
      #expect(leaf.dnsNames == ["pay.example-bank.test"])
    }
    #expect(
      try SM2.subjectPublicKeyInfo(ofPrivateKeyPEM: identity.encryptionKey)
        == chain[1].subjectPublicKeyInfo)
  }
}
