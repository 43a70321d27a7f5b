import AssessmentModel
import Bytes
import NationalCrypto

@testable import AuditLogProbe

/// A log made for a test: records of three fields, protected by an HMAC over their joined form.
struct WrittenLog {
  static let key = Array("a key of this test, 32 bytes long".utf8.prefix(32))
  static let fields = ["seq", "ts", "subject"]

  struct Record {
    var seq: Int
    var ts: String
    var subject: String
    var value = ""
  }

  var records: [Record]

  init(_ count: Int, subject: String = "user") {
    records = (0..<count).map { index in
      let minute = index / 60 % 60
      let second = index % 60
      func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
      return Record(
        seq: index + 1,
        ts: "2026-03-01T\(two(index / 3600)):\(two(minute)):\(two(second))+08:00",
        subject: "\(subject)\(index)")
    }
  }

  static func canonical(_ record: Record) -> [UInt8] {
    Array("\(record.seq)|\(record.ts)|\(record.subject)".utf8)
  }

  /// Sets every value to what `code` gives for the record's canonical form and the value before.
  mutating func protect(
    _ code: (_ canonical: [UInt8], _ position: Int, _ previous: [UInt8]) throws -> [UInt8]
  ) rethrows {
    var previous = [UInt8](repeating: 0, count: 32)
    for index in records.indices {
      previous = try code(Self.canonical(records[index]), index, previous)
      records[index].value = hexadecimal(previous)
    }
  }

  mutating func protectWithCodes(bytes: Int = 32) throws {
    let hash = try RecordHash(.sm3, key: Self.key)
    try protect { canonical, _, _ in
      try hash.compute(canonical)
      return Array(hash.result.prefix(bytes))
    }
  }

  var lines: [String] {
    records.map { record in
      JSONText.compact([
        "seq": .integer(record.seq), "ts": .text(record.ts), "subject": .text(record.subject),
        "mac": .text(record.value),
      ])
    }
  }

  var jsonl: String { lines.map { $0 + "\n" }.joined() }

  /// The model of this log: HMAC by default.
  static func model(
    in folder: TestFolder, source: FactValue = ["kind": "jsonl", "path": "log.jsonl"],
    protection: [String: FactValue] = [:]
  ) throws -> LogModelText {
    try folder.write("key.bin", key)
    var parts: [String: FactValue] = [
      "kind": "hmac", "value-field": "mac", "key": ["file": "key.bin", "format": "raw"],
    ]
    parts.merge(protection) { _, new in new }
    return LogModelText([
      "name": "written", "source": source, "map": ["seq": "seq", "time": "ts"],
      "required": ["ts", "subject"],
      "canonical": [
        "kind": "joined", "fields": ["seq", "ts", "subject"], "separator": "7c",
        "escape": "backslash", "null": "\\N",
      ],
      "protection": .record(parts), "clock": ["not-after": "2026-03-02T00:00:00+08:00"],
    ])
  }
}
