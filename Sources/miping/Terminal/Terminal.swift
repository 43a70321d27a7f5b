import AssessmentModel
import FoundationEssentials
import Glibc

/// Where text goes: results to standard output, everything else to standard error.
enum Terminal {
  /// Prints a result; a line feed is added where it has none.
  static func out(_ text: String) {
    write(text.hasSuffix("\n") ? text : text + "\n", to: 1)
  }

  static func out(_ bytes: [UInt8]) { write(bytes, to: 1) }

  /// Prints a note, warning or error.
  static func note(_ text: String) {
    write(text.hasSuffix("\n") ? text : text + "\n", to: 2)
  }

  static func noteRaw(_ text: String) { write(Array(text.utf8), to: 2) }

  static var notesAreOnTerminal: Bool { isatty(2) == 1 }

  /// Colour only on a terminal, never with NO_COLOR.
  static var hasColour: Bool {
    isatty(1) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
  }

  /// Columns of the terminal; 100 where there is none.
  static var width: Int {
    var size = winsize()
    if ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 { return Int(size.ws_col) }
    return 100
  }

  private static func write(_ text: String, to descriptor: Int32) {
    write(Array(text.utf8), to: descriptor)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var start = 0
    while start < bytes.count {
      let count = bytes[start...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        // A reader that went away (a closed pipe) is no failure of ours.
        return
      }
      start += count
    }
  }
}

/// The sign of a verdict: symbol and word together, never colour alone.
enum VerdictMark {
  static func text(_ verdict: Verdict, _ language: Language) -> String {
    let symbol =
      switch verdict {
      case .conforming: "✔"
      case .partial: "◐"
      case .nonConforming: "✖"
      case .notApplicable: "–"
      case .awaiting: "☐"
      case .untested: "?"
      }
    return "\(symbol) \(language.pick(word(verdict)))"
  }

  static func word(_ verdict: Verdict) -> Bilingual {
    switch verdict {
    case .conforming: Bilingual(zh: "符合", en: "conforming")
    case .partial: Bilingual(zh: "部分符合", en: "partial")
    case .nonConforming: Bilingual(zh: "不符合", en: "non-conforming")
    case .notApplicable: Bilingual(zh: "不适用", en: "not applicable")
    case .awaiting: Bilingual(zh: "待核查", en: "awaiting")
    case .untested: Bilingual(zh: "未测", en: "untested")
    }
  }
}
