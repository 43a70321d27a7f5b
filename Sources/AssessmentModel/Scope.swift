/// What is to be assessed, with whose permission, within which limits (测评范围): the scope file's content.
package struct Scope: Sendable {
  package struct System: Sendable, Hashable, Codable {
    package var title: Bilingual
    /// 3 or 4.
    package var level: Int
    package var `operator`: String?

    package init(title: Bilingual, level: Int, operator: String?) {
      self.title = title
      self.level = level
      self.operator = `operator`
    }
  }

  /// Permission for active tests (现场测评授权).
  package struct Authorisation: Sendable, Hashable, Codable {
    package var document: String
    /// First and last day, `YYYY-MM-DD`, both counted in full in `timezone`.
    package var from: String
    package var to: String
    /// CIDR blocks and exact host names.
    package var targets: [String]
    /// IANA name; Asia/Shanghai unless the scope says otherwise.
    package var timezone: String

    package init(
      document: String, from: String, to: String, targets: [String],
      timezone: String = "Asia/Shanghai"
    ) {
      self.document = document
      self.from = from
      self.to = to
      self.targets = targets
      self.timezone = timezone
    }
  }

  package struct Limits: Sendable, Hashable, Codable {
    /// Connections to one object at once.
    package var connectionsPerObject: Int
    /// Inspections at once.
    package var inspections: Int
    /// Time for one inspection, in milliseconds.
    package var deadlineMilliseconds: Int
    /// Whether probes may also send what is wrong on purpose (主动试验).
    package var allowsActiveTests: Bool

    package init(
      connectionsPerObject: Int = 8, inspections: Int = 64, deadlineMilliseconds: Int = 30_000,
      allowsActiveTests: Bool = false
    ) {
      self.connectionsPerObject = connectionsPerObject
      self.inspections = inspections
      self.deadlineMilliseconds = deadlineMilliseconds
      self.allowsActiveTests = allowsActiveTests
    }
  }

  /// A unit that does not concern the system, or one object of it (不适用); a reason is required.
  package struct NotApplicable: Sendable, Hashable, Codable {
    /// A scoring unit's code or a GM/T 0077 row's id.
    package var unit: String
    /// nil: the whole unit.
    package var object: String?
    package var reason: String
    package var approvedBy: String?

    package init(unit: String, object: String?, reason: String, approvedBy: String?) {
      self.unit = unit
      self.object = object
      self.reason = reason
      self.approvedBy = approvedBy
    }
  }

  package var system: System
  package var authorisation: Authorisation?
  package var limits: Limits
  package var objects: [AssessmentObject]
  package var notApplicable: [NotApplicable]
  /// File or folder of attestations, resolved against the scope's folder.
  package var attestations: String?
  package var waivers: String?
  /// Published judgements switched on or off, by number.
  package var judgements: [String: Bool]
  /// Absolute path of the scope file.
  package var path: String
  /// Where each object stands in the file.
  package var places: [String: SourcePlace]
  /// Where each object says where it is.
  package var locatorPlaces: [String: SourcePlace]

  package init(
    system: System, authorisation: Authorisation?, limits: Limits = Limits(),
    objects: [AssessmentObject], notApplicable: [NotApplicable] = [], attestations: String? = nil,
    waivers: String? = nil, judgements: [String: Bool] = [:], path: String,
    places: [String: SourcePlace] = [:], locatorPlaces: [String: SourcePlace] = [:]
  ) {
    self.system = system
    self.authorisation = authorisation
    self.limits = limits
    self.objects = objects
    self.notApplicable = notApplicable
    self.attestations = attestations
    self.waivers = waivers
    self.judgements = judgements
    self.path = path
    self.places = places
    self.locatorPlaces = locatorPlaces
  }
}
