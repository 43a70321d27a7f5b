import AssessmentModel
import Glibc

/// What a search of logs has found so far.
struct LogSearch {
  private final class Findings {
    var leaks: [Leak] = []
    var count = 0
    var forms: Set<Leak.Form> = []
    var files = 0
    var bytes = 0
    var problems: [(path: String, cause: String)] = []
  }
  static let maximumProblems = 10_000

  private let index: CanaryIndex
  private let findings = Findings()

  init(_ index: CanaryIndex) { self.index = index }

  /// Looks through every file under `target`.
  mutating func run(
    _ target: String, goesOn: @escaping () -> Bool
  ) throws(LogFolder.Unreadable) {
    let (index, findings) = (index, findings)
    func report(_ path: String, _ cause: String) {
      if findings.problems.count < LogSearch.maximumProblems {
        findings.problems.append((maskingAccounts(path), cause))
      }
    }
    try LogFolder.search(
      target, goesOn: goesOn,
      visit: { descriptor, path in
        let outcome = LogSearch.scan(descriptor, index, goesOn)
        findings.files += 1
        findings.bytes += outcome.bytes
        findings.count += outcome.sightings.count + outcome.dropped
        if let problem = outcome.problem { report(path, problem) }
        if !outcome.isComplete, outcome.problem == nil { report(path, "not read to its end") }
        if outcome.dropped > 0 {
          report(path, "\(outcome.dropped) more sightings than are listed")
        }
        let shown = maskingAccounts(path)
        for sighting in outcome.sightings {
          findings.forms.insert(sighting.form)
          guard findings.leaks.count < PINLogsProbe.maximumLeaks else { continue }
          findings.leaks.append(
            Leak(
              form: sighting.form, path: shown, line: sighting.line, cell: sighting.cell,
              offset: sighting.run.lowerBound, length: sighting.run.count, what: sighting.what,
              canary: sighting.canary.map { maskingAccounts($0) }, maskedPAN: sighting.maskedPAN,
              isSingleLengthKey: sighting.isSingleLengthKey, isAmbiguous: sighting.isAmbiguous))
        }
      }, report: report)
  }

  /// A database by its columns, anything else as text or bytes; a damaged database as bytes too.
  private static func scan(
    _ descriptor: CInt, _ index: CanaryIndex, _ goesOn: () -> Bool
  ) -> LogFile.Outcome {
    var start = [UInt8](repeating: 0, count: 16)
    guard pread(descriptor, &start, 16, 0) == 16, start == FileSignature.database else {
      return LogFile.scan(descriptor, index, goesOn: goesOn)
    }
    do throws(DatabaseFile.Unreadable) {
      var outcome = try DatabaseScan.scan(descriptor, index, goesOn: goesOn)
      if outcome.problem == nil, hasWriteAheadLog(descriptor) {
        outcome.problem = "rows that are only in its write-ahead log were not read by their columns"
      }
      return outcome
    } catch {
      var outcome = LogFile.scan(descriptor, index, goesOn: goesOn)
      outcome.problem = "searched as bytes, not by its columns: \(error.reason)"
      return outcome
    }
  }

  /// Whether a log of changes that are not in the database yet stands beside it.
  private static func hasWriteAheadLog(_ descriptor: CInt) -> Bool {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/fd/\(descriptor)", &path, path.count)
    guard count > 0, count < path.count else { return false }
    let name = path[..<count].map { UInt8(bitPattern: $0) }
    var status = stat()
    return stat(String(decoding: name, as: UTF8.self) + "-wal", &status) == 0 && status.st_size > 0
  }

  func facts(listing limit: Int) -> [String: FactValue] {
    [
      "pin.leaks": .list(findings.leaks.prefix(limit).map(\.fact)),
      "pin.leak-forms": .list(
        findings.forms.sorted().map { .integer($0.rawValue) }),
      "pin.leak-count": .integer(findings.count),
      "pin.logs-read": [
        "files": .integer(findings.files), "bytes": .integer(findings.bytes),
      ],
      "pin.log-problems": .list(
        findings.problems.map { ["path": .text($0.path), "problem": .text($0.cause)] }),
    ]
  }
}
