extension AuditSettings {
  /// Reads the settings of a server in one read-only transaction.
  ///
  /// - Throws: when the server cannot be asked, or the account may not see which libraries it loads
  ///   (`pg_read_all_settings` lets it).
  static func read(from address: PostgreSQLAddress) throws(FileFailure) -> AuditSettings {
    let session = try PostgreSQLSession(address)
    try session.run("BEGIN READ ONLY", [])
    var settings = AuditSettings()
    // What is set for the account that asks says nothing about others.
    let values = try session.rows(
      """
      SELECT lower(name), CASE WHEN source IN ('user', 'database user', 'client', 'session')
      THEN boot_val ELSE setting END FROM pg_catalog.pg_settings
      WHERE lower(name) LIKE 'pgaudit.%' OR name IN ('shared_preload_libraries', 'log_connections',
      'log_disconnections', 'log_destination', 'logging_collector', 'server_version_num')
      """)
    for row in values where row.count == 2 { settings.settings[row[0]] = row[1] }
    guard settings.settings["shared_preload_libraries"] != nil else {
      throw FileFailure(
        path: address.description,
        reason: "the account may not see shared_preload_libraries; it needs pg_read_all_settings")
    }
    let version = Int(settings.settings["server_version_num"] ?? "") ?? 0
    settings.roles = try roles(session, canGrant: version >= 150_000)
    let databases = try session.rows(
      """
      SELECT d.datname, c.item FROM pg_catalog.pg_db_role_setting s
      JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
      CROSS JOIN LATERAL unnest(s.setconfig) AS c(item) WHERE s.setrole = 0 ORDER BY 1, 2
      """)
    for row in databases where row.count == 2 {
      settings.databases[row[0], default: []].append(row[1])
    }
    try session.run("COMMIT", [])
    return settings
  }

  private static func roles(
    _ session: PostgreSQLSession, canGrant: Bool
  ) throws(FileFailure) -> [Role] {
    let privilege =
      canGrant ? "pg_catalog.has_parameter_privilege(r.oid, 'pgaudit.log', 'SET')" : "false"
    // Who is a member of a superuser's role can become that one.
    let rows = try session.rows(
      """
      SELECT r.rolname, r.rolcanlogin, EXISTS (SELECT 1 FROM pg_catalog.pg_roles s
      WHERE s.rolsuper AND pg_catalog.pg_has_role(r.oid, s.oid, 'MEMBER')), \(privilege)
      FROM pg_catalog.pg_roles r WHERE r.rolname NOT LIKE 'pg\\_%' ORDER BY 1
      """)
    var roles = rows.filter { $0.count == 4 }.map { row in
      Role(
        name: row[0], canLogIn: row[1] == "t", isSuperuser: row[2] == "t", maySet: row[3] == "t")
    }
    let settings = try session.rows(
      """
      SELECT r.rolname, c.item FROM pg_catalog.pg_db_role_setting s
      JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
      CROSS JOIN LATERAL unnest(s.setconfig) AS c(item) ORDER BY 1, 2
      """)
    for row in settings where row.count == 2 {
      guard let index = roles.firstIndex(where: { $0.name == row[0] }) else { continue }
      roles[index].settings.append(row[1])
    }
    return roles
  }
}
