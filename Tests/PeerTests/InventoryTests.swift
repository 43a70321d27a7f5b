import TestSupport
import Testing

@Suite("Inventories of real TLS servers", .enabled(if: peersAreWanted), .timeLimit(.minutes(5)))
struct InventoryTests {
  private func probe(
    _ port: Int, _ parameters: [String] = [], in folder: Folder
  ) async throws -> JSON {
    let run = try await Miping.run(
      ["probe", "run", "tls.endpoint", "tls://127.0.0.1:\(port)", "-f", "json"]
        + parameters.flatMap { ["--param", $0] }, in: folder)
    #expect(run.code == 0, "\(run.errText)")
    return try JSON(reading: run.out)["facts"]
  }

  /// What openssl says it supports in one version, without finite-field exchanges, for which nginx has no
  /// parameters.
  private func codes(_ option: String, in folder: Folder) async throws -> JSON {
    let text = try await OpenSSL.run(
      ["ciphers", "-V", "-s", option, "DEFAULT:@SECLEVEL=0"], in: folder
    ).outText
    let codes = text.split(separator: "\n").filter { !$0.contains("Kx=DH ") }.map { line in
      line.prefix { $0 != "-" }.replacing("0x", with: "").filter(\.isHexDigit)
    }
    return .list(codes.sorted().map { .text($0) })
  }

  @Test(
    "every suite, group, algorithm and certificate of nginx is found",
    arguments: ["polite", "fast"])
  func nginx(method: String) async throws {
    let folder = try Folder()
    try await OpenSSL.certificate("rsa", OpenSSL.rsa, in: folder)
    try await OpenSSL.certificate("ec", OpenSSL.p256, in: folder)
    let server = try await Server.nginx(
      in: folder,
      settings: """
        ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers 'DEFAULT:@SECLEVEL=0';
        ssl_prefer_server_ciphers on; ssl_session_cache shared:S:1m;
        """)
    let facts = try await probe(server.port, ["method=\(method)"], in: folder)
    await server.stop()
    let versions = [
      ("TLS1.0", "-tls1"), ("TLS1.1", "-tls1_1"), ("TLS1.2", "-tls1_2"), ("TLS1.3", "-tls1_3"),
    ]
    #expect(facts["tls.protocols"] == .list(versions.map { .text($0.0) }))
    for (version, option) in versions {
      let known = try await codes(option, in: folder)
      #expect(known.items.count >= 3)
      #expect(facts["tls.accepted-suites"][version] == known, "\(version)")
      #expect(facts["tls.server-preference"][version] == true)
    }
    #expect(
      facts["tls.groups"]["TLS1.3"] == [
        "0017", "0018", "0019", "001D", "001E", "0100", "0101", "0102", "0103", "0104",
      ])
    #expect(facts["tls.groups"]["TLS1.2"] == ["0017", "0018", "0019", "001D", "001E"])
    #expect(
      facts["tls.signature-algorithms"]["TLS1.2"] == [
        "0201", "0203", "0301", "0303", "0401", "0403", "0501", "0503", "0601", "0603", "0804",
        "0805", "0806",
      ])
    #expect(
      Set(facts["tls.certificates"].items.compactMap { $0["authentication"].string })
        == ["RSA", "ECDSA"])
    #expect(facts["tls.fallback-scsv"] == true)
    #expect(facts["tls.resumption"] == ["TLS1.2": "ticket", "TLS1.3": "ticket"])
    #expect(facts["endpoint.problems"] == [])
  }

  @Test("a list gives one line a target, and a target that cannot be looked at stops none")
  func list() async throws {
    let folder = try Folder()
    try await OpenSSL.certificate("one", OpenSSL.p256, in: folder)
    let server = try await Server.openssl("one", [], in: folder)
    let closed = try Loopback.ClosedPort()
    let targets = [
      "tls://127.0.0.1:\(server.port)", "any://127.0.0.1:\(closed.port)",
      "tlcp://127.0.0.1:\(closed.port)", "any://127.0.0.1:\(server.port)",
    ]
    try folder.write("# gateways\n" + targets.joined(separator: "\n") + "\n", to: "list.txt")
    let run = try await Miping.run(
      ["probe", "run", "tls.endpoint", "list.txt", "-f", "json", "--inspections", "2"], in: folder)
    await server.stop()
    #expect(run.code == 3)
    let lines = try run.out.split(separator: 10).map { try JSON(reading: Array($0)) }
    #expect(Set(lines.compactMap { $0["object"].string }) == Set(targets))
    #expect(lines.count == targets.count)
    for line in lines {
      let isClosed = line["object"].string?.hasSuffix(":\(closed.port)") == true
      #expect(line["outcome"].string == (isClosed ? "unavailable" : "observed"))
      #expect(line["facts"]["endpoint.kind"].string == (isClosed ? "refused" : "tls"))
    }
  }

  struct Behaviour: Sendable, CustomTestStringConvertible {
    var options: [String]
    var facts: [String: JSON]

    var testDescription: String { options.joined(separator: " ") }
  }

  @Test(
    "openssl s_server: client certificates, sessions and protocols of the application are as set",
    arguments: [
      Behaviour(
        options: ["-verify", "1"],
        facts: [
          "tls.client-certificate-requested": ["TLS1.2": true, "TLS1.3": true],
          "tls.client-certificate-required": ["TLS1.2": false, "TLS1.3": false],
          "tls.handshake-completed": ["TLS1.2": true, "TLS1.3": true],
        ]),
      Behaviour(
        options: ["-Verify", "1", "-tls1_2"],
        facts: [
          "tls.client-certificate-required": ["TLS1.2": true], "tls.handshake-completed": .null,
        ]),
      Behaviour(
        options: ["-Verify", "1", "-tls1_3"],
        facts: [
          "tls.client-certificate-required": ["TLS1.3": true], "tls.handshake-completed": .null,
        ]),
      Behaviour(
        options: ["-no_ticket"],
        facts: [
          "tls.session-tickets": ["TLS1.2": false],
          "tls.resumption": ["TLS1.2": "session-id", "TLS1.3": "ticket"],
        ]),
      Behaviour(
        options: ["-no_ticket", "-no_cache"],
        facts: [
          "tls.session-ids": ["TLS1.2": false],
          "tls.resumption": ["TLS1.2": "none", "TLS1.3": "none"],
        ]),
      Behaviour(
        options: ["-alpn", "h2", "-serverpref"],
        facts: [
          "tls.alpn": ["TLS1.2": "h2", "TLS1.3": "h2"],
          "tls.server-preference": ["TLS1.2": true, "TLS1.3": true],
        ]),
    ])
  func behaviour(_ server: Behaviour) async throws {
    let folder = try Folder()
    try await OpenSSL.certificate("one", OpenSSL.rsa, in: folder)
    let running = try await Server.openssl("one", server.options, in: folder)
    let facts = try await probe(running.port, in: folder)
    await running.stop()
    for (fact, value) in server.facts { #expect(facts[fact] == value, "\(fact)") }
  }

  @Test("another certificate for another name is told, of whatever kind")
  func names() async throws {
    let folder = try Folder()
    try await OpenSSL.certificate("rsa", OpenSSL.rsa, in: folder)
    try await OpenSSL.certificate("ec", OpenSSL.p256, in: folder)
    let server = try await Server.openssl(
      "rsa",
      ["-servername", "pay.bank.test", "-cert2", "ec.pem", "-key2", "ec.key"], in: folder)
    let facts = try await probe(server.port, ["sni=pay.bank.test"], in: folder)
    await server.stop()
    #expect(
      facts["tls.sni"] == ["unknown-name": "other-certificate", "no-name": "other-certificate"])
  }
}
