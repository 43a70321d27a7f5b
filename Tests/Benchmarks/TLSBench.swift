import Foundation

/// The TLS probe beside nmap, sslscan and sslyze, on one nginx in one run: on loopback, and through a proxy
/// that delays data by 40 ms a round trip. A scanner that is not installed is left out, and said so.
enum TLSBench {
  /// What the server has, by one connection a code: see `TLSBenchServer.configuration`.
  static let truth = ScannerFindings(suites: 35, groups: 10, signatures: 13, certificates: 2)

  private static let roundTrip = Duration.milliseconds(40)
  private static let endpoints = 200

  static func measure(miping: String, sslyze: String) async throws -> [Row] {
    let server = try TLSBenchServer(addresses: endpoints)
    defer { server.stop() }
    let far = try await DelayProxy(to: server.port, delay: roundTrip / 2)
    let near = try await DelayProxy(to: server.port, delay: .zero)
    var rows: [Row] = []
    print(Scanner.header)
    for (place, port, targets) in [
      ("loopback", server.port, (polite: 0.08, fast: 0.08)),
      ("40 ms", far.port, (polite: 0.5, fast: 0.25)),
    ] {
      let scanners = Scanner.all(miping: miping, sslyze: sslyze)
      var usual: Double?
      for scanner in scanners {
        guard let measured = try scanner.measure(port, in: server.folder) else {
          print("\(scanner.name): not installed")
          continue
        }
        usual = usual ?? measured.seconds
        print(
          scanner.line(place, measured, ratio: measured.seconds / (usual ?? measured.seconds)))
        guard scanner.isOurs else { continue }
        rows.append(
          Row(
            what: "\(scanner.name), one endpoint, \(place)", value: measured.seconds, unit: "s",
            target: scanner.isFast ? targets.fast : targets.polite))
        rows.append(
          Row(
            what: "\(scanner.name), \(place): missed of 60 things",
            value: Double(measured.findings.missed(of: truth)), unit: "", target: 0))
      }
    }
    let before = near.connections
    _ = try Scanner.all(miping: miping, sslyze: sslyze).first?
      .measure(near.port, in: server.folder, repeats: 1)
    rows.append(
      Row(
        what: "miping polite, connections to one endpoint",
        value: Double(near.connections - before), unit: "", target: 75))
    rows += try many(
      miping, (1...endpoints).map { "tls://127.0.0.\($0):\(server.port)" }, "loopback", 4,
      in: server.folder)
    rows += try many(
      miping, [String](repeating: "tls://127.0.0.1:\(far.port)", count: endpoints), "40 ms", 8,
      in: server.folder)
    if FileManager.default.isExecutableFile(atPath: "/usr/bin/nmap") {
      let run = try Command.run(
        ["/usr/bin/nmap", "-Pn", "-n", "--script", "ssl-enum-ciphers", "-p", "\(server.port)"]
          + ["127.0.0.1-\(endpoints)"], output: server.folder + "/nmap.txt")
      rows.append(
        Row(what: "nmap, \(endpoints) endpoints, loopback", value: run.seconds, unit: "s"))
    }
    try await far.stop()
    try await near.stop()
    return rows
  }

  /// A list of endpoints: time, peak of memory, and how many were not wholly found out.
  private static func many(
    _ miping: String, _ targets: [String], _ place: String, _ limit: Double, in folder: String
  ) throws -> [Row] {
    let list = folder + "/targets.txt"
    try (targets.joined(separator: "\n") + "\n").write(
      toFile: list, atomically: true, encoding: .utf8)
    let run = try Command.run(
      [miping, "probe", "run", "tls.endpoint", list, "-f", "json"], output: folder + "/many.jsonl")
    let lines = try String(contentsOfFile: folder + "/many.jsonl", encoding: .utf8)
      .split(separator: "\n")
    let complete = lines.count {
      ScannerFindings(miping: Data($0.utf8)).missed(of: truth) == 0
    }
    let what = "\(targets.count) endpoints, \(place)"
    return [
      Row(what: what, value: run.seconds, unit: "s", target: limit),
      Row(what: "\(what): peak of memory", value: run.peakMiB, unit: "MiB", target: 64),
      Row(
        what: "\(what): not complete", value: Double(targets.count - complete), unit: "",
        target: 0),
    ]
  }
}
