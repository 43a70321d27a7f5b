import Foundation
import TestSupport
import Testing

@Suite("A hostile certificate", .enabled(if: peersAreWanted), .timeLimit(.minutes(3)))
struct HostileCertificateTests {
  /// Script, a closing tag, terminal and layout controls, all as text in the subject.
  private static let name =
    "</td><script>document.title='taken'</script><img src=x onerror=document.title='taken'>"
    + "\u{1B}]0;taken\u{07}\u{1B}[31m\u{85}\u{9B}31m\u{202E}\u{2066}\u{200B}"

  /// Serves a self-signed certificate with `filler` characters more in its subject.
  private func serve(filler: Int, in folder: Folder) async throws -> Server {
    func written(_ text: some StringProtocol) -> String {
      text.replacingOccurrences(of: "'", with: "\\'")
    }
    try folder.write(
      """
      [req]
      distinguished_name=dn
      prompt=no
      string_mask=utf8only
      utf8=yes
      [dn]
      O=\(written("<script>document.title='taken'</script>"))
      CN=\(written(Self.name.prefix(60)))
      postalAddress=\(written(Self.name))
      description=\(String(repeating: "x", count: filler))
      """, to: "hostile.cnf")
    try await OpenSSL.run(
      [
        "req", "-x509", "-config", "hostile.cnf", "-newkey", "rsa:2048", "-nodes", "-keyout",
        "bad.key", "-out", "bad.pem", "-days", "30",
      ], in: folder)
    return try await Server.openssl("bad", ["-tls1_2"], in: folder)
  }

  /// Scalars that act instead of being shown, line feeds aside.
  private func active(_ bytes: [UInt8]) -> [Unicode.Scalar] {
    String(decoding: bytes, as: UTF8.self).unicodeScalars.filter { scalar in
      switch scalar.value {
      case 0x0A: false
      case 0..<0x20, 0x7F...0x9F, 0x200B...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
      default: false
      }
    }
  }

  /// Subject and issuer carry the name, so that 150 000 twice is more than the probe reads of one message:
  /// it says so.
  @Test(
    "its subject is inert on the terminal, in JSON, HTML and JUnit, and runs nothing",
    arguments: [(65_536, true), (150_000, false)])
  func inert(filler: Int, isRead: Bool) async throws {
    let folder = try Folder()
    let server = try await serve(filler: filler, in: folder)
    let target = "tls://127.0.0.1:\(server.port)"
    try folder.write(scope([("bad", server.port)]), to: "scope.yaml")
    let json = try await Miping.run(
      ["probe", "run", "tls.endpoint", target, "-f", "json"], in: folder)
    let table = try await Miping.run(["probe", "run", "tls.endpoint", target], in: folder)
    let run = try await Miping.run(
      ["assess", "scope.yaml", "-f", "table", "-f", "json:r.json", "-f", "html:r.html"]
        + ["-f", "junit:r.xml"], in: folder)
    await server.stop()

    let facts = try JSON(reading: json.out)["facts"]
    if isRead {
      let chain = facts["tls.certificates"].items.first?["chain"].items
      let subject = try #require(chain?.first?["subject"].string)
      #expect(subject.contains("script") && subject.utf8.count > filler)
    } else {
      #expect(facts["tls.certificates"].items.isEmpty)
      let problems = facts["endpoint.problems"].items
      #expect(problems.first?["code"] == "bad-handshake-length")
      #expect(problems.first?["message"].string?.contains("at most 262144 expected") == true)
    }
    #expect([0, 1].contains(run.code), "\(run.errText)")
    let outputs = [
      json.out, json.err, table.out, table.err, run.out, run.err, try folder.bytes("r.json"),
      try folder.bytes("r.html"), try folder.bytes("r.xml"),
    ]
    for (place, output) in outputs.enumerated() {
      #expect(active(output).isEmpty, "output \(place)")
    }
    let html = try folder.text("r.html")
    #expect(!html.contains("<script>document"))
    #expect(!html.contains("<img src=x"))
    #expect(html.utf8.count < 4_000_000)
    let page = try await Chromium.visit("r.html", ["--dump-dom"], in: folder)
    #expect(page.code == 0)
    let title = try #require(html.firstRange(of: /<title>[^<]*<\/title>/).map { html[$0] })
    #expect(page.outText.contains(title))
    #expect(!page.outText.contains("<title>taken"))
  }
}
