import AssessmentModel
import Foundation
import Reporting
import Testing

@Suite struct HTMLTests {
  private func page(
    _ result: AssessmentResult, _ language: ReportLanguage = .both
  ) throws -> String {
    String(decoding: try render(result, as: .html, language: language), as: UTF8.self)
  }

  /// The page without the contents of its style and script.
  private func markup(_ page: String) throws -> String {
    let style = try #require(page.firstRange(of: /<style>[\s\S]*?<\/style>/))
    let script = try #require(page.firstRange(of: /<script>[\s\S]*?<\/script>/))
    var page = page
    page.removeSubrange(script)
    page.removeSubrange(style)
    return page
  }

  @Test(
    "whatever a value holds, it stays text: no tag, attribute or control of its own",
    arguments: Hostile.payloads)
  func hostile(payload: String) throws {
    let calm = TagScan(try markup(page(try Hostile.result("zz"))))
    let page = try page(try Hostile.result(payload))
    let scan = TagScan(try markup(page))
    #expect(scan.faults == [])
    #expect(scan.tags == calm.tags)
    #expect(!page.unicodeScalars.contains { $0 != "\n" && ActiveScalar.contains($0) })
    for link in scan.links {
      #expect(link.hasPrefix("#") || link.hasPrefix("evidence/"))
      #expect(!link.split(separator: "/").contains(".."))
    }
    if payload.contains("{{{") { #expect(page.contains("{{{title}}}")) }
  }

  @Test("64 KiB in one value is cut, with its length said, and everything else stands")
  func long() throws {
    let result = SampleResult.make()
    let calm = try page(result).utf8.count
    var changed = result
    let text = String(repeating: "<a'\u{202E}中", count: 16_384)
    changed.inspections[1].reason = Unavailability(.failed, text)
    changed.objects[0].owner = text
    changed.system.operator = text
    let page = try page(changed)
    #expect(page.contains("… [300/81920]"))
    #expect(page.utf8.count < calm + 20_000)
    #expect(TagScan(try markup(page)).faults == [])
  }

  @Test("a value nested or listed without end is written bounded")
  func nested() throws {
    var value: FactValue = "core"
    for _ in 0..<200 { value = ["k": .list([value, "<"])] }
    var result = SampleResult.make()
    result.inspections[0].parameters = [
      "deep": value, "wide": .list((0..<5_000).map { .integer($0) }),
    ]
    let page = try page(result)
    #expect(page.utf8.count < (try self.page(SampleResult.make())).utf8.count + 4_000)
  }

  @Test("the content policy allows this page's own script and style, by digest, and nothing else")
  func policy() throws {
    let page = try page(SampleResult.make())
    let policy = try #require(
      page.firstMatch(of: /Content-Security-Policy" content="([^"]*)"/).map { String($0.1) })
    #expect(policy.hasPrefix("default-src 'none';"))
    #expect(!policy.contains("unsafe"))
    for (element, directive) in [("script", "script-src"), ("style", "style-src")] {
      let open = "<\(element)>"
      let start = try #require(page.range(of: open)).upperBound
      let end = try #require(page.range(of: "</\(element)>")).lowerBound
      let digest = try sha256(Data(page[start..<end].utf8))
      #expect(policy.contains("\(directive) 'sha256-\(digest)'"), "\(element): sha256-\(digest)")
      #expect(page.components(separatedBy: open).count == 2)
    }
  }

  /// By the system's own tool, since nothing this module may import computes it.
  private func sha256(_ data: Data) throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).part")
    try data.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/sha256sum")
    process.arguments = [file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(
      decoding: try #require(try pipe.fileHandleForReading.readToEnd()), as: UTF8.self)
    process.waitUntilExit()
    let hex = Array(output.prefix(64))
    let bytes = stride(from: 0, to: 64, by: 2).compactMap {
      UInt8(String(hex[$0...$0 + 1]), radix: 16)
    }
    try #require(bytes.count == 32)
    return Data(bytes).base64EncodedString()
  }

  @Test("nothing is fetched: no address outside the page and its evidence")
  func selfContained() throws {
    let page = try page(SampleResult.make())
    #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("@import"))
    let links = TagScan(try markup(page)).links
    #expect(links.contains("evidence/0001-tls.endpoint-ch-tlcp/"))
    let ids = Set(page.matches(of: /\sid=['"]?([A-Za-z0-9-]+)/).map { String($0.1) })
    for link in links where link.hasPrefix("#") { #expect(ids.contains(String(link.dropFirst()))) }
  }

  @Test("ids are unique, so every anchor leads to one place")
  func uniqueIds() throws {
    let ids = try markup(page(SampleResult.make())).matches(of: /\sid=['"]?([A-Za-z0-9-]+)/).map {
      $0.1
    }
    #expect(ids.count > 60 && Set(ids).count == ids.count)
  }

  @Test("both languages are in the file whatever it opens in", arguments: ReportLanguage.allCases)
  func languages(language: ReportLanguage) throws {
    let page = try page(SampleResult.make(), language)
    #expect(page.contains("data-language=\"\(language.rawValue)\""))
    for text in ["不符合", "non-conforming", "待人工核查", "Awaiting a person"] {
      #expect(page.contains(text))
    }
    let chinese = page.components(separatedBy: "<span lang=zh>").count
    #expect(chinese == page.components(separatedBy: "<span lang=en>").count)
  }

  @Test(
    "the report says what it must",
    arguments: [
      "只能由具备资格的商用密码检测机构出具", "Only a qualified institution issues a valid",
      "67.99", "75.36", "73.74", "1 × 0.8667", "70 × (", "30 × 0.7778", "62.50",
      "C02F, 009C", "全部在 approved.tls-suites 之内", "A is not met: suites C02F",
      "eme-report", "查看事件处置后向主管部门上报", "no object named", "logs/core-audit.yaml: no such file",
      "经批准", "该数据全部经此信道传输", "proposed by the tool, counts for nothing yet", "W-2026-003", "7.2.2.1",
      "7.2.3.3 ?", "授权书-2026-11", "2026-12-03T0130Z-sample",
      "Chinese unit titles of GM/T 0077 rows are ours",
      "miping verify 2026-12-03T0130Z-sample", "60.00", "not seen in the rule text",
    ])
  func content(text: String) throws {
    #expect(try page(SampleResult.make()).contains(text))
  }

  @Test("a reduced selection or an interrupted run is said on top and leaves no conclusion")
  func reduced() throws {
    var result = SampleResult.make()
    guard case .record(var score) = result.score else { return }
    score["why-none"] = nil
    score["range"] = nil
    score["conclusion"] = "基本符合"
    score["total"] = "73.74"
    result.score = .record(score)
    #expect(try page(result).contains("basically conforms"))
    var reduced = result
    reduced.selection = .init(isReduced: true, controls: ["net.conf"], objects: ["ch-tlcp"])
    result.run.state = .interrupted
    for (result, notice) in [(reduced, "本报告仅覆盖部分范围"), (result, "运行被中断，结果不完整")] {
      let page = try page(result)
      #expect(!page.contains("basically conforms"))
      #expect(page.contains("not given"))
      #expect(page.contains(notice))
    }
  }

  @Test("an unread clause appears by number only, even if the record carries words for it")
  func unread() throws {
    var result = SampleResult.make()
    let place = try #require(result.requirements.firstIndex { $0.text == .unread })
    result.requirements[place].requirement = Bilingual(zh: "不得展示甲", en: "must not appear")
    result.requirements[place].title = Bilingual(zh: "不得展示乙", en: "nor this")
    let page = try page(result)
    #expect(page.contains(result.requirements[place].clause))
    #expect(
      !page.contains("不得展示") && !page.contains("must not appear") && !page.contains("nor this"))
  }

  @Test("counts in the page are the record's, and each finding is one row")
  func counts() throws {
    let result = SampleResult.make()
    let page = try page(result)
    for verdict in Verdict.allCases {
      let count = result.findings.count { $0.verdict == verdict }
      let mark = ["c", "p", "x", "n", "w", "u"][Verdict.allCases.firstIndex(of: verdict) ?? 0]
      let rows = page.matches(of: /<tr id=f[0-9]+ class=([a-z])>/).count { $0.1 == mark }
      #expect(rows == count, "\(verdict)")
    }
  }

  @Test("a result with nothing in it still makes a page", arguments: ReportFormat.allCases)
  func empty(format: ReportFormat) throws {
    var result = SampleResult.make()
    result.objects = []
    result.requirements = []
    result.inspections = []
    result.findings = []
    result.score = .null
    result.highRisk = []
    result.compensations = []
    result.awaiting = []
    result.waivers = []
    #expect(try render(result, as: format, language: .both).count > 50)
  }
}
