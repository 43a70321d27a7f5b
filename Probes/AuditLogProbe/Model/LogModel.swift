import NationalCrypto

/// What the owner of an audit log states about it (审计日志模型): where its records are, what they mean, and how
/// they are protected. Read from a YAML file by ``LogModelFile``; every path in it is resolved.
struct LogModel: Sendable, Hashable {
  var name: String
  var source: LogSource
  var map: FieldMap
  /// Fields every record must carry (日期时间、类型、主体、客体、结果), by the log's own names.
  var required: [String]
  /// nil only where nothing is canonicalised: no protection, digest folder.
  var canonical: CanonicalRule?
  var protection: Protection
  var checkpoint: CheckpointRule?
  /// What was seen on an earlier visit: a JSON file `{"count", "head"}`, read and never written.
  var anchorPath: String?
  var clock: ClockRule
  var extraction: Extraction?
  /// Parts of the model that verification does not use: `active`, `verifier`, `canary`, `coverage`.
  var setAside: [String]
  /// What goes beyond verification.
  var activity = ActiveRules()
}

/// Which of the log's fields hold what the checks need; nil where the log has none.
struct FieldMap: Sendable, Hashable {
  var sequence: String?
  var time: String?
  var type: String?
  var subject: String?
  var object: String?
  var result: String?
}

/// Where records come from (日志来源).
enum LogSource: Sendable, Hashable {
  case jsonLines(path: String)
  case csv(path: String, CSVForm)
  case sqlite(path: String, TableForm)
  case postgres(PostgreSQLAddress, TableForm)
  case journalExport(path: String)
  case digestFolder(path: String)

  /// The file, or the folder; nil for a log in a server.
  var file: String? {
    switch self {
    case .jsonLines(let path), .csv(let path, _), .sqlite(let path, _), .journalExport(let path),
      .digestFolder(let path):
      path
    case .postgres: nil
    }
  }

  /// Where the log is, for messages: its path, or the address of its database.
  var path: String {
    if case .postgres(let address, _) = self { address.description } else { file ?? "" }
  }
}

/// A database of a PostgreSQL server, and how to speak to it.
struct PostgreSQLAddress: Sendable, Hashable, CustomStringConvertible {
  /// A name, an address, or the folder of a local socket.
  var host: String
  var port = 5432
  /// The address that was authorised for the host; nil: the host is used as it stands.
  var checkedAddress: String?
  var database: String
  var user: String
  /// Where the password is; it never stands in a model.
  var password: KeyReference?
  /// How the connection is protected, by libpq's names: `disable` … `verify-full`; nil: as libpq does by itself.
  var tlsMode: String?
  /// Certificates that are trusted, PEM.
  var rootCertificatePath: String?
  var schema = "public"
  /// Settings that decide how values become text.
  var session = ["DateStyle": "ISO", "TimeZone": "UTC"]

  var description: String { "postgresql:\(host):\(port)/\(database)" }
}

enum TextEncoding: String, Sendable, Hashable, CaseIterable {
  case utf8 = "utf-8"
  case gb18030
}

struct CSVForm: Sendable, Hashable {
  var encoding: TextEncoding
  /// One ASCII byte.
  var delimiter: UInt8
  /// Names of the columns; nil: the first record names them.
  var columns: [String]?
  /// An unquoted field with this text is null; nil: no field is.
  var null: String?
}

struct TableForm: Sendable, Hashable {
  var table: String
  /// The column that orders the records.
  var order: String
}

/// Fields inside one text field, taken by the named groups of a pattern.
struct Extraction: Sendable, Hashable {
  var from: String
  var pattern: String
  var names: [String]
}

/// The bytes a record's protection is computed over (规范化形式).
struct CanonicalRule: Sendable, Hashable {
  enum Kind: String, Sendable, Hashable, CaseIterable {
    case joined
    case jsonSorted = "json-sorted"
    case lengthPrefixed = "length-prefixed"
    case rawField = "raw-field"
  }
  enum Escape: String, Sendable, Hashable, CaseIterable { case none, backslash }

  var kind: Kind
  var fields: [String]
  var separator: [UInt8] = []
  var escape = Escape.none
  /// Stands for an absent or null field in the joined form; never escaped.
  var null = ""
  var encoding = TextEncoding.utf8
}

/// How records are protected (完整性保护方式).
struct Protection: Sendable, Hashable {
  enum Kind: String, Sendable, Hashable, CaseIterable {
    case none, hmac, merkle
    case hashChain = "hash-chain"
    case hmacChain = "hmac-chain"
    case sm2Record = "sm2-record"
    case digestFolder = "digest-folder"

    var isChain: Bool { self == .hashChain || self == .hmacChain }
    var usesKey: Bool { self == .hmac || self == .hmacChain }
    /// A value stands beside every record.
    var hasValues: Bool { usesKey || self == .hashChain || self == .sm2Record }
  }
  enum Order: String, Sendable, Hashable, CaseIterable {
    case prevFirst = "prev-first"
    case contentFirst = "content-first"
  }
  enum PreviousForm: String, Sendable, Hashable, CaseIterable { case bytes, hex }
  enum SignatureForm: String, Sendable, Hashable, CaseIterable {
    case der, raw
    case derHex = "der-hex"
  }

  var kind: Kind
  var digest = ProtectionDigest.sm3
  var key: KeyReference?
  var publicKeyPath: String?
  var valueField = ""
  var valueEncoding = ValueEncoding.hex
  /// Declared length of the code in bytes; nil: all of it.
  var truncate: Int?
  var prevField: String?
  var order = Order.prevFirst
  var prevAs = PreviousForm.bytes
  /// The link before the first record; nil: not stated, so that the first link is not checked.
  var genesis: [UInt8]?
  /// Records a key serves before it is replaced by its successor; 0: it never is.
  var evolveEvery = 0
  var evolveLabel = ""
  var identity = SM2.defaultIdentity
  var signatureForm = SignatureForm.der
  var digestFolder = DigestFolderForm()
}

/// Names inside a folder of digests.
struct DigestFolderForm: Sendable, Hashable {
  var digests = "digests"
  var logs = "logs"
  /// nil: any.
  var logID: String?
}

/// The digest of a log's protection (杂凑算法).
package enum ProtectionDigest: String, Sendable, Hashable, CaseIterable {
  case sm3, sha256

  var algorithm: DigestAlgorithm {
    switch self {
    case .sm3: .sm3
    case .sha256: .sha256
    }
  }
}

enum ValueEncoding: String, Sendable, Hashable, CaseIterable { case hex, base64 }

/// Where a secret key is; the key itself never stands in a model.
struct KeyReference: Sendable, Hashable {
  enum Place: Sendable, Hashable {
    case file(path: String)
    case environment(name: String)
    /// Inside a device or behind a command: what kind is all that is kept.
    case device(kind: String)
  }
  enum Format: String, Sendable, Hashable, CaseIterable { case hex, base64, raw }
  var place: Place
  var format: Format
}

/// Signed statements about how many records there were and what the last one was (签名检查点).
struct CheckpointRule: Sendable, Hashable {
  enum Kind: String, Sendable, Hashable, CaseIterable {
    case signedHead = "sm2-head"
    case note
  }
  enum Place: Sendable, Hashable {
    case file(path: String)
    case table(table: String, column: String, order: String)
  }
  var kind: Kind
  var place: Place
  var publicKeyPath: String
  var logID: String?
  var keyID: String?
  var origin: String?
  var keyName: String?
  /// Records after the last checkpoint that are tolerated.
  var maximumUncovered: Int
}

struct ClockRule: Sendable, Hashable {
  enum Form: String, Sendable, Hashable, CaseIterable {
    case iso
    case seconds = "epoch-s"
    case milliseconds = "epoch-ms"
    case microseconds = "epoch-us"
  }
  var form = Form.iso
  var toleranceMilliseconds = 0
  /// Records later than this are in the future; nil: the moment of the inspection.
  var notAfter: Instant?
  /// Seconds east of UTC for texts that name no zone; nil: such texts have no place in time.
  var zone: Int?
}
