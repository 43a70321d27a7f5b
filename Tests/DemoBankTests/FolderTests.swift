import Foundation
import NationalCrypto
import Testing

@testable import DemoBank

@Suite struct FolderTests {
  @Test("a folder that is missing, empty or of an earlier demo is taken")
  func takesFolders() throws {
    let folder = try TemporaryFolder()
    let inner = folder.path + "/a/b"
    for _ in 0..<2 {
      let bank = try DemoBank.start(in: inner)
      #expect(bank.scopePath == inner + "/scope.yaml")
      #expect(FileManager.default.fileExists(atPath: bank.scopePath))
      #expect(bank.stop())
    }
  }

  @Test("a folder with something else in it is refused and left as it was")
  func refusesForeignFolder() throws {
    let folder = try TemporaryFolder()
    try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.path + "/scope.yaml"))
    #expect(throws: DemoError.folderInUse(path: folder.path)) {
      try DemoBank.start(in: folder.path)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["scope.yaml"])
    #expect(FileManager.default.contents(atPath: folder.path + "/scope.yaml") == Data("mine".utf8))
  }

  @Test("a symbolic link in the way is not followed")
  func refusesLinks() throws {
    let folder = try TemporaryFolder()
    try DemoBank.start(in: folder.path + "/bank").stop()
    let victim = folder.path + "/victim"
    try Data("mine".utf8).write(to: URL(fileURLWithPath: victim))
    let scope = folder.path + "/bank/scope.yaml"
    try FileManager.default.removeItem(atPath: scope)
    try FileManager.default.createSymbolicLink(atPath: scope, withDestinationPath: victim)
    #expect(throws: DemoError.file(path: scope, code: ELOOP)) {
      try DemoBank.start(in: folder.path + "/bank")
    }
    #expect(FileManager.default.contents(atPath: victim) == Data("mine".utf8))
  }

  @Test("private keys can be read by their owner alone; one is in clear, one encrypted")
  func keys() throws {
    let folder = try TemporaryFolder()
    try DemoBank.start(in: folder.path).stop()
    for (name, header) in [
      ("ledger-sm2-sign.key.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----"),
      ("legacy-rsa-1024.key.pem", "-----BEGIN PRIVATE KEY-----"),
    ] {
      let path = folder.path + "/assets/" + name
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix(header))
    }
  }

  @Test("certificates are what their names say and verify under their issuer's key")
  func certificates() throws {
    let now = 1_800_000_000.0
    let made = try DemoCertificates(now: now)
    let good = try #require(made.good.first)
    let cases: [(DemoCertificate, String, Int, String, String)] = [
      (good.certificate, "EC", 256, "SHA-256", "ebank.example-bank.test"),
      (made.bad.certificate, "RSA", 1024, "SHA-1", "legacy.example-bank.test"),
      (made.signingCertificate, "SM2", 256, "SM3", "ledger.example-bank.test"),
      (made.encryptionCertificate, "SM2", 256, "SM3", "ledger.example-bank.test"),
    ]
    for (certificate, algorithm, bits, digest, name) in cases {
      let read = try Certificate(pem: certificate.pem())
      #expect(read.subject.hasPrefix("CN=\(name)"))
      #expect(read.issuer.hasPrefix("CN=示例 CA"))
      #expect(read.dnsNames == [name])
      #expect(read.keyAlgorithm == algorithm)
      #expect(read.keyBits == bits)
      #expect(read.signatureDigest == digest)
    }
    let expired = try Certificate(pem: made.bad.certificate.pem())
    #expect(expired.notAfter == "2026-12-16T08:00:00Z")
    for identity in made.good + [made.bad] {
      let leaf = try Certificate(pem: identity.certificate.pem())
      let issuer = try Certificate(pem: identity.issuer.pem())
      #expect(issuer.isCA)
      #expect(try leaf.isSigned(by: issuer))
    }
  }

  @Test(
    "days are those of Shanghai, whatever the clock says",
    arguments: [
      (0.0, 0, "1970-01-01"), (1_795_276_799, 0, "2026-11-21"), (1_795_276_800, 0, "2026-11-22"),
      (1_795_276_800, -1, "2026-11-21"), (1_795_276_800, 30, "2026-12-22"),
      (1_709_136_000, 1, "2024-03-01"), (.nan, 0, "1970-01-01"), (-1e300, 0, "1970-01-01"),
      (1e300, 0, "9999-12-31"),
    ])
  func days(now: Double, offset: Int, expected: String) {
    #expect(DemoDays(now: now).day(offset) == expected)
  }
}
