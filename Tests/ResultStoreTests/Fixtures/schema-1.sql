CREATE TABLE evidence (
  run TEXT NOT NULL REFERENCES runs (id),
  id TEXT NOT NULL,
  inspection TEXT,
  sm3 TEXT NOT NULL,
  class INTEGER NOT NULL CHECK (class BETWEEN 1 AND 3),
  PRIMARY KEY (run, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE findings (
  run TEXT NOT NULL REFERENCES runs (id),
  fingerprint TEXT NOT NULL,
  requirement TEXT NOT NULL,
  object TEXT,
  verdict TEXT NOT NULL,
  d TEXT,
  a TEXT,
  k TEXT,
  PRIMARY KEY (run, fingerprint)
) STRICT, WITHOUT ROWID;
CREATE INDEX findings_by_fingerprint ON findings (fingerprint);
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
CREATE TABLE inspections (
  run TEXT NOT NULL REFERENCES runs (id),
  key TEXT NOT NULL,
  place INTEGER NOT NULL,
  object TEXT NOT NULL,
  probe TEXT NOT NULL,
  inspection TEXT NOT NULL,
  finished TEXT NOT NULL,
  PRIMARY KEY (run, key)
) STRICT;
CREATE TABLE results (
  run TEXT NOT NULL PRIMARY KEY REFERENCES runs (id),
  bytes BLOB NOT NULL
) STRICT;
CREATE TABLE runs (
  id TEXT NOT NULL PRIMARY KEY,
  scope_path TEXT NOT NULL,
  scope_digest TEXT NOT NULL,
  catalog_digest TEXT NOT NULL,
  tool_version TEXT NOT NULL,
  settings TEXT NOT NULL,
  started TEXT NOT NULL,
  ended TEXT,
  folder TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'complete', 'interrupted')),
  gate_exit_code INTEGER
) STRICT;
CREATE INDEX runs_by_scope ON runs (scope_path, started);
