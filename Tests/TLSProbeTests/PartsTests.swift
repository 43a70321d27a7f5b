import AssessmentModel
import Bytes
import Foundation
import NationalCrypto
import ProbeKit
import Testing

@testable import TLSProbe

@Suite("Parts of the TLS probe")
struct PartsTests {
  @Test(
    "suites are taken apart",
    arguments: [
      (
        0xC02F, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE", "RSA", "AES-128", "GCM", "SHA-256"
      ),
      (
        0xC0AE, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", "ECDHE", "ECDSA", "AES-128", "CCM_8",
        "SHA-256"
      ),
      (0x0005, "TLS_RSA_WITH_RC4_128_SHA", "RSA", "RSA", "RC4-128", "stream", "SHA-1"),
      (0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA", "DHE", "RSA", "AES-256", "CBC", "SHA-1"),
      (
        0xC024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", "ECDHE", "ECDSA", "AES-256", "CBC",
        "SHA-384"
      ),
      (0x1303, "TLS_CHACHA20_POLY1305_SHA256", "any", "any", "CHACHA20", "AEAD", "SHA-256"),
      (0x00C6, "TLS_SM4_GCM_SM3", "any", "any", "SM4", "GCM", "SM3"),
      (0xE013, "ECC_SM4_CBC_SM3", "SM2-encryption", "SM2", "SM4", "CBC", "SM3"),
      (0xE011, "ECDHE_SM4_CBC_SM3", "SM2-agreement", "SM2", "SM4", "CBC", "SM3"),
      (0xE01C, "RSA_SM4_CBC_SHA256", "RSA", "RSA", "SM4", "CBC", "SHA-256"),
      (0xE001, "ECDHE_SM1_SM3", "SM2-agreement", "SM2", "SM1", "CBC", "SM3"),
      (
        0xC019, "TLS_ECDH_anon_WITH_AES_256_CBC_SHA", "ECDHE", "anonymous", "AES-256", "CBC",
        "SHA-1"
      ),
    ] as [(UInt16, String, String, String, String, String, String)])
  func suites(
    code: UInt16, name: String, exchange: String, authentication: String, cipher: String,
    mode: String, digest: String
  ) throws {
    let parts = try #require(CipherSuite(code).parts)
    #expect(parts.name == name)
    #expect(parts.keyExchange.rawValue == exchange)
    #expect(parts.authentication.rawValue == authentication)
    #expect(parts.cipher == cipher)
    #expect(parts.mode.rawValue == mode)
    #expect(parts.digest == digest)
  }

  @Test("no two suites share a name, and signs are no suites")
  func suiteNames() {
    let names = SuiteTable.parts.map(\.value.name)
    // The draft ChaCha20 suites bear the names of the later ones.
    #expect(names.count - Set(names).count == 3)
    #expect(CipherSuite.renegotiationSign.parts == nil)
    #expect(CipherSuite(0x5600).parts == nil)
    #expect(SuiteOffer.tlcp.count == 19)
  }

  @Test(
    "hellos offer every suite once, at most 120 in each",
    arguments: [ProtocolVersion.ssl3, .tls10, .tls11, .tls12])
  func offers(version: ProtocolVersion) {
    let chunks = SuiteOffer.classic(version)
    let all = chunks.flatMap { $0 }
    #expect(Set(all).count == all.count)
    #expect(chunks.allSatisfy { (1...120).contains($0.count) })
    #expect(chunks[0].allSatisfy { $0.parts?.isAuthenticated ?? false })
    #expect(chunks[0].allSatisfy { $0.parts?.isEncrypting ?? false })
    let expected = SuiteTable.all.filter { suite in
      guard let parts = suite.parts else { return false }
      return parts.keyExchange != .any && suite.rawValue >> 8 != 0xE0
        && (version == .tls12 || !parts.needsTLS12)
    }
    #expect(Set(all) == Set(expected))
  }

  @Test("no hello with extensions is 256 to 511 bytes long", arguments: [0, 1, 20, 60, 120, 253])
  func helloLength(nameLength: Int) throws {
    let name = nameLength == 0 ? nil : String(repeating: "a", count: nameLength)
    let maker = HelloMaker(serverName: name)
    let exchanges =
      [ProtocolVersion.tls10, .tls11, .tls12].flatMap { version in
        (1...60).map { count in
          maker.classic(
            version, name: "", suites: Array(SuiteOffer.classic(version)[0].prefix(count)))
        }
      } + [maker.tls13(), maker.tls13(shares: []), maker.tls13(shares: [.x448])]
    for exchange in exchanges {
      let message = exchange.hello.message.encoded
      #expect(!(256...511).contains(message.count))
      #expect(exchange.hello.record.count == message.count + 5)
      // What is written reads back.
      let read = try Recording(name: "", sent: exchange.hello.record, received: []).hello
      #expect(read.suites == exchange.hello.suites)
      #expect(read.random == exchange.hello.random)
      #expect(read.version == exchange.hello.version)
      #expect(read.keyShares == exchange.hello.keyShares)
    }
  }

  @Test("a TLCP hello carries a name at most, and 0101 in both places")
  func tlcpHello() throws {
    let plain = HelloMaker(serverName: "a.example").tlcp(name: "", isPlain: true).hello
    let named = HelloMaker(serverName: "a.example").tlcp(name: "").hello
    #expect(plain.offeredExtensions == [])
    #expect(named.offeredExtensions == [0])
    #expect(Array(plain.record[1...2]) == [1, 1])
    #expect(Array(plain.record[9...10]) == [1, 1])
    #expect(plain.record.count == 5 + 4 + 35 + 2 + 2 * 19 + 2)
    #expect(named.record.count == plain.record.count + 2 + 4 + 5 + 9)
  }

  /// RFC 8448 section 3, "Simple 1-RTT Handshake".
  @Test("the key schedule gives the values of RFC 8448")
  func keySchedule() throws {
    func hex(_ text: String) throws -> [UInt8] { try #require(bytes(fromHexadecimal: text)) }
    let secrets = try HandshakeSecrets(
      .sha256,
      shared: hex("8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d"),
      transcript: hex("860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8"))
    #expect(
      hexadecimal(secrets.server)
        == "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38")
    #expect(
      hexadecimal(
        try ScheduleHash.sha256.expand(secrets.server, label: "key", context: [], length: 16))
        == "3fce516009c21727d0f2e4e86ee403bc")
    #expect(
      hexadecimal(
        try ScheduleHash.sha256.expand(secrets.server, label: "iv", context: [], length: 12))
        == "5d313eb2671276ee13000b30")
  }

  @Test(
    "both sides agree on a secret, and refuse a point off the curve", arguments: KeyAgreement.groups
  )
  func agreement(group: NamedGroup) throws {
    let first = try KeyAgreement(group)
    let second = try KeyAgreement(group)
    let secret = try first.sharedSecret(with: second.publicKey)
    #expect(try secret == second.sharedSecret(with: first.publicKey))
    // A number as long as the prime, or one coordinate.
    if NamedGroup.finiteFields.contains(group) { #expect(secret.count == second.publicKey.count) }
    #expect(throws: CryptoError.self) {
      try first.sharedSecret(with: Array(second.publicKey.dropLast()))
    }
    #expect(throws: CryptoError.self) { try first.sharedSecret(with: []) }
  }

  @Test(
    "targets are read",
    arguments: [
      ("tls://10.1.2.3:8443", "tls", "10.1.2.3", 8443),
      ("TLCP://pay.example", "tlcp", "pay.example", 443),
      ("any://[2001:db8::1]:44", "any", "2001:db8::1", 44), ("tls://[::1]", "tls", "::1", 443),
      ("tls://host:1/", "tls", "host", 1),
    ] as [(String, String, String, UInt16)])
  func locators(text: String, scheme: String, host: String, port: UInt16) throws {
    let locator = try #require(Locator(text))
    #expect(locator.scheme.rawValue == scheme)
    #expect(locator.host == host)
    #expect(locator.port == port)
  }

  @Test(
    "other targets are refused",
    arguments: [
      "", "tls://", "https://a:1", "tls://a:0", "tls://a:65536", "tls://a:+1", "tls://a:1:2",
      "tls://::1", "tls://[::1", "tls://[a]:1", "tls://a b", "tls://a/b", "tls://user@a", "tls:a:1",
      "tls://a:", "tls://\u{202E}a",
    ])
  func badLocators(text: String) async throws {
    #expect(Locator(text) == nil)
    let seen = try await TLSEndpointProbe(parameters: [:]).inspect(
      AssessmentObject(id: "x", kind: .channel, locator: text), until: .now + .seconds(1))
    #expect(seen.unavailable?.reason == .failed)
  }

  @Test(
    "names match by RFC 6125",
    arguments: [
      ("pay.example.test", "pay.example.test", true),
      ("PAY.example.test", "pay.EXAMPLE.test", true),
      ("*.example.test", "pay.example.test", true), ("*.example.test", "a.b.example.test", false),
      ("*.example.test", "example.test", false), ("*.test", "example.test", false),
      ("p*.example.test", "pay.example.test", false),
      ("pay.example.test.", "pay.example.test", true),
      ("", "", true), ("*", "a", false),
    ])
  func names(pattern: String, name: String, isMatch: Bool) {
    #expect(HostName.matches(pattern, name) == isMatch)
  }

  @Test(
    "addresses and damaged names are never asked for",
    arguments: [
      "10.1.2.3", "::1", "", ".", "a b", "名.example", "a\nb", String(repeating: "a", count: 254),
    ])
  func serverNames(text: String) { #expect(HostName.serverName(text) == nil) }

  @Test(
    "parameters it does not understand are refused",
    arguments: [
      ("method", "slow"), ("method", 1), ("connections", 0), ("connections", 65),
      ("connections", "x"),
      ("sni", "10.0.0.1"), ("sni", true), ("snl", "a.example"),
    ] as [(String, FactValue)])
  func parameters(name: String, value: FactValue) {
    #expect {
      try TLSEndpointProbe(parameters: [name: value])
    } throws: {
      ($0 as? ParameterError)?.parameter == name
    }
  }

  @Test("every fact is in Facts.md, and Facts.md names no other")
  func documentation() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Probes/TLSProbe/Facts.md").standardizedFileURL
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    // What follows is about the other probe of this module.
    let own = text.components(separatedBy: "\n# Facts of `tls.capture`")[0]
    let named = own.split(separator: "\n").filter { $0.hasPrefix("| `") }
      .compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
    #expect(Set(named) == Set(TLSEndpointProbe.description.facts.keys))
    #expect(Set(named).count == named.count)
  }

  @Test(
    "validity is the worst of the leaves",
    arguments: [
      ("2020-01-01T00:00:00Z", "not-yet-valid"), ("2099-01-01T00:00:00Z", "expired"),
    ])
  func validity(now: String, expected: String) throws {
    let chain = try #require(try Recording.tls("openssl-tls12-rsa").answer().flight.chain)
    let leaves = [try #require(ServedChain(chain).leaf)]
    #expect(CertificateChecks(leaves: leaves).validity(at: now) == expected)
    #expect(
      CertificateChecks(leaves: leaves).validity(at: leaves[0].notAfter ?? "") == "valid")
    #expect(CertificateChecks(leaves: []).validity(at: now) == nil)
    let name = try #require(leaves[0].dnsNames.first)
    #expect(CertificateChecks(leaves: leaves).matches(name) == true)
    #expect(CertificateChecks(leaves: leaves).matches("other.invalid") == false)
  }
}
