import AssessmentModel
import Bytes
import NationalCrypto

@testable import TLSProbe

/// Where the bytes of others come in.
enum FuzzTarget: String, CaseIterable {
  case records, handshake, certificates, capture, pinblocks, messages, pinlogs

  /// Set once, before libFuzzer runs; its callback cannot carry anything along.
  nonisolated(unsafe) static var chosen = FuzzTarget.records

  private static let versions: [ProtocolVersion] = [.tlcp, .ssl2, .ssl3, .tls10, .tls12, .tls13]

  func take(_ bytes: [UInt8]) {
    switch self {
    case .records: Self.records(bytes)
    case .handshake: Self.handshake(bytes)
    case .certificates: Self.certificates(bytes)
    case .capture: _ = try? CaptureContents.transcript(bytes, "transcript")
    case .pinblocks: PINTargets.blocks(bytes)
    case .messages: PINTargets.messages(bytes)
    case .pinlogs: PINTargets.logs(bytes)
    }
  }

  private static func hello(_ version: ProtocolVersion) -> ClientHello {
    let suites: [CipherSuite] =
      switch version {
      case .tlcp: SuiteOffer.tlcp
      case .tls13: SuiteOffer.tls13
      default: SuiteOffer.classic(version).flatMap { $0 }
      }
    var hello = ClientHello(
      version: version, random: [UInt8](repeating: 7, count: 32), suites: suites)
    hello.keyShares = [ClientHello.KeyShare(group: .x25519, key: [UInt8](repeating: 9, count: 32))]
    return hello
  }

  private static let hellos = versions.map(hello)

  /// A stream as a server may send it, in pieces; the first byte says in answer to what, and how cut.
  private static func records(_ bytes: [UInt8]) {
    guard let first = bytes.first else { return }
    let hello = hellos[Int(first & 7) % hellos.count]
    let piece = Int(first >> 3) * 8 + 1
    var reader: any AnswerReader =
      hello.version == .ssl2
      ? SSL2Reader()
      : FlightReader(answering: hello) { _, _ in [UInt8](repeating: 5, count: 32) }
    var rest = bytes.dropFirst()
    while !rest.isEmpty, !reader.flight.isOver {
      do { try reader.feed(Array(rest.prefix(piece))) } catch { return }
      rest = rest.dropFirst(piece)
    }
    do { try reader.end() } catch { return }
    state(reader.flight, hello)
  }

  private static func state(_ flight: ServerFlight, _ hello: ClientHello) {
    let answer = Answer(name: "fuzz", hello: hello, flight: flight, end: .read)
    let facts = EndpointFacts(
      [answer], name: "pay.bank.example", now: "2026-11-21T00:00:00Z", place: "fuzz")
    _ = JSONText.compact(.record(facts.facts))
  }

  /// Handshake messages without records; the first byte says for which suite and version.
  private static func handshake(_ bytes: [UInt8]) {
    guard let first = bytes.first else { return }
    let version = versions[Int(first & 7) % versions.count]
    let suites: [UInt16] = [0xC02F, 0xE013, 0xE011, 0x0033, 0x0003, 0x00A8, 0xC006, 0x1301]
    let suite = CipherSuite(suites[Int(first >> 3) % suites.count])
    var messages = HandshakeAssembler()
    do throws(WireError) {
      try messages.feed(Array(bytes.dropFirst()), at: 0)
      while let message = try messages.next() {
        _ = try? ServerHello(message).violations(of: hellos[Int(first & 7) % hellos.count])
        _ = try? ServerKeyExchange(message, suite: suite, version: version)
        _ = try? CertificateMessage.readStapled(message, isTLS13: version == .tls13)
        _ = try? ExtensionList.read(message, named: "EncryptedExtensions")
      }
    } catch {
      return
    }
  }

  /// One certificate, then the same twice as a chain and as a TLCP pair.
  private static func certificates(_ bytes: [UInt8]) {
    let chain = ServedChain([bytes, bytes])
    _ = JSONText.compact(chain.fact)
    _ = chain.keyLabels
    guard let certificates = chain.certificates else { return }
    let checks = CertificateChecks(leaves: certificates)
    _ = checks.matches("pay.bank.example")
    _ = checks.validity(at: "2026-11-21T00:00:00Z")
    _ = CertificatePair(certificates).order
    _ = try? certificates[0].isSigned(by: certificates[0])
  }
}
