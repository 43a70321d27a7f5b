import AssessmentModel
import AuditLogProbe
import Bytes
import Foundation
import GRDB
import NationalCrypto
import ProbeKit
import Synchronization

/// Audit logs of a million records of 200 canonical bytes, verified by the probe, beside `openssl speed` in the
/// same run and in turns with it, so that a busy moment of the machine falls on both.
enum AuditLogBench {
  private static let records = 1_000_000
  private static let signedRecords = 6000
  private static let repeats = 5
  /// Processes of `openssl speed` at once that a whole run is compared with.
  private static let processes = 2

  static func measure() throws -> [Row] {
    let logs = try BenchLogs(records: records, signed: signedRecords)
    defer { try? FileManager.default.removeItem(atPath: logs.folder) }
    let cores = ProcessInfo.processInfo.activeProcessorCount
    var times: [String: [Double]] = [:]
    func note(_ name: String, _ seconds: Double) { times[name, default: []].append(seconds) }
    var memory = 0.0
    for _ in 0..<repeats {
      // Seconds openssl needs for as much as the log holds.
      for (name, digest) in [("hmac", ["-hmac", "sm3"]), ("sm3", ["-evp", "sm3"])] {
        note(name, Double(records) / (try OpenSSLSpeed.rate(digest, processes: 1)))
        let rate = try OpenSSLSpeed.rate(digest, processes: processes)
        note("\(name) twice", Double(records) / rate)
      }
      note("sm2", Double(signedRecords) / (try OpenSSLSpeed.verifications(processes: cores)))
      note("hashing", try logs.hash(records))
      for name in BenchLogs.names {
        MemoryUse.reset()
        let before = MemoryUse.now
        note(name, try logs.verify(name))
        memory = max(memory, MemoryUse.peak - before)
      }
    }
    func row(_ what: String, _ name: String, beside reference: String, share: Double) -> Row {
      let value = median(of: times[name] ?? [])
      let base = median(of: times[reference] ?? [])
      return Row(
        what: what, value: value, unit: "s", target: base / share,
        ratio: base > 0 ? value / base : nil)
    }
    return [
      row("HMAC-SM3 of 1 M records of 200 bytes, one core", "hashing", beside: "hmac", share: 0.9),
      row("log of 1 M, HMAC-SM3, JSON Lines", "hmac-jsonl", beside: "hmac twice", share: 0.45),
      row("log of 1 M, HMAC-SM3, SQLite", "hmac-sqlite", beside: "hmac twice", share: 0.4),
      row("log of 1 M, SM3 chain, JSON Lines", "chain-jsonl", beside: "sm3 twice", share: 0.45),
      row("log of 1 M, SM3 chain, SQLite", "chain-sqlite", beside: "sm3 twice", share: 0.4),
      row("log of 6000, SM2 each, all cores", "sm2-jsonl", beside: "sm2", share: 0.9),
      Row(what: "memory the longest of them takes", value: memory, unit: "MiB", target: 64),
    ]
  }
}

/// The logs of the benchmark in a folder of their own, and their models.
private struct BenchLogs {
  static let names = ["hmac-jsonl", "chain-jsonl", "hmac-sqlite", "chain-sqlite", "sm2-jsonl"]
  private static let fields = [
    "seq", "ts", "event_type", "subject_type", "subject", "object", "result", "src_ip", "detail",
  ]
  private static let key = [UInt8](0..<32)

  let folder: String

  init(records: Int, signed: Int) throws {
    folder = FileManager.default.temporaryDirectory.path + "/miping-bench-\(UUID())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try write("key.bin", Self.key)
    try makeLogs(records)
    try makeSignedLog(signed)
    let hmac: FactValue = [
      "kind": "hmac", "key": ["file": "key.bin", "format": "raw"], "value-field": "mac",
    ]
    let chain: FactValue = [
      "kind": "hash-chain", "value-field": "hash",
      "genesis": ["hex": .text(String(repeating: "00", count: 32))],
    ]
    let lines: FactValue = ["kind": "jsonl", "path": "log.jsonl"]
    let table: FactValue = ["kind": "sqlite", "path": "log.db", "table": "log", "order-by": "id"]
    try writeModel("hmac-jsonl", lines, hmac)
    try writeModel("chain-jsonl", lines, chain)
    try writeModel("hmac-sqlite", table, hmac)
    try writeModel("chain-sqlite", table, chain)
    try writeModel(
      "sm2-jsonl", ["kind": "jsonl", "path": "signed.jsonl"],
      [
        "kind": "sm2-record", "value-field": "sig", "public-key": .text(Self.keys + "sm2.pub.pem"),
      ])
  }

  private static var keys: String {
    FileManager.default.currentDirectoryPath + "/Tests/AuditLogProbeTests/Fixtures/keys/"
  }

  private func write(_ name: String, _ bytes: some Sequence<UInt8>) throws {
    try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
  }

  private func writeModel(_ name: String, _ source: FactValue, _ protection: FactValue) throws {
    let model: FactValue = [
      "name": .text(name), "source": source, "map": ["seq": "seq", "time": "ts"],
      "required": ["ts", "event_type", "subject", "object", "result"],
      "canonical": [
        "kind": "joined", "fields": .list(Self.fields.map { .text($0) }), "separator": "7c",
        "escape": "backslash", "null": "\\N",
      ],
      "protection": protection, "clock": ["not-after": "2027-01-01T00:00:00+08:00"],
    ]
    try write("\(name).yaml", JSONText.pretty(model).utf8)
  }

  /// The values of a record's fields, which joined are 200 bytes.
  private static func values(_ index: Int) -> [String] {
    func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
    let second = index / 100
    let time =
      "2026-03-\(two(1 + second / 86_400))T\(two(second / 3600 % 24)):\(two(second / 60 % 60)):"
      + "\(two(second % 60)).\(two(index % 100))0+08:00"
    var values = [
      String(index + 1), time, "transfer", "app", "teller\(index % 500)",
      "account/\(index % 99_991)", "success", "10.1.\(index % 250).\(index % 199)",
      "amount=100.00;",
    ]
    let length = values.reduce(values.count - 1) { $0 + $1.utf8.count }
    values[8] += String(repeating: "x", count: max(0, 200 - length))
    return values
  }

  private static func line(_ values: [String], _ more: [(String, String)]) -> String {
    var line = "{\"seq\": \(values[0])"
    for (name, value) in zip(fields, values).dropFirst() { line += ", \"\(name)\": \"\(value)\"" }
    for (name, value) in more { line += ", \"\(name)\": \"\(value)\"" }
    return line + "}\n"
  }

  private func makeLogs(_ records: Int) throws {
    try write("log.jsonl", [])
    let file = try FileHandle(forWritingTo: URL(filePath: "\(folder)/log.jsonl"))
    defer { try? file.close() }
    let queue = try DatabaseQueue(path: "\(folder)/log.db")
    defer { try? queue.close() }
    var code = try HMACSM3(key: Self.key)
    var previous = [UInt8](repeating: 0, count: 32)
    let names = Self.fields + ["mac", "hash"]
    try queue.write { db in
      try db.execute(
        sql: "CREATE TABLE log(id INTEGER PRIMARY KEY, seq INTEGER, "
          + names.dropFirst().map { "\($0) TEXT" }.joined(separator: ", ") + ")")
      let insert = try db.makeStatement(
        sql: "INSERT INTO log VALUES (?, \(names.map { _ in "?" }.joined(separator: ", ")))")
      var text = Data()
      for index in 0..<records {
        let values = Self.values(index)
        let canonical = Array(values.joined(separator: "|").utf8)
        previous = try SM3.digest(previous + canonical)
        let mac = hexadecimal(try code.code(of: canonical))
        let hash = hexadecimal(previous)
        text.append(contentsOf: Self.line(values, [("mac", mac), ("hash", hash)]).utf8)
        if text.count > 1 << 20 {
          try file.write(contentsOf: text)
          text.removeAll(keepingCapacity: true)
        }
        try insert.execute(arguments: StatementArguments([values[0]] + values + [mac, hash]))
      }
      try file.write(contentsOf: text)
    }
  }

  private func makeSignedLog(_ records: Int) throws {
    let key = Array(try Data(contentsOf: URL(filePath: Self.keys + "sm2.key.pem")))
    var text = ""
    for index in 0..<records {
      let values = Self.values(index)
      let canonical = Array(values.joined(separator: "|").utf8)
      let signature = hexadecimal(try SM2.sign(canonical, privateKeyPEM: key))
      text += Self.line(values, [("sig", signature)])
    }
    try write("signed.jsonl", text.utf8)
  }

  /// Seconds for the codes of as many messages, on one core.
  func hash(_ count: Int) throws -> Double {
    let message = Array(Self.values(0).joined(separator: "|").utf8)
    let hash = try RecordHash(.sm3, key: Self.key)
    return try seconds { for _ in 0..<count { try hash.compute(message) } }
  }

  struct Unclean: Error { var log: String }

  /// Seconds for a whole inspection, which must find the log clean.
  func verify(_ name: String) throws -> Double {
    let probe = try AuditLogIntegrityProbe(parameters: [:])
    let path = "\(folder)/\(name).yaml"
    let run = BenchRun()
    let time = seconds {
      Task.detached {
        let seen = await probe.inspect(
          AssessmentObject(id: "log", kind: .auditLog, locator: path),
          until: .now + .seconds(600))
        run.facts.withLock { $0 = seen.facts }
        run.isDone.signal()
      }
      run.isDone.wait()
    }
    let facts = run.facts.withLock { $0 }
    guard facts["audit.anchor"] != nil, facts["audit.value-failures"] == [] else {
      throw Unclean(log: name)
    }
    return time
  }
}

/// Hands the facts of an inspection from its task to the thread that waits.
private final class BenchRun: Sendable {
  let facts = Mutex<[String: FactValue]>([:])
  let isDone = DispatchSemaphore(value: 0)
}

/// What `openssl speed` measures.
private enum OpenSSLSpeed {
  struct Failed: Error { var arguments: [String] }

  /// Messages of 200 bytes a second.
  static func rate(_ digest: [String], processes: Int) throws -> Double {
    let line = try last(["-bytes", "200"] + digest, processes: processes)
    // "hmac(sm3)  144020.20k": thousands of bytes a second.
    guard let number = line.split(separator: " ").last, number.hasSuffix("k"),
      let thousands = Double(number.dropLast()), thousands > 0
    else { throw Failed(arguments: digest) }
    return thousands * 1000 / 200
  }

  /// SM2 verifications a second: the last column.
  static func verifications(processes: Int) throws -> Double {
    let line = try last(["sm2"], processes: processes)
    guard let number = line.split(separator: " ").last, let rate = Double(number), rate > 0 else {
      throw Failed(arguments: ["sm2"])
    }
    return rate
  }

  private static func last(_ arguments: [String], processes: Int) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/openssl")
    process.arguments =
      ["speed", "-elapsed", "-seconds", "1"]
      + (processes > 1 ? ["-multi", String(processes)] : []) + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard let line = text.split(whereSeparator: \.isNewline).last else {
      throw Failed(arguments: arguments)
    }
    return String(line)
  }
}

/// Memory of this process, in MiB, as the kernel counts it.
private enum MemoryUse {
  /// Lets the peak begin anew.
  static func reset() { try? Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs")) }

  static var now: Double { field("VmRSS:") }
  static var peak: Double { field("VmHWM:") }

  private static func field(_ name: String) -> Double {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix(name) }
    let number = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Double($0) }
    return (number ?? 0) / 1024
  }
}
