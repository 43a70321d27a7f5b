import AssessmentModel
import Foundation
import Testing

/// scoring-examples.json as it is written.
struct ExampleFile: Decodable {
  struct Rules: Decodable {
    struct Layer: Decodable {
      var code: String
      var name: String
      var group: String
      var weight: Int
    }
    struct Group: Decodable {
      var code: String
      var share: Int
    }
    struct Unit: Decodable {
      var code: String
      var layer: String
      var name: String
      var gbt43206: String
      var gbt39786: [String: String]
      var weights: [String: String?]
      var modal: [String: String?]
    }
    struct Band: Decodable {
      var minBits: Int
      var value: String
    }
    struct KeyRule: Decodable {
      var `default`: String
      var whenModuleLevelAtLeast: Int?
      var andOtherKeyRequirementsMet: Bool?
      var value: String?
    }
    var edition: String
    var layers: [Layer]
    var groups: [Group]
    var units: [Unit]
    var strengthFactors: [Band]
    var keyFactors: [String: KeyRule]
    var managementScores: [String: String]
    var compensationPairs: [[String]]
    var threshold: String
    enum CodingKeys: String, CodingKey {
      case edition, layers, groups, units, managementScores, compensationPairs, threshold
      case strengthFactors = "Ra"
      case keyFactors = "Rk"
    }
  }
  struct ObjectVector: Decodable, CustomTestStringConvertible {
    var id: String
    var level: Int
    var d: Int
    var a: Int
    var k: Int
    var strengthBits: Int?
    var moduleGrade: Int
    var otherKeyRequirementsMet: Bool
    var strengthFactor: String?
    var keyFactor: String?
    var expected: String
    var testDescription: String { id }
    enum CodingKeys: String, CodingKey {
      case id, level, expected
      case d = "D"
      case a = "A"
      case k = "K"
      case strengthFactor = "Ra"
      case keyFactor = "Rk"
      case strengthBits = "strength-bits"
      case moduleGrade = "module-grade"
      case otherKeyRequirementsMet = "other-key-requirements-met"
    }
  }
  struct CompensationVector: Decodable, CustomTestStringConvertible {
    var id: String
    var sources: [String]
    var own: String
    var expected: String
    var testDescription: String { id }
    enum CodingKeys: String, CodingKey {
      case id, expected
      case sources = "PA"
      case own = "PB"
    }
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      id = try container.decode(String.self, forKey: .id)
      own = try container.decode(String.self, forKey: .own)
      expected = try container.decode(String.self, forKey: .expected)
      if let single = try? container.decode(String.self, forKey: .sources) {
        sources = [single]
      } else {
        sources = try container.decode([String].self, forKey: .sources)
      }
    }
  }
  struct UnitVector: Decodable, CustomTestStringConvertible {
    var id: String
    var objects: [String]
    var expected: String?
    var verdict: String
    var testDescription: String { id }
  }
  struct TotalVector: Decodable, CustomTestStringConvertible {
    var id: String
    var layers: [String: String?]
    var expected2023: String?
    var expected2021: String?
    var testDescription: String { id }
  }
  struct ConclusionVector: Decodable, CustomTestStringConvertible {
    var id: String
    var total: String?
    var openHighRisk: Int
    var expected: String
    var testDescription: String { id }
  }
  struct Example: Decodable, CustomTestStringConvertible {
    struct Input: Decodable {
      struct Unit: Decodable {
        var objects: [Object]?
        var verdict: String?
        var status: String?
        var reason: String?
      }
      struct Object: Decodable {
        var id: String
        var d: Bool
        var a: Bool?
        var k: Bool?
        var strengthBits: Int?
        var moduleGrade: Int?
        var otherKeyRequirementsMet: Bool?
        enum CodingKeys: String, CodingKey {
          case id
          case d = "D"
          case a = "A"
          case k = "K"
          case strengthBits = "strength-bits"
          case moduleGrade = "module-grade"
          case otherKeyRequirementsMet = "other-key-requirements-met"
        }
      }
      struct Relation: Decodable {
        var fromUnit: String
        var fromObject: String
        var toUnit: String
        var toObject: String
        enum CodingKeys: String, CodingKey {
          case fromUnit = "from-unit"
          case fromObject = "from-object"
          case toUnit = "to-unit"
          case toObject = "to-object"
        }
      }
      struct Hit: Decodable {
        var code: String
        var unit: String
        var object: String
        var problem: Int
        var state: String
      }
      var units: [String: Unit]
      var compensations: [Relation]
      var highRisk: [Hit]
      enum CodingKeys: String, CodingKey {
        case units, compensations
        case highRisk = "high-risk"
      }
    }
    struct Numbers: Decodable {
      var objects: [String: String]?
      var compensated: [String: String]?
      var units: [String: String?]?
      var unitVerdicts: [String: String]?
      var layers: [String: String?]?
      var groups: [String: String?]?
      var total: String?
      var openHighRisk: Int?
      var conclusion: String?
    }
    struct Ranged: Decodable {
      var lower: Numbers
      var upper: Numbers
      var testedOnlyTotal: String
      var untestedUnits: Int
      var applicableUnits: Int
      var openHighRisk: Int
    }
    enum Expected {
      case numbers(Numbers)
      case ranged(Ranged)
    }
    var id: String
    var edition: String
    var level: Int
    var input: Input
    var expected: Expected
    var expected2021: Numbers?
    var testDescription: String { id }
    enum CodingKeys: String, CodingKey { case id, edition, level, input, expected, expected2021 }
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      id = try container.decode(String.self, forKey: .id)
      edition = try container.decode(String.self, forKey: .edition)
      level = try container.decode(Int.self, forKey: .level)
      input = try container.decode(Input.self, forKey: .input)
      expected2021 = try container.decodeIfPresent(Numbers.self, forKey: .expected2021)
      if let ranged = try? container.decode(Ranged.self, forKey: .expected) {
        expected = .ranged(ranged)
      } else {
        expected = .numbers(try container.decode(Numbers.self, forKey: .expected))
      }
    }
  }

  var rules: Rules
  var objectVectors: [ObjectVector]
  var compensationVectors: [CompensationVector]
  var unitVectors: [UnitVector]
  var totalVectors: [TotalVector]
  var conclusionVectors: [ConclusionVector]
  var examples: [Example]

  static let shared: ExampleFile = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/scoring-examples.json")
    do {
      return try JSONDecoder().decode(ExampleFile.self, from: Data(contentsOf: file))
    } catch {
      fatalError("\(file.path): \(error)")
    }
  }()
}
