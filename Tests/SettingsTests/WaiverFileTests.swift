import AssessmentModel
import Foundation
import Settings
import Testing
import YAMLDocument

@Suite("Waiver files")
struct WaiverFileTests {
  private static let text = """
    - id: W-2026-003
      match: {unit: net.conf, object: gw-01}
      reason: 切换窗口在二季度
      compensating: SM4 VPN 隧道
      risk: medium
      requested-by: net-crypto
      approved-by: 王五（虚构）
      effective: "2026-12-01"
      expires: "2026-12-31"
      ticket: NET-77
    - {id: W-2, match: {code: "7.2"}, reason: r, approved-by: a, effective: "2026-01-01", expires: "2026-01-01"}

    """

  private func read(_ text: String) -> ([Waiver], [Fault]) {
    let faults = Faults()
    let node = YAMLDocument.parse(Array(text.utf8), file: "w.yaml", faults: faults)
    return (node.map { WaiverFile(faults: faults).read($0) } ?? [], faults.sorted)
  }

  @Test("the documented form is read as it says")
  func full() throws {
    let (waivers, faults) = read(Self.text)
    #expect(faults.map(\.description) == [])
    #expect(
      waivers == [
        Waiver(
          id: "W-2026-003", unit: "net.conf", object: "gw-01", reason: "切换窗口在二季度",
          approvedBy: "王五（虚构）", effective: "2026-12-01", expires: "2026-12-31",
          place: SourcePlace(file: "w.yaml", line: 1, column: 3)),
        Waiver(
          id: "W-2", code: "7.2", reason: "r", approvedBy: "a", effective: "2026-01-01",
          expires: "2026-01-01", place: SourcePlace(file: "w.yaml", line: 11, column: 3)),
      ])
  }

  @Test(
    "one slip is refused at that very place and nowhere else",
    arguments: [
      Slip("- id: W-2026-003\n  match", "- §match"),
      Slip("  risk: medium", "  §risks: medium"),
      Slip("  reason: 切换窗口在二季度\n", "").inFirst,
      Slip("{unit: net.conf, object: gw-01}", "§{}"),
      Slip("{unit: net.conf, object: gw-01}", "{§units: net.conf, object: gw-01}"),
      Slip("effective: \"2026-12-01\"", "effective: §\"2026-12-32\""),
      Slip("expires: \"2026-12-31\"", "expires: §\"2026-11-30\""),
      Slip("expires: \"2026-12-31\"", "expires: §never"),
      Slip("{id: W-2, match: {code: \"7.2\"},", "§{id: W-2,"),
      Slip("- {id: W-2,", "- §{id: W-2026-003,"),
      Slip("match: {code: \"7.2\"}", "match: §everything"),
      Slip("approved-by: a", "approved-by: §[a]"),
    ])
  func refused(slip: Slip) throws {
    let (text, places) = try slip.applied(to: Self.text)
    #expect(read(text).1.places == places, "\(read(text).1.map(\.description))")
  }

  @Test("a file that is no list, or not there, is a fault")
  func noList() {
    #expect(read("id: W-1\n").1.places == ["1:1"])
    let faults = Faults()
    #expect(WaiverFile(faults: faults).read(path: "/nowhere/waivers.yaml").isEmpty)
    #expect(faults.sorted.count == 1)
  }
}

extension Slip {
  /// The key is missing: the fault stands where the first waiver begins.
  fileprivate var inFirst: Slip {
    Slip(
      "id: W-2026-003\n  match: {unit: net.conf, object: gw-01}\n" + from,
      "§id: W-2026-003\n  match: {unit: net.conf, object: gw-01}\n" + to)
  }
}
