import AssessmentModel
import Foundation
import PINProbe

/// PIN blocks opened and checked, and logs searched for PIN data: seconds of one core.
enum PINBench {
  private static let blocks = 1_000_000
  private static let logSize = 200_000_000
  private static let ownTime = CInt(RUSAGE_SELF.rawValue)
  private static let childrenTime = CInt(RUSAGE_CHILDREN.rawValue)

  static func measure() throws -> [Row] {
    try codec() + logs()
  }

  // MARK: Blocks

  /// One million blocks of format 0 under TDEA and of format 4 under SM4, from their bytes to the PIN.
  private static func codec() throws -> [Row] {
    var rows: [Row] = []
    for (format, algorithm, name, length) in [
      (PINBlockFormat.format0, PINAlgorithm.tdes2, "des-ede3", 8), (.format4, .sm4, "sm4-ecb", 16),
    ] {
      let key = (1...16).map { UInt8($0) * 7 }
      let cipher = try PINKeyCipher(algorithm, key: key)
      let cards = try (0..<1000).map { number in
        try required(PAN("620000\(1_000_000_000 + number * 977)"))
      }
      let pin = try required(PIN("482913"))
      let sealed = try (0..<blocks).map { number in
        try block(pin, format, cards[number % cards.count], UInt64(number), cipher)
      }
      var opened = 0
      let times = try (0..<3).map { _ in
        try coreSeconds(ownTime) {
          for number in 0..<blocks {
            let card = cards[number % cards.count]
            if try cipher.pin(ofEnciphered: sealed[number], format: format, pan: card) == pin {
              opened += 1
            }
          }
        }
      }
      guard opened == 3 * blocks else { throw Failure(reason: "\(opened) PINs came back") }
      let time = median(of: times)
      // The reference enciphers one block of as many bytes at a time; format 4 takes two.
      let reference = try opensslBlocks(name, length) / (format == .format4 ? 2 : 1)
      rows.append(
        Row(
          what: "1 M PIN blocks opened, \(format.name) \(algorithm.rawValue), 500 k/s",
          value: time, unit: "s", target: 2, ratio: time * reference / Double(blocks)))
    }
    return rows
  }

  private static func block(
    _ pin: PIN, _ format: PINBlockFormat, _ pan: PAN, _ random: UInt64,
    _ cipher: borrowing PINKeyCipher
  ) throws -> [UInt8] {
    guard format == .format4 else {
      let clear = try CompactBlock.clearBlock(of: pin, format: format, pan: pan)
      return withUnsafeBytes(of: try cipher.encipher(clear).bigEndian) { Array($0) }
    }
    let field = try ExtendedBlock.field(of: pin, random: random)
    return withUnsafeBytes(of: try cipher.sealExtended(field, pan: pan).block.bigEndian) {
      Array($0)
    }
  }

  /// Blocks a second that `openssl speed` enciphers.
  private static func opensslBlocks(_ cipher: String, _ length: Int) throws -> Double {
    let text = try output(
      "/usr/bin/env",
      ["openssl", "speed", "-seconds", "1", "-bytes", "\(length)", "-evp", cipher, "-mr"])
    // +F:22:NAME:BYTES-A-SECOND
    guard let line = text.split(separator: "\n").last(where: { $0.hasPrefix("+F:") }),
      let rate = line.split(separator: ":").last.flatMap({ Double($0) }), rate > 0
    else { throw Failure(reason: "openssl speed -evp \(cipher) printed no rate") }
    return rate / Double(length)
  }

  // MARK: Logs

  private static func logs() throws -> [Row] {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("pin-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let log = folder.appendingPathComponent("switch.log")
    let canaries = folder.appendingPathComponent("canaries.yaml")
    let leaks = try PINBenchLog.write(log, canaries: canaries, size: logSize)
    let size = Double(try Data(contentsOf: log, options: .mappedIfSafe).count)
    var found = 0
    let time = median(
      of: try (0..<3).map { _ in
        try coreSeconds(ownTime) { found = try search(log.path, canaries.path) }
      })
    guard found == leaks else { throw Failure(reason: "\(found) leaks found, \(leaks) planted") }
    let pattern =
      "(^|[^0-9])(62[0-9]{14,17}|4[0-9]{15}|5[1-5][0-9]{14})([^0-9]|$)"
    let reference = try coreSeconds(childrenTime) {
      _ = try output(
        "/usr/bin/env", ["LC_ALL=C.UTF-8", "grep", "-cE", pattern, log.path])
    }
    return [
      Row(
        what: "log of 200 MB, five forms, 20 canaries, 200 MB/s", value: time, unit: "s",
        target: size / 200e6),
      Row(
        what: "the same, parts of the time of grep for PANs", value: time / reference,
        unit: "×", target: 1),
    ]
  }

  private static func search(_ log: String, _ canaries: String) throws -> Int {
    let probe = try PINLogsProbe(parameters: ["canaries": .text(canaries)])
    let result = Box()
    let done = DispatchSemaphore(value: 0)
    Task.detached {
      let observation = await probe.inspect(
        AssessmentObject(id: "log", kind: .pinService, locator: log), until: .now + .seconds(600))
      result.count = observation.facts["pin.leak-count"]?.integer
      done.signal()
    }
    done.wait()
    return try required(result.count)
  }

  /// Written before the signal and read after it.
  private final class Box: @unchecked Sendable { var count: Int? }

  // MARK: Tools

  /// Seconds of a core that this process, or those it waited for, takes.
  private static func coreSeconds(
    _ who: CInt, _ work: () throws -> Void
  ) rethrows -> Double {
    func used() -> Double {
      var usage = rusage()
      getrusage(who, &usage)
      return [usage.ru_utime, usage.ru_stime].reduce(0) {
        $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
      }
    }
    let before = used()
    try work()
    return used() - before
  }

  private struct Failure: Error { var reason: String }

  static func required<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw Failure(reason: "a value is missing") }
    return value
  }

  private static func output(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self)
  }
}
