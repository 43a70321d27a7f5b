/// The kind of an assessment object (测评对象类型); it decides which units and probes concern it.
package enum ObjectKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// A machine room or other physical area (units phy.*).
  case room
  /// A communication channel of the network (units net.*).
  case channel
  /// A host, database, bastion or HSM as a managed device (units dev.*).
  case device
  /// An application with its users (app.auth, app.acl, app.label, app.nr).
  case application
  /// One important data class with the channels it travels and the stores it rests in (app.t*, app.s*).
  case data
  /// The bank's management (management units).
  case organisation
  /// What probes look at; these serve the objects above.
  case auditLog = "audit-log"
  case pinService = "pin-service"
  case cryptoDevice = "crypto-device"
  case assetStore = "asset-store"
}

/// Something that is assessed (测评对象).
package struct AssessmentObject: Sendable, Hashable, Codable {
  /// Unique within the scope; part of every fingerprint.
  package var id: String
  package var kind: ObjectKind
  /// Where it is: `tls://HOST:PORT`, a path… The form follows from the probe that looks at it.
  package var locator: String?
  package var owner: String?
  /// Names in two languages, when the scope gives them.
  package var title: Bilingual?
  /// Parameters the scope gives for probes: `sni`, …
  package var parameters: [String: FactValue]
  package var product: Product?
  /// Objects that this one serves: its facts count for them.
  package var serves: [String]
  /// Channels a data class travels. Never feeds D, A or K; proposes a compensation only.
  package var travels: [String]
  /// Stores a data class rests in; their facts count for it.
  package var restsIn: [String]
  /// Devices that protect it; their facts count for it.
  package var protectedBy: [String]

  package init(
    id: String, kind: ObjectKind, locator: String? = nil, owner: String? = nil,
    title: Bilingual? = nil, parameters: [String: FactValue] = [:], product: Product? = nil,
    serves: [String] = [], travels: [String] = [], restsIn: [String] = [],
    protectedBy: [String] = []
  ) {
    self.id = id
    self.kind = kind
    self.locator = locator
    self.owner = owner
    self.title = title
    self.parameters = parameters
    self.product = product
    self.serves = serves
    self.travels = travels
    self.restsIn = restsIn
    self.protectedBy = protectedBy
  }

  /// The certified product behind an object (商用密码产品认证).
  package struct Product: Sendable, Hashable, Codable {
    package var certificate: String?
    /// Security grade of the module by GB/T 37092, 0 (no certificate) to 4.
    package var moduleGrade: Int

    package init(certificate: String? = nil, moduleGrade: Int = 0) {
      self.certificate = certificate
      self.moduleGrade = moduleGrade
    }
  }
}

/// A text in the two languages of every report.
package struct Bilingual: Sendable, Hashable, Codable {
  package var zh: String
  package var en: String

  package init(zh: String, en: String) {
    self.zh = zh
    self.en = en
  }
}
