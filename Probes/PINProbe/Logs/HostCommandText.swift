/// A command of a financial security module in a log (金融密码机指令), as `SSSSCAU0123…`: where the PIN block in it
/// stands, or the PIN.
struct HostCommandText {
  /// What is in the command.
  enum Content { case block, pin }

  let content: Content
  let range: Range<Int>
  /// The twelve digits of the account, without the check digit.
  private(set) var account: Range<Int>?

  /// A header in front of the command has so many characters at most.
  private static let maximumHeader = 12
  private static let maximumLength = 512

  private enum Field {
    /// A key index, a cryptogram with a letter for its scheme, or 16 or 32 hexadecimal digits.
    case key
    /// 16 hexadecimal digits, or 32.
    case block
    /// The two digits of a PIN block format.
    case format
    case account
    case digits(Int)
    /// The error code of an answer that holds a block.
    case success
    /// 04 to 12.
    case pinLength
    /// Digits with F behind them.
    case pin
    /// The end of the word.
    case end

    var isSuccess: Bool { if case .success = self { true } else { false } }
  }

  /// By command: its fields up to the last that tells.
  private static let commands: [(code: UInt16, fields: [Field])] = {
    let translation: [Field] = [
      .key, .key, .digits(2), .block, .format, .format, .account,
    ]
    let comparison: [Field] = [.key, .block, .format, .account]
    let answer: [Field] = [.success, .pinLength, .block, .format, .end]
    let table: [(String, [Field])] = [
      ("CA", translation), ("CC", translation),
      ("DA", [.key, .key, .digits(2), .block, .format, .digits(2), .account]),
      ("EA", [.key, .key, .digits(2), .block, .format, .digits(2), .account]),
      ("DC", [.key, .key, .block, .format, .account]),
      ("EC", [.key, .key, .block, .format, .account]),
      ("JC", comparison), ("JE", comparison), ("BC", comparison), ("BE", comparison),
      (
        "W8",
        [
          .digits(1), .digits(1), .digits(1), .key, .digits(1), .key, .format, .format, .block,
          .account,
        ]
      ),
      ("CB", answer), ("CD", answer), ("G1", answer), ("BA", [.pin, .account]),
    ]
    return table.map { name, fields in (code(Array(name.utf8), 0), fields) }
  }()

  private static func code(_ bytes: [UInt8], _ place: Int) -> UInt16 {
    UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1])
  }

  /// The command in the word of letters and digits around `run`; `nil` where there is none.
  init?(_ text: UnsafeRawBufferPointer, around run: Range<Int>, start: Int, end: Int) {
    var first = run.lowerBound
    while first > start, run.lowerBound - first < HostCommandText.maximumLength,
      isDigit(text[first - 1]) || isLetter(text[first - 1])
    {
      first -= 1
    }
    let limit = min(end, first + HostCommandText.maximumLength)
    for place in first...first + HostCommandText.maximumHeader where place + 2 < limit {
      switch text[place] {
      case UInt8(ascii: "B")...UInt8(ascii: "E"), UInt8(ascii: "G"), UInt8(ascii: "J"),
        UInt8(ascii: "W"):
        break
      default: continue
      }
      guard isLetter(text[place + 1]) || isDigit(text[place + 1]) else { break }
      let code = UInt16(text[place]) << 8 | UInt16(text[place + 1])
      for (known, fields) in HostCommandText.commands where known == code {
        // Within hexadecimal digits alone only an answer, which the word ends with, is told from others.
        guard fields.first?.isSuccess == true || !HostCommandText.isPlain(text[first..<limit])
        else { continue }
        var reading = Reading(text: text, limit: limit)
        guard reading.read(fields[...], at: place + 2), let range = reading.secret else { continue }
        content = reading.isPIN ? .pin : .block
        self.range = range
        account = reading.account
        return
      }
    }
    return nil
  }

  /// Whether the word that begins here has hexadecimal digits alone.
  private static func isPlain(_ text: Slice<UnsafeRawBufferPointer>) -> Bool {
    let end = text.firstIndex { hexadecimalNibble($0) == nil }
    return end.map { !(isDigit(text[$0]) || isLetter(text[$0])) } ?? true
  }

  /// Fields read one after another, with every length a key may have.
  private struct Reading {
    let text: UnsafeRawBufferPointer
    let limit: Int
    var secret: Range<Int>?
    var isPIN = false
    var account: Range<Int>?

    private static let formats = Set(
      [
        "01", "02", "03", "04", "05", "34", "35", "41", "42", "46", "47", "48",
      ].map { HostCommandText.code(Array($0.utf8), 0) })

    mutating func read(_ fields: ArraySlice<Field>, at place: Int) -> Bool {
      guard let field = fields.first else { return true }
      let rest = fields.dropFirst()
      switch field {
      case .key:
        guard place < limit else { return false }
        let lengths: [(skip: Int, digits: Int)] =
          switch text[place] {
          case UInt8(ascii: "U"), UInt8(ascii: "X"), UInt8(ascii: "S"): [(1, 32)]
          case UInt8(ascii: "T"), UInt8(ascii: "Y"): [(1, 48)]
          case UInt8(ascii: "K"): [(1, 3)]
          default: [(0, 32), (0, 16)]
          }
        return lengths.contains { length in
          let end = place + length.skip + length.digits
          return isHexadecimal(place + length.skip, length.digits) && read(rest, at: end)
        }
      case .block:
        for length in [32, 16] where isHexadecimal(place, length) {
          if read(rest, at: place + length) {
            secret = place..<place + length
            return true
          }
        }
        return false
      case .format:
        guard place + 2 <= limit,
          Reading.formats.contains(UInt16(text[place]) << 8 | UInt16(text[place + 1]))
        else { return false }
        return read(rest, at: place + 2)
      case .digits(let count): return isDecimal(place, count) && read(rest, at: place + count)
      case .success:
        guard isDecimal(place, 2), text[place] == 0x30, text[place + 1] == 0x30 else {
          return false
        }
        return read(rest, at: place + 2)
      case .pinLength:
        guard isDecimal(place, 2),
          PIN.lengths.contains(Int(text[place] & 15) * 10 + Int(text[place + 1] & 15))
        else { return false }
        return read(rest, at: place + 2)
      case .end: return place >= limit || !(isDigit(text[place]) || isLetter(text[place]))
      case .account:
        guard isDecimal(place, 12), read(rest, at: place + 12) else { return false }
        account = place..<place + 12
        return true
      case .pin:
        var end = place
        while end < limit, end - place < 13, isDigit(text[end]) { end += 1 }
        var last = end
        while last < limit, last - place < 13, text[last] == UInt8(ascii: "F") { last += 1 }
        guard PIN.lengths.contains(end - place), last > end, read(rest, at: last) else {
          return false
        }
        secret = place..<end
        isPIN = true
        return true
      }
    }

    private func isDecimal(_ place: Int, _ count: Int) -> Bool {
      place + count <= limit && text[place..<place + count].allSatisfy { isDigit($0) }
    }

    private func isHexadecimal(_ place: Int, _ count: Int) -> Bool {
      place + count <= limit
        && text[place..<place + count].allSatisfy { hexadecimalNibble($0) != nil }
    }
  }
}

extension ChunkScanner {
  /// The block or the PIN of a command around a run of hexadecimal digits.
  static func sighting(
    ofCommandAround run: Range<Int>, in bytes: UnsafeRawBufferPointer, start: Int, end: Int,
    _ index: CanaryIndex
  ) -> Sighting? {
    guard let command = HostCommandText(bytes, around: run, start: start, end: end) else {
      return nil
    }
    guard command.content == .block else {
      return Sighting(run: command.range, form: .pin, what: "pin")
    }
    guard let block = hexadecimalValue(UnsafeRawBufferPointer(rebasing: bytes[command.range])),
      isVaried(block)
    else { return nil }
    var sighting = Sighting(run: command.range, form: .messageBlock, what: "pin-block")
    // Any check digit will do: it does not take part.
    let pan = command.account.flatMap { PAN(digits: Array(bytes[$0]) + [0x30]) }
    if let needle = index.needle(block) {
      sighting.form = needle.form
      sighting.canary = needle.id
    } else if opens(block, pan) {
      sighting.form = .clearBlock
    }
    return sighting
  }
}
