import TestSupport
import Testing

@Suite("Real TLS servers", .enabled(if: peersAreWanted), .timeLimit(.minutes(5)))
struct EndpointTests {
  private func probe(_ port: Int, in folder: Folder) async throws -> JSON {
    let run = try await Miping.run(
      ["probe", "run", "tls.endpoint", "any://127.0.0.1:\(port)", "--param", "sni=pay.bank.test"]
        + ["-f", "json"], in: folder)
    #expect(run.code == 0, "\(run.errText)")
    return try JSON(reading: run.out)
  }

  @Test("nginx: versions, suites chosen and both certificates are its own")
  func nginx() async throws {
    let folder = try Folder()
    try await OpenSSL.certificate("rsa", OpenSSL.rsa, in: folder)
    try await OpenSSL.certificate("ec", OpenSSL.p256, in: folder)
    let server = try await Server.nginx(in: folder)
    let inspection = try await probe(server.port, in: folder)
    await server.stop()
    #expect(inspection["schema"] == "miping.inspection/1")
    #expect(inspection["outcome"] == "observed")
    let facts = inspection["facts"]
    #expect(facts["endpoint.kind"] == "tls")
    #expect(facts["tlcp.offered"] == false)
    #expect(facts["tls.protocols"] == ["TLS1.2", "TLS1.3"])
    #expect(facts["tls.chosen-suite"] == ["TLS1.2": "C02B", "TLS1.3": "1302"])
    #expect(facts["tls.protected"] == true)
    #expect(facts["tls.certificate.key-algorithms"] == ["EC-P-256", "RSA-2048"])
    #expect(facts["tls.certificate.name-matches"] == true)
    #expect(facts["tls.certificate.validity"] == "valid")
    #expect(facts["tls.key-exchange-signature-valid"] == ["TLS1.2": true, "TLS1.3": true])
    let served = Dictionary(
      facts["tls.certificates"].items.map {
        ($0["authentication"].string ?? "", $0["chain"].items.compactMap { $0["sha256"].string })
      }
    ) { first, _ in first }
    #expect(
      served == [
        "RSA": [try await OpenSSL.digest(of: "rsa", in: folder)],
        "ECDSA": [try await OpenSSL.digest(of: "ec", in: folder)],
      ])
  }

  struct OldOrNew: Sendable, CustomTestStringConvertible {
    var key: [String]
    var options: [String]
    var protocols: JSON
    var suite: JSON
    var algorithm: String

    var testDescription: String { options.joined(separator: " ") }
  }

  @Test(
    "openssl s_server: the one version it speaks, the suite it is left with, its certificate",
    arguments: [
      OldOrNew(
        key: OpenSSL.rsa, options: ["-tls1", "-cipher", "AES128-SHA:@SECLEVEL=0"],
        protocols: ["TLS1.0"], suite: ["TLS1.0": "002F"], algorithm: "RSA-2048"),
      OldOrNew(
        key: OpenSSL.rsa, options: ["-tls1_1", "-cipher", "ECDHE-RSA-AES256-SHA:@SECLEVEL=0"],
        protocols: ["TLS1.1"], suite: ["TLS1.1": "C014"], algorithm: "RSA-2048"),
      OldOrNew(
        key: OpenSSL.p256, options: ["-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"],
        protocols: ["TLS1.2"], suite: ["TLS1.2": "CCA9"], algorithm: "EC-P-256"),
      OldOrNew(
        key: OpenSSL.p256, options: ["-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"],
        protocols: ["TLS1.3"], suite: ["TLS1.3": "1303"], algorithm: "EC-P-256"),
      // A group of RFC 7919 alone: its certificate shows only to who agrees on it.
      OldOrNew(
        key: OpenSSL.rsa, options: ["-tls1_3", "-groups", "ffdhe2048"],
        protocols: ["TLS1.3"], suite: ["TLS1.3": "1301"], algorithm: "RSA-2048"),
    ])
  func versions(server one: OldOrNew) async throws {
    let folder = try Folder()
    try await OpenSSL.certificate("one", one.key, in: folder)
    let server = try await Server.openssl("one", one.options, in: folder)
    let facts = try await probe(server.port, in: folder)["facts"]
    await server.stop()
    #expect(facts["endpoint.kind"] == "tls")
    #expect(facts["tls.protocols"] == one.protocols)
    #expect(facts["tls.protocols-undetermined"] == [])
    #expect(facts["tls.chosen-suite"] == one.suite)
    #expect(facts["tls.certificate.key-algorithms"] == [.text(one.algorithm)])
    let chain = facts["tls.certificates"].items.first?["chain"].items ?? []
    #expect(
      chain.compactMap { $0["sha256"].string } == [try await OpenSSL.digest(of: "one", in: folder)])
  }

  @Test("a server with nothing but suites of a shared secret is neither protected nor in clear")
  func sharedSecret() async throws {
    let folder = try Folder()
    try await OpenSSL.certificate("one", OpenSSL.rsa, in: folder)
    let server = try await Server.openssl(
      "one",
      ["-tls1_2", "-psk", "0123456789abcdef", "-cipher", "PSK-AES128-GCM-SHA256"], in: folder)
    let facts = try await probe(server.port, in: folder)["facts"]
    await server.stop()
    #expect(facts["tls.accepted-suites"] == ["TLS1.2": ["00A8"]])
    #expect(facts["tls.protected"] == .null)
  }

  @Test("an assessment of nginx and old and new s_server: verdicts, high risk, gate")
  func assessment() async throws {
    let folder = try Folder()
    try await OpenSSL.certificate("rsa", OpenSSL.rsa, in: folder)
    try await OpenSSL.certificate("ec", OpenSSL.p256, in: folder)
    let nginx = try await Server.nginx(in: folder)
    let old = try await Server.openssl("rsa", ["-tls1", "-cipher", "ALL:@SECLEVEL=0"], in: folder)
    let new = try await Server.openssl("ec", ["-tls1_3"], in: folder)
    try folder.write(
      scope([("nginx", nginx.port), ("old", old.port), ("new", new.port)]), to: "scope.yaml")
    let (run, result) = try await Miping.assess(in: folder)
    for server in [nginx, old, new] { await server.stop() }
    #expect(run.code == 1, "\(run.errText)")
    #expect(result["gate"]["exit-code"] == 1)
    #expect(result.inspection("nginx")["facts"]["tls.protocols"] == ["TLS1.2", "TLS1.3"])
    #expect(result.inspection("old")["facts"]["tls.protocols"] == ["TLS1.0"])
    #expect(result.inspection("new")["facts"]["tls.protocols"] == ["TLS1.3"])
    for name in ["nginx", "old", "new"] {
      let finding = result.finding("L3-net.conf", name)
      #expect(finding["verdict"] == "partial", "\(name)")
      #expect(finding["d"] == "met")
      #expect(finding["a"] == "not-met")
      #expect(!finding["evidence"].items.isEmpty)
    }
    let counting = result["high-risk"].items.filter { $0["counts"] == true }
    #expect(Set(counting.map { $0["code"] }) == ["5.2"])
    #expect(Set(counting.map { $0["object"] }) == ["old"])
    #expect(counting.contains { $0["unit"] == "net.conf" && $0["state"] == "proposed" })
  }

  @Test("a closed port and a tarpit are untested with their cause; only completeness fails on them")
  func unreachable() async throws {
    let folder = try Folder()
    let closed = try Loopback.ClosedPort()
    let tarpit = try Loopback.Listener(.silent)
    try folder.write(
      scope([("closed", closed.port), ("tarpit", tarpit.port)], deadline: "2s"), to: "scope.yaml")
    let (run, result) = try await Miping.assess(in: folder)
    #expect(run.code == 0, "\(run.errText)")
    for (object, reason) in [("closed", "refused"), ("tarpit", "silent")] {
      let inspection = result.inspection(object)
      #expect(inspection["outcome"] == "unavailable")
      #expect(inspection["reason"]["reason"].string == reason)
      #expect(inspection["facts"]["endpoint.kind"].string == reason)
      let finding = result.finding("L3-net.conf", object)
      #expect(finding["verdict"] == "untested")
      #expect(!finding["reasons"].items.isEmpty)
    }
    #expect(tarpit.count > 0)
    #expect(result["score"]["total"].isNull)
    #expect(result["score"]["range"]["lower"].string != nil)
    #expect(result["score"]["conclusion"].isNull)
    let complete = try await Miping.assess(["--gate", "complete"], in: folder)
    #expect(complete.finished.code == 3)
    #expect(complete.result["gate"]["exit-code"] == 3)
  }

  @Test("a probe by hand ends with 3 where nothing could be learnt")
  func byHand() async throws {
    let folder = try Folder()
    let closed = try Loopback.ClosedPort()
    let run = try await Miping.run(
      ["probe", "run", "tls.endpoint", "tls://127.0.0.1:\(closed.port)", "-f", "json"], in: folder)
    #expect(run.code == 3)
    let inspection = try JSON(reading: run.out)
    #expect(inspection["outcome"] == "unavailable")
    #expect(inspection["reason"]["reason"] == "refused")
  }
}
