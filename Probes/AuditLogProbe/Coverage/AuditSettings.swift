import AssessmentModel
import YAMLDocument

/// Settings of a PostgreSQL server that decide what pgaudit logs, and who could change them (审计开关).
struct AuditSettings: Sendable, Hashable {
  struct Role: Sendable, Hashable {
    var name: String
    var canLogIn: Bool
    var isSuperuser: Bool
    /// `name=value`, as `ALTER ROLE … SET` keeps them.
    var settings: [String] = []
    /// May change `pgaudit.log` without being superuser (`GRANT SET ON PARAMETER`).
    var maySet = false
  }

  /// Values by name.
  var settings: [String: String] = [:]
  var roles: [Role] = []
  /// Settings of databases, `name=value`, by database.
  var databases: [String: [String]] = [:]

  /// Classes of statements that pgaudit tells apart, and that `all` stands for.
  static let classes = ["ddl", "function", "misc", "misc_set", "read", "role", "write"]

  /// The classes that a value of `pgaudit.log` switches on.
  static func logged(_ value: String) -> Set<String> {
    var logged: Set<String> = []
    for part in value.lowercased().split(whereSeparator: { $0 == "," || $0 == " " }) {
      switch part {
      case "all": logged = Set(classes)
      case "none": logged = []
      case _ where part.hasPrefix("-"): logged.remove(String(part.dropFirst()))
      default: logged.insert(String(part))
      }
    }
    return logged.intersection(classes)
  }

  private static func value(_ name: String, in settings: [String]) -> String? {
    settings.last { $0.lowercased().hasPrefix(name + "=") }
      .map { String($0.dropFirst(name.count + 1)) }
  }

  var isLoaded: Bool {
    (settings["shared_preload_libraries"] ?? "")
      .split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\"" }).contains("pgaudit")
  }

  /// Classes logged for all who have no settings of their own.
  var loggedForAll: Set<String> {
    isLoaded ? Self.logged(settings["pgaudit.log"] ?? "none") : []
  }

  /// Roles for which less is logged than for all, with the setting that does it.
  var exempt: [(role: String, setting: String)] {
    roles.compactMap { role in
      guard let value = Self.value("pgaudit.log", in: role.settings),
        !Self.logged(value).isSuperset(of: loggedForAll)
      else { return nil }
      return (role.name, value)
    }
  }

  /// Who can log in and switch auditing off for the own session.
  var canDisable: [(role: String, why: String)] {
    roles.compactMap { role in
      guard role.canLogIn else { return nil }
      if role.isSuperuser { return (role.name, "superuser") }
      return role.maySet ? (role.name, "granted") : nil
    }
  }

  /// Everything about these settings that leaves events out of the log.
  func findings() -> [FactValue] {
    var findings: [FactValue] = []
    if !isLoaded {
      findings.append(["name": "audit-not-loaded", "setting": "shared_preload_libraries"])
    } else {
      let missing = Self.classes.filter { !loggedForAll.contains($0) }
      if !missing.isEmpty {
        findings.append(
          [
            "name": missing.count == Self.classes.count ? "audit-off" : "classes-not-logged",
            "setting": "pgaudit.log", "missing": .list(missing.map { .text($0) }),
          ])
      }
    }
    for (database, values) in databases.sorted(by: { $0.key < $1.key }) {
      guard let value = Self.value("pgaudit.log", in: values),
        !Self.logged(value).isSuperset(of: loggedForAll)
      else { continue }
      findings.append(
        ["name": "database-exempt", "database": .text(database), "setting": .text(value)])
    }
    for (role, setting) in exempt {
      findings.append(["name": "user-exempt", "user": .text(role), "setting": .text(setting)])
    }
    for (role, why) in canDisable {
      findings.append(
        ["name": "audit-can-be-disabled", "user": .text(role), "why": .text(why)])
    }
    for name in ["log_connections", "log_disconnections"] {
      guard let value = settings[name],
        ["off", "", "false", "no", "0"].contains(value.lowercased())
      else { continue }
      findings.append(["name": "sessions-not-logged", "setting": .text(name)])
    }
    return findings
  }
}

extension AuditSettings {
  private static let sizeLimit = 4 << 20

  /// Reads settings that the log's owner wrote to a file, in the form of Facts.md.
  static func read(_ path: String) throws(FileFailure) -> AuditSettings {
    let faults = Faults()
    var settings: AuditSettings?
    if let node = YAMLDocument.read(path: path, faults: faults, limit: sizeLimit) {
      settings = AuditSettings(node, faults: faults)
    }
    guard let settings, faults.isEmpty else {
      throw FileFailure(
        path: path, reason: faults.sorted.first?.description ?? "settings and roles are expected")
    }
    return settings
  }

  private init?(_ node: YAMLNode, faults: Faults) {
    let keys = ["settings", "roles", "databases"]
    guard let reader = MappingReader(node, of: "audit settings", keys: keys, faults: faults),
      let entries = reader.required("settings")?.entries(of: "settings", faults: faults),
      let roles = reader.requiredItems("roles")
    else { return nil }
    for entry in entries {
      settings[entry.key] =
        entry.value.isNull
        ? "" : entry.value.text(of: "setting \(entry.key)", faults: faults)
    }
    for role in roles {
      let keys = ["name", "login", "superuser", "may-set", "settings"]
      guard let fields = MappingReader(role, of: "role", keys: keys, faults: faults),
        let name = fields.requiredText("name"), let canLogIn = fields.requiredBoolean("login"),
        let isSuperuser = fields.requiredBoolean("superuser")
      else { continue }
      self.roles.append(
        Role(
          name: name, canLogIn: canLogIn, isSuperuser: isSuperuser,
          settings: fields.texts("settings") ?? [], maySet: fields.boolean("may-set") ?? false))
    }
    for entry in reader.node("databases")?.entries(of: "databases", faults: faults) ?? [] {
      databases[entry.key] = entry.value.texts(of: "settings of \(entry.key)", faults: faults)
    }
  }
}
