import Foundation

/// `miping-benchmarks MIPING [SSLYZE [GROUP]]`: measures in one run on one machine, prints a table, and ends with 1 when a
/// target is missed. Built for release; run by `make bench`.
@main
enum Benchmarks {
  static func main() async throws {
    guard (2...4).contains(CommandLine.arguments.count) else {
      print("usage: miping-benchmarks PATH-OF-MIPING [PATH-OF-SSLYZE [GROUP]]")
      exit(2)
    }
    let miping = CommandLine.arguments[1]
    let sslyze = CommandLine.arguments.dropFirst(2).first ?? ""
    let wanted = CommandLine.arguments.dropFirst(3).first.map { [$0] }
    var isWithin = true
    print(Row.header)
    for group in Group.allCases where wanted?.contains(group.rawValue) ?? true {
      let rows = try await group.rows(miping: miping, sslyze: sslyze)
      for row in rows { print(row.line) }
      isWithin = isWithin && rows.allSatisfy(\.isWithin)
    }
    exit(isWithin ? 0 : 1)
  }

  /// What can be measured by itself.
  enum Group: String, CaseIterable {
    case start, bank, tls, audit, pin

    func rows(miping: String, sslyze: String) async throws -> [Row] {
      let controls = "\(FileManager.default.currentDirectoryPath)/Controls"
      return switch self {
      case .start: try StartTimes.measure(miping: miping, controls: controls)
      case .bank: try LargeBank.measure(controls: controls)
      case .tls: try await TLSBench.measure(miping: miping, sslyze: sslyze)
      case .audit: try AuditLogBench.measure()
      case .pin: try PINBench.measure()
      }
    }
  }
}

/// One measured thing.
struct Row {
  var what: String
  var value: Double
  var unit: String
  /// The most it may be.
  var target: Double?
  /// How many times the reference program of the same run.
  var ratio: Double?

  var isWithin: Bool { target.map { value <= $0 } ?? true }

  static let header = line("what", "measured", "target", "× reference", "")

  var line: String {
    Row.line(
      what, "\(Row.number(value)) \(unit)", target.map { "\(Row.number($0)) \(unit)" } ?? "–",
      ratio.map { Row.number($0) } ?? "–", isWithin ? "" : "MISSED")
  }

  private static func line(
    _ what: String, _ value: String, _ target: String, _ ratio: String, _ note: String
  ) -> String {
    [
      pad(what, 52), pad(value, 14, right: true), pad(target, 14, right: true),
      pad(ratio, 18, right: true), note,
    ].joined(separator: "  ")
  }

  private static func pad(_ text: String, _ width: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return right ? space + text : text + space
  }

  private static func number(_ value: Double) -> String {
    String(format: value < 10 ? "%.2f" : "%.1f", value)
  }
}

/// The middle one of several measurements.
func median(of times: [Double]) -> Double {
  let sorted = times.sorted()
  return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
}

/// Seconds a piece of work takes.
func seconds(_ work: () throws -> Void) rethrows -> Double {
  let time = try ContinuousClock().measure(work)
  let (whole, atto) = time.components
  return Double(whole) + Double(atto) / 1e18
}
