import Foundation
import TestSupport
import Testing

@Suite("The demo", .timeLimit(.minutes(3)))
struct DemoTests {
  /// Runs a copy of the program in a folder of its own; the controls are named by the environment.
  private func demo() async throws -> (folder: Folder, finished: Finished) {
    let folder = try Folder()
    try FileManager.default.copyItem(atPath: Miping.binary, toPath: folder.path("miping"))
    let finished = try await Program.run(
      folder.path("miping"), ["demo", "-o", "demo"], in: folder.path,
      environment: Miping.environment)
    try FileManager.default.removeItem(atPath: folder.path("miping"))
    return (folder, finished)
  }

  @Test("shows every verdict and every state of a high risk, and leaves a sound run")
  func states() async throws {
    let (folder, finished) = try await demo()
    #expect(finished.code == 0, "\(finished.errText)")
    let run = try folder.onlyRun(in: "demo/out")
    let result = try JSON(reading: try folder.bytes("\(run)/result.json"))
    #expect(
      Set(result["findings"].items.compactMap { $0["verdict"].string }) == [
        "conforming", "partial", "non-conforming", "not-applicable", "awaiting", "untested",
      ])
    #expect(
      Set(result["high-risk"].items.compactMap { $0["state"].string }) == [
        "proposed", "open", "mitigated", "rejected",
      ])
    #expect(result["gate"]["kind"] == "none")
    let html = try folder.text("demo/report.html")
    #expect(html == (try folder.text("\(run)/report.html")))
    for word in ["符合", "部分符合", "不符合", "不适用", "待核查", "未测"] {
      #expect(html.contains(word))
    }
    #expect(try await Miping.run(["verify", run], in: folder).code == 0)
  }

  @Test("its report opens in a browser without a network", .enabled(if: peersAreWanted))
  func offline() async throws {
    let (folder, finished) = try await demo()
    #expect(finished.code == 0, "\(finished.errText)")
    let page = try await Chromium.visit(
      "demo/report.html",
      ["--window-size=1200,2000", "--screenshot=\(folder.path("page.png"))"], in: folder)
    #expect(page.code == 0, "\(page.errText)")
    #expect(try folder.bytes("page.png").count > 20_000)
    // What a screenshot cannot show: nothing in the page names another place to load from.
    let html = try folder.text("demo/report.html")
    #expect(html.contains("default-src 'none'"))
    for name in ["src=\"http", "href=\"http", "url(http", "@import", "<link", "<iframe"] {
      #expect(!html.contains(name), "\(name)")
    }
  }

  @Test("without a controls folder the verb says how to name one and ends with 2")
  func noControls() async throws {
    let folder = try Folder()
    try FileManager.default.copyItem(atPath: Miping.binary, toPath: folder.path("miping"))
    let run = try await Program.run(
      folder.path("miping"), ["demo"], in: folder.path,
      environment: ["MIPING_CONTROLS": "", "LC_ALL": "C.UTF-8"])
    #expect(run.code == 2)
    #expect(run.errText.contains("MIPING_CONTROLS"))
    #expect(folder.names(in: ".") == ["miping"])
  }
}
