import Foundation

/// How much of the server a scanner found.
struct ScannerFindings {
  var suites = 0
  /// Of TLS 1.3; nil where the scanner does not list them.
  var groups: Int?
  /// Of TLS 1.2.
  var signatures: Int?
  var certificates: Int?

  init(suites: Int, groups: Int? = nil, signatures: Int? = nil, certificates: Int? = nil) {
    self.suites = suites
    self.groups = groups
    self.signatures = signatures
    self.certificates = certificates
  }

  /// One inspection as miping prints it.
  init(miping json: Data) {
    let top = (try? JSONSerialization.jsonObject(with: json)) as? [String: Any]
    let facts = top?["facts"] as? [String: Any] ?? [:]
    func codes(_ fact: String) -> [String: [String]] { facts[fact] as? [String: [String]] ?? [:] }
    suites = codes("tls.accepted-suites").values.reduce(0) { $0 + $1.count }
    groups = codes("tls.groups")["TLS1.3"]?.count
    signatures = codes("tls.signature-algorithms")["TLS1.2"]?.count
    certificates = (facts["tls.certificates"] as? [Any])?.count
  }

  /// `--json_out` of sslyze, whose keys are numbers too long for the reader: they become 0.
  init(sslyze json: Data) {
    let text = String(decoding: json, as: UTF8.self).replacing(/: \d{16,}/, with: ": 0")
    let top = (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
    let server = (top?["server_scan_results"] as? [[String: Any]])?.first
    let scan = server?["scan_result"] as? [String: Any] ?? [:]
    func result(_ name: String) -> [String: Any] {
      (scan[name] as? [String: Any])?["result"] as? [String: Any] ?? [:]
    }
    for name in scan.keys where name.hasSuffix("_cipher_suites") {
      suites += (result(name)["accepted_cipher_suites"] as? [Any])?.count ?? 0
    }
    groups = (result("elliptic_curves")["supported_curves"] as? [Any])?.count
    certificates = (result("certificate_info")["certificate_deployments"] as? [Any])?.count
  }

  init(nmap text: String) {
    suites = text.split(separator: "\n").count { $0.contains("TLS_") && $0.contains(" - ") }
  }

  init(sslscan text: String) {
    let lines = text.split(separator: "\n")
    suites = lines.count { $0.hasPrefix("Accepted") || $0.hasPrefix("Preferred") }
    let section = lines.drop { !$0.contains("Server Key Exchange Group") }.dropFirst()
    groups = section.prefix { $0.hasPrefix("TLSv") }.count { $0.hasPrefix("TLSv1.3") }
    certificates = lines.count { $0.hasPrefix("Subject:") }
  }

  /// How many things are not found, those not listed among them.
  func missed(of truth: ScannerFindings) -> Int {
    func missing(_ found: Int?, _ all: Int?) -> Int { abs((all ?? 0) - (found ?? 0)) }
    return missing(suites, truth.suites) + missing(groups, truth.groups)
      + missing(signatures, truth.signatures) + missing(certificates, truth.certificates)
  }
}

/// One scanner and how it is asked for everything it can list.
struct Scanner {
  struct Measured {
    var seconds: Double
    var findings: ScannerFindings
  }

  var name: String
  var program: String
  var isOurs = false
  var isFast = false
  /// Of a port on 127.0.0.1 and a file for its own output.
  var arguments: (Int, String) -> [String]
  /// Standard output and the file.
  var read: (Data, Data) -> ScannerFindings

  static func all(miping: String, sslyze: String) -> [Scanner] {
    func own(_ method: String) -> Scanner {
      Scanner(
        name: "miping \(method)", program: miping, isOurs: true, isFast: method == "fast",
        arguments: { port, _ in
          ["probe", "run", "tls.endpoint", "tls://127.0.0.1:\(port)", "-f", "json"]
            + ["--param", "method=\(method)"]
        }, read: { output, _ in ScannerFindings(miping: output) })
    }
    return [
      own("polite"), own("fast"),
      Scanner(
        name: "nmap ssl-enum-ciphers", program: "/usr/bin/nmap",
        arguments: { port, _ in
          ["-Pn", "-n", "--script", "ssl-enum-ciphers", "-p", "\(port)", "127.0.0.1"]
        }, read: { output, _ in ScannerFindings(nmap: String(decoding: output, as: UTF8.self)) }),
      Scanner(
        name: "sslscan", program: "/usr/bin/sslscan",
        arguments: { port, _ in ["--no-colour", "127.0.0.1:\(port)"] },
        read: { output, _ in ScannerFindings(sslscan: String(decoding: output, as: UTF8.self)) }),
      Scanner(
        name: "sslyze", program: sslyze,
        arguments: { port, file in
          ["--json_out=\(file)", "--mozilla_config=disable", "--sslv2", "--sslv3", "--tlsv1"]
            + ["--tlsv1_1", "--tlsv1_2", "--tlsv1_3", "--elliptic_curves", "--certinfo"]
            + ["127.0.0.1:\(port)"]
        }, read: { _, file in ScannerFindings(sslyze: file) }),
    ]
  }

  /// The middle of several runs, others' fewer; nil when it is not installed.
  func measure(_ port: Int, in folder: String, repeats: Int? = nil) throws -> Measured? {
    guard FileManager.default.isExecutableFile(atPath: program) else { return nil }
    var times: [Double] = []
    var findings = ScannerFindings(suites: 0)
    for _ in 0..<(repeats ?? (isOurs ? 9 : 1)) {
      let output = "\(folder)/scan.out"
      let file = "\(folder)/scan.json"
      times.append(try Command.run([program] + arguments(port, file), output: output).seconds)
      findings = read(
        try Data(contentsOf: URL(filePath: output)),
        (try? Data(contentsOf: URL(filePath: file))) ?? Data())
    }
    return Measured(seconds: median(of: times), findings: findings)
  }

  static let header = columns(
    "scanner", "where", "seconds", "× miping", "suites", "groups", "signatures", "certificates")

  func line(_ place: String, _ measured: Measured, ratio: Double) -> String {
    func found(_ number: Int?, _ all: Int?) -> String {
      "\(number.map(String.init) ?? "–")/\(all.map(String.init) ?? "–")"
    }
    let truth = TLSBench.truth
    let seen = measured.findings
    return Self.columns(
      name, place, String(format: "%.3f", measured.seconds), String(format: "%.1f", ratio),
      found(seen.suites, truth.suites), found(seen.groups, truth.groups),
      found(seen.signatures, truth.signatures), found(seen.certificates, truth.certificates))
  }

  private static func columns(_ cells: String...) -> String {
    cells.enumerated().map { index, cell in
      cell + String(repeating: " ", count: max(0, (index == 0 ? 24 : 12) - cell.count))
    }.joined(separator: " ")
  }
}
