import AssessmentModel
import Foundation
import PINProbe
import TestSupport
import Testing

@testable import DemoBank

@Suite("PIN services inside TLS", .timeLimit(.minutes(3)))
struct SecureServiceTests {
  /// Certificates of the demonstration bank: the name is ebank.example-bank.test.
  private struct Setting {
    let relay: ServiceRelay
    let certificates: DemoCertificates

    init(
      _ faults: Set<PINServiceFault> = [], isExpired: Bool = false, wantsCertificate: Bool = false
    ) throws {
      certificates = try DemoCertificates(now: Date().timeIntervalSince1970)
      let identity = try #require(isExpired ? certificates.bad : certificates.good.first)
      relay = try ServiceRelay(faults, identity: identity, wantsCertificate: wantsCertificate)
      try relay.folder.write(
        String(decoding: identity.issuer.pem(), as: UTF8.self), to: "issuer.pem")
      try relay.folder.write(
        String(decoding: certificates.signingCertificate.pem(), as: UTF8.self), to: "other.pem")
      try relay.folder.write(
        String(decoding: identity.certificate.pem(), as: UTF8.self), to: "client.pem")
      try relay.folder.write(
        String(decoding: identity.key.privatePEM(password: "sesame-777"), as: UTF8.self),
        to: "client.key")
      try relay.folder.write("sesame-777\n", to: "password.txt")
    }

    func inspect(_ tls: String) async throws -> Inspected {
      let path = try relay.describe(scheme: "tls", adding: "tls: {\(tls)}\n")
      let inspected = await inspectService(path)
      relay.stop()
      return inspected
    }
  }

  private static let right = "trust: issuer.pem, server-name: ebank.example-bank.test"
  private static let certificate =
    "certificate: client.pem, key: \"file:client.key\", password: \"file:password.txt\""

  @Test("are attacked like those in clear, and nothing is found in a correct one")
  func correct() async throws {
    let inspected = try await Setting().inspect(Self.right)
    #expect(inspected.observation.unavailable == nil)
    #expect(inspected.insecure == [:])
    #expect(inspected.results["PIN-16"] == "secure")
  }

  @Test("show their faults")
  func faulty() async throws {
    let inspected = try await Setting([.looseFill]).inspect(Self.right)
    #expect(inspected.insecure == ["PIN-10": "insecure fill-not-checked"])
  }

  @Test("that ask for a certificate get the one of the description")
  func clientCertificate() async throws {
    let setting = try Setting(wantsCertificate: true)
    let inspected = try await setting.inspect("\(Self.right), \(Self.certificate)")
    #expect(inspected.observation.unavailable == nil)
    #expect(inspected.results["PIN-01"] == "secure")
    #expect(inspected.texts.allSatisfy { !$0.contains("sesame") })
  }

  @Test(
    "are asked nothing when the certificate is not what the description expects",
    arguments: [
      (
        "trust: other.pem, server-name: ebank.example-bank.test", false,
        "self-signed certificate in certificate chain"
      ),
      ("trust: issuer.pem, server-name: pay.example-bank.test", false, "hostname mismatch"),
      ("trust: issuer.pem", false, "IP address mismatch"),
      ("trust: issuer.pem, server-name: legacy.example-bank.test", true, "certificate"),
    ])
  func refusedCertificate(tls: String, isExpired: Bool, words: String) async throws {
    let setting = try Setting(isExpired: isExpired)
    let inspected = try await setting.inspect(tls)
    let unavailable = try #require(inspected.observation.unavailable)
    #expect(unavailable.reason == .failed)
    #expect(unavailable.detail.contains(words), "\(unavailable.detail)")
    #expect(setting.relay.requests.isEmpty)
    #expect(inspected.observation.facts["pin.insecure-attacks"] == nil)
  }

  @Test("that miss the client's certificate are not taken for crashing")
  func noClientCertificate() async throws {
    let inspected = try await Setting(wantsCertificate: true).inspect(Self.right)
    #expect(inspected.observation.unavailable?.reason == .failed)
    #expect(inspected.observation.unavailable?.detail.contains("TLS") == true)
    #expect(inspected.insecure == [:])
  }

  @Test("that speak no TLS at all are told")
  func clear() async throws {
    let relay = try ServiceRelay()
    defer { relay.stop() }
    let certificates = try DemoCertificates(now: Date().timeIntervalSince1970)
    let issuer = try #require(certificates.good.first).issuer
    try relay.folder.write(String(decoding: issuer.pem(), as: UTF8.self), to: "issuer.pem")
    let path = try relay.describe(scheme: "tls", adding: "tls: {\(Self.right)}\n")
    let inspected = await inspectService(path, seconds: 20)
    #expect(inspected.observation.unavailable?.reason == .failed)
    #expect(inspected.insecure == [:])
  }
}
