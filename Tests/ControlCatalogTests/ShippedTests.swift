import AssessmentModel
import ControlCatalog
import Foundation
import ProbeKit
import ProbeRegistry
import Testing

@Suite("The shipped controls")
struct ShippedTests {
  private static let outcome = Result { try ControlsCopy().read() }

  private func catalog() throws -> Catalog {
    try #require(try Self.outcome.get().catalog)
  }

  @Test("have no fault")
  func clean() throws {
    #expect(try Self.outcome.get().faults.map(\.description) == [])
  }

  @Test("hold 91 and 67 rows, 41 units at both levels, and unique ids")
  func counts() throws {
    let catalog = try catalog()
    #expect(catalog.requirements.count { $0.level == 3 } == 91)
    #expect(catalog.requirements.count { $0.level == 4 } == 67)
    #expect(catalog.units.count == 41)
    #expect(Set(catalog.units.map(\.code)).count == 41)
    let ids = (catalog.requirements + catalog.unitRequirements).map(\.id)
    #expect(ids.count == 158 + 82 && Set(ids).count == ids.count)
    #expect(catalog.digest.count == 64)
    #expect(Set(catalog.rules.keys) == ["2021", "2023"])
    #expect(
      catalog.rules["2023"]?.layers.map(\.code) == [
        "phy", "net", "dev", "app", "pol", "per", "con", "eme",
      ])
  }

  @Test("75 rows are unread: they state and ask nothing and are never judged")
  func unread() throws {
    let rows = try catalog().requirements.filter { $0.textState == .unread }
    #expect(rows.count == 75)
    for row in rows {
      #expect(row.text == nil && row.assessments.isEmpty && row.remediation == nil, "\(row.id)")
      #expect(!row.isJudged && row.objectKind == nil, "\(row.id)")
    }
  }

  @Test("every read row and unit says how it is assessed and what to do; a pointer does not")
  func read() throws {
    let catalog = try catalog()
    for row in catalog.requirements + catalog.unitRequirements where row.textState == .read {
      #expect(row.text != nil, "\(row.id)")
      #expect(row.assessments.isEmpty == (row.obligation == .pointer), "\(row.id)")
      #expect((row.remediation == nil) == (row.obligation == .pointer), "\(row.id)")
      #expect(row.isJudged == (row.obligation != .pointer), "\(row.id)")
    }
  }

  @Test("every technical unit and row can reach D, A and K today, by a probe or by a person")
  func letters() throws {
    let catalog = try catalog()
    for row in catalog.requirements + catalog.unitRequirements where row.isJudged {
      guard !row.isJudgedByAnswers else { continue }
      for letter in JudgedLetter.allCases {
        let isCovered = row.assessments.contains { assessment in
          switch assessment {
          case .probe(let probe):
            !probe.isPlanned && probe.objectKind == row.objectKind
              && !probe.expectations(behind: letter).isEmpty
          case .ask(let question):
            question.letter == letter
              && [row.objectKind, .organisation].contains(question.objectKind)
          }
        }
        #expect(isCovered, "\(row.id) has nothing for \(letter.rawValue)")
      }
    }
  }

  @Test(
    "rests on published judgements 12.6, 13.1 and 13.2, and loses what rests on one switched off")
  func judgements() throws {
    let catalog = try catalog()
    #expect(catalog.judgements.map(\.number) == ["12.6", "13.1", "13.2"])
    func rest(_ catalog: Catalog) -> [String: Set<String>] {
      var rest: [String: Set<String>] = [:]
      for row in catalog.unitRequirements where row.level == 3 {
        for number in row.assessments.compactMap(\.judgement) {
          rest[number, default: []].insert(row.id)
        }
      }
      return rest
    }
    let channels: Set = ["L3-net.auth", "L3-net.conf", "L3-net.int"]
    #expect(rest(catalog) == ["12.6": channels, "13.1": ["L3-net.auth"], "13.2": channels])
    let off = catalog.applying(["12.6": false, "13.1": true])
    #expect(rest(off) == ["13.1": ["L3-net.auth"], "13.2": channels])
    #expect(off.requirements == catalog.requirements)
    #expect(catalog.applying([:]).unitRequirements == catalog.unitRequirements)
  }

  @Test("management is judged by whole answers of the organisation")
  func management() throws {
    let catalog = try catalog()
    let layers = ["pol", "per", "con", "eme"]
    for row in catalog.unitRequirements {
      #expect(row.isJudgedByAnswers == layers.contains(row.dimension.id), "\(row.id)")
    }
    for row in catalog.requirements + catalog.unitRequirements where row.objectKind == .organisation
    {
      #expect(row.isJudgedByAnswers, "\(row.id)")
    }
  }

  @Test("are found through a symbolic link and with a slash at the end")
  func link() throws {
    let copy = try ControlsCopy()
    let link = copy.folder.path + "-link"
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: copy.folder.path)
    defer { try? FileManager.default.removeItem(atPath: link) }
    let digest = copy.read().catalog?.digest
    for folder in [link, link + "/", copy.folder.path + "//"] {
      let faults = Faults()
      let catalog = CatalogReader(probes: ProbeList.all.map { $0.description }, faults: faults)
        .read(folder: folder)
      #expect(faults.isEmpty && catalog != nil && catalog?.digest == digest, "\(folder)")
    }
  }

  @Test("the same files give the same digest, another byte another one")
  func digest() throws {
    let copy = try ControlsCopy(["GBT-39786-2021", "Rules"])
    let first = copy.read().catalog?.digest
    #expect(first != nil && copy.read().catalog?.digest == first)
    let file = "Rules/scoring-2021.yaml"
    try copy.write(try copy.text(of: file) + "# one more line\n", to: file)
    let second = copy.read().catalog?.digest
    #expect(second != nil && second != first)
  }
}
