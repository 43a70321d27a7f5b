/// Looks through every row of every table of a database (数据库列扫描). A row is one record, its columns are the
/// fields: `name="value"` one after another.
struct DatabaseScan {
  /// Of a longer value the rest is left out, which is reported.
  static let maximumValue = 1 << 20
  /// A longer value of raw bytes is looked through as it is, a shorter one as hexadecimal text.
  private static let maximumBlob = 1 << 14

  private var scanner: ChunkScanner
  private var outcome = LogFile.Outcome()
  private var row: [UInt8] = []
  /// Where each value begins in `row`, in which column, and whether it is written as hexadecimal.
  private var values: [(start: Int, column: Int, isHexadecimal: Bool)] = []
  private var isCut = false

  private init(_ index: CanaryIndex) { scanner = ChunkScanner(index) }

  /// Reads the database behind `descriptor`, which stays open.
  static func scan(
    _ descriptor: CInt, _ index: CanaryIndex, goesOn: () -> Bool
  ) throws(DatabaseFile.Unreadable) -> LogFile.Outcome {
    var scan = DatabaseScan(index)
    try scan.run(DatabaseFile(descriptor), goesOn)
    return scan.outcome
  }

  private mutating func run(
    _ file: borrowing DatabaseFile, _ goesOn: () -> Bool
  ) throws(DatabaseFile.Unreadable) {
    for table in try file.tables() {
      do throws(DatabaseFile.Unreadable) {
        try scan(table, file, goesOn)
      } catch {
        outcome.problem = "table \(maskingAccounts(table)): \(error.reason)"
      }
      guard outcome.isComplete else { return }
    }
    if isCut, outcome.problem == nil {
      outcome.problem = "values of more than \(DatabaseScan.maximumValue) bytes were cut there"
    }
  }

  private mutating func scan(
    _ table: String, _ file: borrowing DatabaseFile, _ goesOn: () -> Bool
  ) throws(DatabaseFile.Unreadable) {
    let columns = try file.columns(of: table)
    guard !columns.isEmpty else { return }
    let names = columns.map { DatabaseScan.name($0) }
    let shown = columns.map { maskingAccounts($0) }
    var number = 0
    try file.rows(of: table, columns: columns) { cells in
      if number.isMultiple(of: 256), !goesOn() {
        outcome.isComplete = false
        return false
      }
      compose(cells, names)
      scanRow(maskingAccounts(table), shown, number)
      number += 1
      return true
    }
  }

  /// A column's name without the marks that end a name in a log.
  private static func name(_ column: String) -> [UInt8] {
    column.utf8.map { byte in
      isLetter(byte) || isDigit(byte) || byte >= 0x80 || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: ".") ? byte : UInt8(ascii: "_")
    }
  }

  private mutating func compose(_ cells: borrowing DatabaseFile.Cells, _ names: [[UInt8]]) {
    row.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    for (column, name) in names.enumerated() {
      guard let whole = cells.value(column) else { continue }
      let value = whole.prefix(DatabaseScan.maximumValue)
      if value.count < whole.count { isCut = true }
      outcome.bytes += whole.count
      row += name
      row += [UInt8(ascii: "="), UInt8(ascii: "\"")]
      let isHexadecimal =
        cells.isBlob(column) && value.count <= DatabaseScan.maximumBlob
        && value.contains { $0 < 0x09 || $0 >= 0x7F }
      values.append((row.count, column, isHexadecimal))
      if isHexadecimal {
        for byte in value { row += [digit(byte >> 4), digit(byte & 15)] }
      } else {
        row += value
      }
      row += [UInt8(ascii: "\""), UInt8(ascii: " ")]
    }
  }

  private func digit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + nibble - 10
  }

  private mutating func scanRow(_ table: String, _ columns: [String], _ number: Int) {
    let end = row.count
    row.append(contentsOf: repeatElement(0, count: ChunkScanner.padding))
    scanner.reset()
    let hasControl = scanner.scanRecord(row, 0, end)
    scanner.scanLiterals(row, 0, end)
    if hasControl { scanner.scanBinary(row, 0..<end, isTail: true) }
    for var sighting in LogFile.merged(scanner.takeSightings()) {
      guard let value = values.last(where: { $0.start <= sighting.run.lowerBound }) else {
        continue
      }
      guard outcome.sightings.count < LogFile.maximumSightings else {
        outcome.dropped += 1
        continue
      }
      let offset = sighting.run.lowerBound - value.start
      let scale = value.isHexadecimal ? 2 : 1
      sighting.cell = Leak.Cell(table: table, column: columns[value.column], row: number)
      sighting.run = offset / scale..<(offset + sighting.run.count) / scale
      outcome.sightings.append(sighting)
    }
  }
}
