import AssessmentModel
import Bytes
import Glibc
import NationalCrypto

/// Looks where the keys of a log are kept (密钥存放位置).
struct KeyPlace {
  private static let nameLimit = 1000
  private static let sizeLimit = 1 << 16

  let model: LogModel
  let key: SecretKey?
  let publicKeys: [[UInt8]]

  /// Why a key counts as lying beside the log, each reason once.
  func reasons() -> [String] {
    var reasons: [String] = []
    if case .file(let path) = model.protection.key?.place, model.protection.kind.usesKey {
      reasons += fileReasons(path)
    }
    if holdsKey() { reasons.append("in-the-database") }
    if holdsSigningKey() { reasons.append("signing-key-present") }
    return reasons
  }

  private func fileReasons(_ path: String) -> [String] {
    var reasons: [String] = []
    if let log = model.source.file, KeyPlace.folder(path) == KeyPlace.folder(log) {
      reasons.append("same-folder")
    }
    guard let keyFile = OpenFile.status(ofPath: path) else { return reasons }
    // Bits of the mode: 4 is "others may read", 0o400 "the owner may".
    if keyFile.mode & 0o004 != 0 { reasons.append("readable-by-all") }
    if let log = model.source.file.flatMap(OpenFile.status(ofPath:)), log.owner != 0,
      log.owner == keyFile.owner, keyFile.mode & 0o400 != 0
    {
      reasons.append("same-owner-as-the-log")
    }
    return reasons
  }

  /// Whether a value of the log's database is the key, as text or as it is.
  private func holdsKey() -> Bool {
    guard let key, let database = try? OpenedLog.database(model.source) else { return false }
    var bytes = key.bytes
    defer { wipe(&bytes) }
    guard bytes.count >= 4 else { return false }
    let texts = [
      Array(hexadecimal(bytes).utf8), Array(ValueText.text(bytes, .base64).utf8), bytes,
    ]
    var isFound = false
    try? database.samples(tableLimit: 100, rowLimit: KeyPlace.nameLimit) { value in
      guard !isFound else { return }
      let lower = value.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
      isFound = texts.contains(value) || texts[0] == lower
    }
    return isFound
  }

  /// Whether the private key to one of the public keys lies beside it or beside the log.
  private func holdsSigningKey() -> Bool {
    guard !publicKeys.isEmpty else { return false }
    let paths = [
      model.protection.publicKeyPath, model.checkpoint?.publicKeyPath, model.source.file,
    ].compactMap(\.self)
    for folder in Set(paths.map(KeyPlace.folder)) {
      let names = (try? SmallFile.names(inFolder: folder, limit: KeyPlace.nameLimit)) ?? []
      for name in names {
        guard let size = OpenFile.status(ofPath: folder + "/" + name)?.size,
          size <= KeyPlace.sizeLimit,
          var text = try? SmallFile.read(folder + "/" + name, limit: KeyPlace.sizeLimit)
        else { continue }
        defer { wipe(&text) }
        guard text.count > 64, KeyPlace.mayHoldKey(text),
          let info = try? SM2.subjectPublicKeyInfo(ofPrivateKeyPEM: text)
        else { continue }
        if publicKeys.contains(info) { return true }
      }
    }
    return false
  }

  private static func mayHoldKey(_ text: [UInt8]) -> Bool {
    let mark = Array("PRIVATE KEY-----".utf8)
    return text.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return false }
      var at = 0
      while bytes.count - at >= mark.count,
        let found = memchr(base + at, Int32(mark[0]), bytes.count - at - mark.count + 1)
      {
        if memcmp(found, mark, mark.count) == 0 { return true }
        at = UnsafeRawPointer(found) - base + 1
      }
      return false
    }
  }

  private static func folder(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
