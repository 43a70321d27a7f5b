/// One edition of the quantitative rules (商用密码应用安全性评估量化评估规则) as data.
package struct ScoringRules: Sendable, Hashable {
  /// `2023` or `2021`.
  package var edition: String
  /// The layers (安全层面) in the order of the rules.
  package var layers: [Layer]
  /// What each side is always worth; nil (2021): one weighted mean over all layers, of 100.
  package var shares: Shares?
  /// Ra by strength; nil (2021): Ra is 1.
  package var strengthFactors: [StrengthFactor]?
  /// Rk by system level; a level without entry, or no entry met: Rk is 1.
  package var keyFactors: [Int: [KeyFactor]]
  package var managementScores: ManagementScores
  /// nil (2021): the edition has no compensation.
  package var compensation: CompensationRule?
  /// The least total for 基本符合, of 100.
  package var threshold: FixedPoint
  /// Where the threshold comes from: printed with it.
  package var thresholdSource: Bilingual

  package init(
    edition: String, layers: [Layer], shares: Shares?, strengthFactors: [StrengthFactor]?,
    keyFactors: [Int: [KeyFactor]], managementScores: ManagementScores,
    compensation: CompensationRule?, threshold: FixedPoint, thresholdSource: Bilingual
  ) {
    self.edition = edition
    self.layers = layers
    self.shares = shares
    self.strengthFactors = strengthFactors
    self.keyFactors = keyFactors
    self.managementScores = managementScores
    self.compensation = compensation
    self.threshold = threshold
    self.thresholdSource = thresholdSource
  }

  /// The side a layer belongs to.
  package enum Group: String, Sendable, Hashable, Codable, CaseIterable {
    /// 密码技术应用要求
    case technical = "tech"
    /// 密码应用管理要求
    case management = "mgmt"
  }

  package struct Layer: Sendable, Hashable {
    /// `phy`, `net`, `dev`, `app`, `pol`, `per`, `con`, `eme`.
    package var code: String
    package var title: Bilingual
    package var group: Group
    package var weight: FixedPoint

    package init(code: String, title: Bilingual, group: Group, weight: FixedPoint) {
      self.code = code
      self.title = title
      self.group = group
      self.weight = weight
    }
  }

  /// Points of 100 for each side (70 and 30 in 2023).
  package struct Shares: Sendable, Hashable {
    package var technical: FixedPoint
    package var management: FixedPoint

    package init(technical: FixedPoint, management: FixedPoint) {
      self.technical = technical
      self.management = management
    }
  }

  /// Ra: what an algorithm that is not approved is still worth, by its strength.
  package struct StrengthFactor: Sendable, Hashable {
    /// Security strength in bits, at least.
    package var minimumBits: Int
    package var value: FixedPoint

    package init(minimumBits: Int, value: FixedPoint) {
      self.minimumBits = minimumBits
      self.value = value
    }
  }

  /// Rk: what a product of too low a grade is still worth.
  package struct KeyFactor: Sendable, Hashable {
    /// Security grade of the cryptographic module (GB/T 37092), at least.
    package var minimumModuleGrade: Int
    /// The other requirements of clause 5.5 (密钥管理安全性) must be met too.
    package var needsOtherKeyRequirements: Bool
    package var value: FixedPoint

    package init(minimumModuleGrade: Int, needsOtherKeyRequirements: Bool, value: FixedPoint) {
      self.minimumModuleGrade = minimumModuleGrade
      self.needsOtherKeyRequirements = needsOtherKeyRequirements
      self.value = value
    }
  }

  /// The score of a management unit by its verdict.
  package struct ManagementScores: Sendable, Hashable {
    package var conforming: FixedPoint
    package var partial: FixedPoint
    package var nonConforming: FixedPoint

    package init(conforming: FixedPoint, partial: FixedPoint, nonConforming: FixedPoint) {
      self.conforming = conforming
      self.partial = partial
      self.nonConforming = nonConforming
    }
  }

  /// How one object makes up for another (弥补): after = max(factor × source, own).
  package struct CompensationRule: Sendable, Hashable {
    package var factor: FixedPoint
    /// Each pair holds in both directions.
    package var pairs: [Pair]

    package init(factor: FixedPoint, pairs: [Pair]) {
      self.factor = factor
      self.pairs = pairs
    }
  }

  /// Two units whose objects can make up for one another.
  package struct Pair: Sendable, Hashable {
    package var first: String
    package var second: String

    package init(first: String, second: String) {
      self.first = first
      self.second = second
    }
  }

  /// True when an object of the unit `source` may make up for one of the unit `target`.
  package func allows(from source: String, to target: String) -> Bool {
    guard let compensation else { return false }
    return compensation.pairs.contains { pair in
      (pair.first == source && pair.second == target)
        || (pair.first == target && pair.second == source)
    }
  }

  /// Ra for what was used; an unknown strength counts as the weakest.
  package func strengthFactor(bits: Int?) -> FixedPoint {
    guard let bands = strengthFactors?.sorted(by: { $0.minimumBits > $1.minimumBits }),
      let weakest = bands.last
    else { return .one }
    guard let bits else { return weakest.value }
    return (bands.first { bits >= $0.minimumBits } ?? weakest).value
  }

  /// Rk for a system of `level`.
  package func keyFactor(
    level: Int, moduleGrade: Int, otherKeyRequirementsMet: Bool
  ) -> FixedPoint {
    let met = (keyFactors[level] ?? []).filter { factor in
      moduleGrade >= factor.minimumModuleGrade
        && (otherKeyRequirementsMet || !factor.needsOtherKeyRequirements)
    }
    return met.max { $0.minimumModuleGrade < $1.minimumModuleGrade }?.value ?? .one
  }
}

/// A unit of GB/T 39786 (测评单元) as the scoring rules know it.
package struct ScoringUnit: Sendable, Hashable {
  /// `net.conf`, `pol.system`, …
  package var code: String
  /// The code of its layer.
  package var layer: String
  package var title: Bilingual
  /// Weight by level; a level without entry does not assess the unit.
  package var weights: [Int: FixedPoint]
  /// 应, 宜, 可 by level. Never says anything about the weight.
  package var obligations: [Int: Requirement.Obligation]
  /// Clause of GB/T 39786-2021 by level: `8.2 c`.
  package var gbt39786: [Int: String]
  /// Clause of GB/T 43206-2023: `6.2.3`.
  package var gbt43206: String
  /// Its own item of the high-risk guideline: `7.2`.
  package var highRiskCode: String?

  package init(
    code: String, layer: String, title: Bilingual, weights: [Int: FixedPoint],
    obligations: [Int: Requirement.Obligation], gbt39786: [Int: String], gbt43206: String,
    highRiskCode: String? = nil
  ) {
    self.code = code
    self.layer = layer
    self.title = title
    self.weights = weights
    self.obligations = obligations
    self.gbt39786 = gbt39786
    self.gbt43206 = gbt43206
    self.highRiskCode = highRiskCode
  }
}
