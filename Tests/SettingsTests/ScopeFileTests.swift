import AssessmentModel
import Foundation
import Settings
import Testing

@Suite("Scope files")
struct ScopeFileTests {
  @Test("the documented form is read as it says")
  func full() throws {
    let (read, faults) = ScopeText.read(ScopeText.full)
    #expect(faults.map(\.description) == [])
    let scope = try #require(read)
    #expect(
      scope.system
        == Scope.System(
          title: Bilingual(zh: "核心账务系统", en: "Core ledger"), level: 3, operator: "示例银行"))
    #expect(
      scope.authorisation
        == Scope.Authorisation(
          document: "授权书-2026-11", from: "2026-12-01", to: "2026-12-31",
          targets: ["10.1.0.0/16", "127.0.0.0/8"], timezone: "Asia/Shanghai"))
    #expect(scope.limits == Scope.Limits(allowsActiveTests: true))
    #expect(scope.judgements == ["13.2": false])
    #expect(
      scope.objects == [
        AssessmentObject(
          id: "gw-01", kind: .channel, locator: "tlcp://10.1.2.3:443", owner: "net-crypto",
          parameters: ["sni": "pay.bank.example"],
          product: AssessmentObject.Product(certificate: "GM00112021xxxx", moduleGrade: 2)),
        AssessmentObject(
          id: "core-audit", kind: .auditLog, locator: "/bank/logs/core-audit.yaml",
          owner: "core-ops"),
        AssessmentObject(id: "core-db", kind: .device),
        AssessmentObject(id: "hsm-01", kind: .cryptoDevice),
        AssessmentObject(
          id: "acct-data", kind: .data, travels: ["gw-01"], restsIn: ["core-db"],
          protectedBy: ["hsm-01"]),
      ])
    #expect(
      scope.notApplicable == [
        Scope.NotApplicable(unit: "net.access", object: "gw-01", reason: "…", approvedBy: "…")
      ])
    #expect(scope.attestations == "/bank/attest/" && scope.waivers == "/bank/waivers.yaml")
    #expect(scope.path == "/bank/scope.yaml")
    #expect(
      scope.places["core-audit"] == SourcePlace(file: "/bank/scope.yaml", line: 7, column: 10))
  }

  @Test("the shortest form needs a system and objects only")
  func short() throws {
    let (scope, faults) = ScopeText.read("system: {zh: 甲, en: A, level: 4}\nobjects: []\n")
    #expect(faults.isEmpty)
    #expect(scope?.authorisation == nil && scope?.limits == Scope.Limits())
  }

  @Test(
    "limits, titles, parameters, time zones and row ids are kept; files lie beside the scope")
  func more() throws {
    let text = """
      system: {zh: 甲, en: A, level: 4}
      authorisation:
        {document: d, from: "2026-12-01", to: "2026-12-01", targets: [pay.bank.example, "fd00::/8"], timezone: UTC}
      limits: {connections-per-object: 2, inspections: 1, deadline: 1500ms}
      objects:
        - {id: 网关-1, kind: channel, at: "tls://[fd00::1]:8443", zh: 网关, en: Gateway, serves: [acct]}
        - {id: acct, kind: data, parameters: {password: "env:DB_PASSWORD", key: "file:keys/k.pem", far: "file:/srv/k.pem", tries: 3}}
        - {id: pin, kind: pin-service, service: models/pin.yaml}
        - {id: keys, kind: asset-store, path: /srv/keys}
      not-applicable: [{unit: L3-7.2.2.4-e, reason: 无此设备}]
      """
    let (read, faults) = ScopeText.read(text)
    #expect(faults.map(\.description) == [])
    let scope = try #require(read)
    #expect(scope.authorisation?.timezone == "UTC")
    #expect(
      scope.limits
        == Scope.Limits(connectionsPerObject: 2, inspections: 1, deadlineMilliseconds: 1500))
    #expect(scope.objects[0].title == Bilingual(zh: "网关", en: "Gateway"))
    #expect(scope.objects[0].serves == ["acct"])
    #expect(
      scope.objects[1].parameters
        == [
          "password": "env:DB_PASSWORD", "key": "file:/bank/keys/k.pem", "far": "file:/srv/k.pem",
          "tries": 3,
        ])
    #expect(scope.objects[2].locator == "/bank/models/pin.yaml")
    #expect(scope.objects[3].locator == "/srv/keys")
    #expect(scope.notApplicable.first?.object == nil)
  }

  @Test("attestations and waivers that are not there are faults of the scope")
  func missingFiles() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "scope-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "scope.yaml").path
    try Data(ScopeText.full.utf8).write(to: URL(filePath: path))
    let faults = Faults()
    let file = ScopeFile(
      units: ScopeText.units, requirementIDs: ScopeText.rows, judgements: ["13.2"], faults: faults)
    #expect(file.read(path: path) == nil)
    #expect(
      faults.sorted.map { "\($0.place.line):\($0.place.column)" } == ["12:15", "13:10"],
      "\(faults.sorted.map(\.description))")
    try FileManager.default.createDirectory(
      at: folder.appending(path: "attest"), withIntermediateDirectories: true)
    try Data("[]".utf8).write(to: folder.appending(path: "waivers.yaml"))
    let none = Faults()
    #expect(
      ScopeFile(
        units: ScopeText.units, requirementIDs: ScopeText.rows, judgements: ["13.2"], faults: none
      ).read(path: path) != nil)
  }

  @Test("one slip is refused at that very place and nowhere else", arguments: Self.slips)
  func refused(slip: Slip) throws {
    let (text, places) = try slip.applied(to: ScopeText.full)
    let (scope, faults) = ScopeText.read(text)
    #expect(scope == nil)
    #expect(faults.places == places, "\(faults.map(\.description))")
  }

  @Test("all slips are reported at once, each with the nearest name where one is near")
  func together() throws {
    var text = ScopeText.full
    for (old, new) in [
      ("level: 3", "level: 5"), ("limits:", "limit:"), ("kind: audit-log", "kind: audit-logs"),
      ("rests-in: [core-db]", "rests-in: [core-bd]"), ("unit: net.access", "unit: net.acess"),
    ] {
      text = text.replacingOccurrences(of: old, with: new)
    }
    let faults = ScopeText.read(text).faults
    #expect(faults.places == ["1:46", "3:1", "7:28", "10:62", "11:25"])
    for name in ["limits", "audit-log", "core-db", "net.access"] {
      #expect(faults.contains { $0.message.contains("did you mean \"\(name)\"?") }, "\(name)")
    }
  }

  @Test("a hostile message cannot act on a terminal")
  func inert() throws {
    let text = ScopeText.full.replacingOccurrences(
      of: "kind: audit-log", with: "kind: \"\\e[2Jx\\u202Ey\"")
    let faults = ScopeText.read(text).faults
    #expect(!faults.isEmpty)
    for fault in faults {
      #expect(!fault.description.unicodeScalars.contains { ActiveScalar.contains($0) })
    }
  }

  @Test(
    "an address outside the authorised blocks is refused where it stands, also beside other faults")
  func outside() throws {
    let text = ScopeText.full.replacingOccurrences(of: "10.1.2.3", with: "10.2.2.3")
    #expect(ScopeText.read(text).faults.places == ["5:36"])
    let other = text.replacingOccurrences(of: "2026-12-31", with: "2026-12-32")
    #expect(ScopeText.read(other).faults.places == ["2:64", "5:36"])
    let named = text.replacingOccurrences(of: "10.2.2.3", with: "pay.bank.example")
    #expect(ScopeText.read(named).faults.isEmpty)
  }

  @Test("a place on the network needs an authorisation")
  func unauthorised() throws {
    let head = "system: {zh: 甲, en: A, level: 4}\nobjects:\n"
    let file = head + "  - {id: log, kind: audit-log, log: a.yaml}\n"
    #expect(ScopeText.read(file).faults.isEmpty)
    let network = file + "  - {id: gw, kind: channel, at: \"tls://127.0.0.1:443\"}\n"
    #expect(ScopeText.read(network).faults.places == ["1:1"])
  }

  @Test("a file with any fault gives no scope")
  func fromFile() throws {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "scope-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    let full = ScopeText.full.replacingOccurrences(of: "attestations: attest/\n", with: "")
      .replacingOccurrences(of: "waivers: waivers.yaml\n", with: "")
    for (text, isRead) in [
      (full, true), (full + "---\n", false), ("", false),
      (full.replacingOccurrences(of: "level: 3", with: "level: &l 3"), false),
    ] {
      try Data(text.utf8).write(to: file)
      let faults = Faults()
      let scope = ScopeFile(
        units: ScopeText.units, requirementIDs: [], judgements: ["13.2"], faults: faults
      )
      .read(path: file.path)
      #expect((scope != nil) == isRead && faults.isEmpty == isRead)
    }
  }

  static let slips: [Slip] = [
    Slip("active: full", "active: §all"),
    Slip("judgements: {\"13.2\": false}", "judgements: {§\"13.3\": false}"),
    Slip("judgements: {\"13.2\": false}", "judgements: {\"13.2\": §off}"),
    Slip("judgements: {\"13.2\": false}", "judgements: §[\"13.2\"]"),
    Slip("limits: {", "§limts: {"),
    Slip("level: 3,", "§colour: red, level: 3,"),
    Slip("document: 授权书-2026-11,", "document: x, §signed: yes,"),
    Slip("inspections: 64,", "§probes: 64,"),
    Slip("owner: core-ops}", "§onwer: core-ops}"),
    Slip("module-grade: 2}", "§grade: 2}"),
    Slip("reason: …,", "reason: …, §because: x,"),
    Slip(
      "system: {zh: 核心账务系统, en: Core ledger, level: 3,", "system: §{zh: 核心账务系统, en: Core ledger,"),
    Slip("{document: 授权书-2026-11, from: \"2026-12-01\", to", "§{document: 授权书-2026-11, to"),
    Slip("- {id: hsm-01, kind: crypto-device}", "- §{id: hsm-01}"),
    Slip("{unit: net.access, object", "§{object"),
    Slip("{unit: net.access, object: gw-01, reason: …,", "§{unit: net.access, object: gw-01,"),
    Slip("level: 3", "level: §5"),
    Slip("level: 3", "level: §\"3\""),
    Slip("from: \"2026-12-01\"", "from: §\"2026-02-29\""),
    Slip("from: \"2026-12-01\"", "from: §\"1 December\""),
    Slip("to: \"2026-12-31\"", "to: §\"2026-11-30\""),
    Slip("10.1.0.0/16", "§10.1.0.0/33"),
    Slip("10.1.0.0/16", "§10.1.0/16"),
    Slip("10.1.0.0/16", "§\"10.1.0.0/\""),
    Slip("10.1.0.0/16", "§\"fd00::/129\""),
    Slip("10.1.0.0/16", "§\"*.bank.example\""),
    Slip("10.1.0.0/16", "§[]"),
    Slip("targets: [", "timezone: §Asia/Shangai, targets: ["),
    Slip("connections-per-object: 8", "connections-per-object: §0"),
    Slip("connections-per-object: 8", "connections-per-object: §many"),
    Slip("inspections: 64", "inspections: §100000"),
    Slip("deadline: 30s", "deadline: §30"),
    Slip("deadline: 30s", "deadline: §0s"),
    Slip("deadline: 30s", "deadline: §2h"),
    Slip("deadline: 30s", "deadline: §+5s"),
    Slip("\"tlcp://10.1.2.3:443\"", "§\"tlpc://10.1.2.3:443\""),
    Slip("kind: audit-log", "kind: §audit-logg"),
    Slip("id: core-audit", "id: §gw-01"),
    Slip("id: core-audit", "id: §\"core audit\""),
    Slip("id: core-audit", "id: §\"a|b\""),
    Slip("id: core-audit", "id: §\"a\\u202Eb\""),
    Slip("travels: [gw-01]", "travels: [§gw-02]"),
    Slip("travels: [gw-01]", "travels: [§core-db]"),
    Slip("travels: [gw-01]", "travels: §gw-01"),
    Slip("rests-in: [core-db]", "rests-in: [core-db, §core-bd]"),
    Slip("protected-by: [hsm-01]", "protected-by: [§acct-data]"),
    Slip("protected-by: [hsm-01]", "serves: [§nobody]"),
    Slip("\"tlcp://10.1.2.3:443\"", "§\"tlcp://10.1.2.3\""),
    Slip("\"tlcp://10.1.2.3:443\"", "§\"tlcp://10.1.2.3:99999\""),
    Slip("\"tlcp://10.1.2.3:443\"", "§\"tlcp://10.1.2.3:0\""),
    Slip("\"tlcp://10.1.2.3:443\"", "§\"10.1.2.3:443\""),
    Slip("\"tlcp://10.1.2.3:443\"", "§\"tlcp://user@10.1.2.3:443\""),
    Slip("log: logs/core-audit.yaml", "log: logs/core-audit.yaml, §path: /x"),
    Slip("module-grade: 2", "module-grade: §5"),
    Slip("unit: net.access", "unit: §net.acess"),
    Slip("object: gw-01", "object: §gw-02"),
    Slip("reason: …", "reason: §\" \""),
    Slip("attestations: attest/", "attestations: §[attest]"),
    Slip("waivers: waivers.yaml", "waivers:§"),
    Slip("limits: {", "§system: {zh: 甲, en: A, level: 3}\nlimits: {"),
    Slip("{id: core-db, kind: device}", "{id: core-db, kind: device, §kind: device}"),
    Slip("reason: …", "reason: §*why"),
    Slip("reason: …", "reason: §!!str why"),
    Slip("waivers: waivers.yaml\n", "waivers: waivers.yaml\n§---\na: 1\n"),
    Slip(
      "{document: 授权书-2026-11, from: \"2026-12-01\", to: \"2026-12-31\", "
        + "targets: [10.1.0.0/16, \"127.0.0.0/8\"]}",
      "§{document: 授权书-2026-11, from: \"2026-12-01\", to: \"2026-12-31\"}"),
    Slip(
      """
        - {id: core-db, kind: device}
        - {id: hsm-01, kind: crypto-device}
        - {id: acct-data, kind: data, travels: [gw-01], rests-in: [core-db],
      """,
      """
        - §{kind: device}
        - {id: hsm-01, kind: crypto-device}
        - {id: acct-data, kind: data, travels: [gw-01], rests-in: [§core-db],
      """),
    Slip(
      "{id: hsm-01, kind: crypto-device}", "§{id: hsm-01, kind: crypto-device, zh: 密码机}"),
    Slip(
      "system: {zh: 核心账务系统, en: Core ledger, level: 3, operator: 示例银行}\n", "§"),
  ]
}
