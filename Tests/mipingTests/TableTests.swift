import Testing

@testable import miping

@Suite("Columns of text")
struct TableTests {
  @Test(
    "East Asian wide characters take two columns, combining marks none",
    arguments: [
      ("", 0), ("abc", 3), ("密评", 4), ("符合（3）", 9), ("e\u{301}", 1), ("ｶ", 1), ("Ａ", 2),
      ("✔ 符合", 6), ("𠀀", 2),
    ])
  func widths(text: String, columns: Int) {
    #expect(TextWidth.columns(text) == columns)
  }

  @Test(
    "A text is cut to its width and says so",
    arguments: [
      ("abcdef", 6, "abcdef"), ("abcdefg", 6, "abcde…"), ("密码测评", 8, "密码测评"),
      ("密码测评", 7, "密码测…"), ("密码测评", 6, "密码…"), ("密码", 1, "…"),
    ])
  func cuts(text: String, width: Int, cut: String) {
    let shown = TextWidth.cut(text, to: width)
    #expect(shown == cut)
    #expect(TextWidth.columns(shown) <= width)
  }

  @Test("Columns stay under their heads whatever the width of the characters")
  func aligns() {
    var table = Table(["层面", "id", "n"], width: 100)
    table.add(["网络", "gw-01", "1"])
    table.add(["application", "密钥", "22"])
    let lines = table.text.split(separator: "\n").map(String.init)
    #expect(
      lines == [
        "层面         id     n", "───────────  ─────  ──", "网络         gw-01  1",
        "application  密钥   22",
      ])
  }

  @Test("Only the last column gives way to a narrow terminal, and never below 20 columns")
  func givesWay() {
    let long = String(repeating: "长", count: 60)
    var table = Table(["a", "b"], width: 40)
    table.add([long, long])
    let row = table.text.split(separator: "\n").last.map(String.init) ?? ""
    #expect(row.hasPrefix(long + "  "))
    #expect(TextWidth.columns(row) == 120 + 2 + 19)
  }

  @Test("What a server said cannot act on the terminal, and a short row is no fault")
  func isInert() {
    var table = Table(["a", "b"], width: 100)
    table.add(["\u{1B}[31mred\u{7}\u{202E}"])
    let text = table.text
    #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{7}" || $0 == "\u{202E}" })
    #expect(text.contains("\\u{1b}[31mred"))
  }
}
