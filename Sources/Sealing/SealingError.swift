package import AssessmentModel
package import NationalCrypto

/// Why a run folder could not be written, opened or sealed.
package enum SealingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was being done when the operating system refused.
  package enum Action: String, Sendable, Hashable, CaseIterable {
    case create, open, read, write, sync, rename, remove, list, truncate
  }

  /// The operating system refused; `code` is its `errno`.
  case file(path: String, Action, code: Int32)
  /// A file is larger than is ever read at once.
  case tooLarge(path: String, limit: Int)
  /// There is a run folder of this name already; it is left as it is.
  case exists(path: String)
  /// The folder holds no evidence list, so it is not a run's.
  case notARun(path: String)
  /// Another process is writing to this run.
  case inUse(path: String)
  /// A name that may not be used for a file of a run, or for a run.
  case badName(String)
  /// Something else than files and folders stands in the run folder: a link, a pipe, a device.
  case foreignEntry(path: String)
  /// An earlier failure left the evidence list in a state that could not be set right.
  case unusable(path: String)
  /// The evidence list does not verify.
  case chain(path: String, ChainFault)
  /// Evidence is missing or is not what the list says.
  case evidence(path: String, EvidenceFault)
  /// The manifest cannot be read.
  case manifest(path: String, reason: String)
  /// The key cannot be used, or libcrypto failed.
  case crypto(CryptoError)

  /// Whether something written earlier does not verify (exit 4), as against a tool that could not do its
  /// work (exit 5).
  package var isIntegrity: Bool {
    switch self {
    case .chain, .evidence, .manifest, .foreignEntry: true
    case .file, .tooLarge, .exists, .notARun, .inUse, .badName, .unusable, .crypto: false
    }
  }

  /// One line for a person.
  package var message: Bilingual {
    switch self {
    case .file(let path, let action, let code):
      let reason = SystemReason(code: code)
      return Bilingual(
        zh: "\(Self.shown(path)): \(action.words.zh)失败: \(reason.text.zh)",
        en: "\(Self.shown(path)): cannot \(action.words.en): \(reason.text.en)")
    case .tooLarge(let path, let limit):
      return Bilingual(
        zh: "\(Self.shown(path)): 文件超过 \(limit) 字节的上限",
        en: "\(Self.shown(path)): larger than the \(limit) bytes that are read at most")
    case .exists(let path):
      return Bilingual(
        zh: "\(Self.shown(path)): 该运行目录已存在, 未作改动",
        en: "\(Self.shown(path)): this run folder exists already; it was left as it is")
    case .notARun(let path):
      return Bilingual(
        zh: "\(Self.shown(path)): 不是运行目录(没有 evidence.jsonl)",
        en: "\(Self.shown(path)): not a run folder, evidence.jsonl is expected in it")
    case .inUse(let path):
      return Bilingual(
        zh: "\(Self.shown(path)): 另一个进程正在写入此运行, 请等其结束",
        en: "\(Self.shown(path)): another process is writing to this run; wait for it to end")
    case .badName(let name):
      return Bilingual(
        zh: "名称 \(Self.shown(name)) 不可用: 只允许字母、数字、点、下划线和连字符",
        en: "the name \(Self.shown(name)) cannot be used: letters, digits, dots, underscores and "
          + "hyphens are expected, and none of the names the seal itself uses")
    case .foreignEntry(let path):
      return Bilingual(
        zh: "\(Self.shown(path)): 运行目录中只应有普通文件和目录",
        en: "\(Self.shown(path)): only plain files and folders are expected in a run folder")
    case .unusable(let path):
      return Bilingual(
        zh: "\(Self.shown(path)): 先前写入失败且未能恢复, 请释放空间后用 --resume 继续",
        en: "\(Self.shown(path)): an earlier write failed and could not be undone; make room and "
          + "go on with --resume")
    case .chain(let path, let fault):
      return Bilingual(
        zh: "\(Self.shown(path)): \(fault.message.zh)", en: "\(Self.shown(path)): \(fault)")
    case .evidence(let path, let fault):
      return Bilingual(
        zh: "\(Self.shown(path)): \(fault.message.zh)", en: "\(Self.shown(path)): \(fault)")
    case .manifest(let path, let reason):
      return Bilingual(
        zh: "\(Self.shown(path)): 清单无法读取: \(reason)",
        en: "\(Self.shown(path)): the manifest cannot be read: \(reason)")
    case .crypto(let error):
      return Bilingual(zh: "密码运算失败: \(error)", en: "\(error)")
    }
  }

  package var description: String { message.en }

  private static func shown(_ text: String) -> String { ActiveScalar.inert(text) }
}

extension SealingError.Action {
  fileprivate var words: Bilingual {
    switch self {
    case .create: Bilingual(zh: "创建", en: "create it")
    case .open: Bilingual(zh: "打开", en: "open it")
    case .read: Bilingual(zh: "读取", en: "read it")
    case .write: Bilingual(zh: "写入", en: "write it")
    case .sync: Bilingual(zh: "落盘", en: "bring it to the disk")
    case .rename: Bilingual(zh: "改名", en: "rename it")
    case .remove: Bilingual(zh: "删除", en: "remove it")
    case .list: Bilingual(zh: "列目录", en: "list it")
    case .truncate: Bilingual(zh: "截断", en: "shorten it")
    }
  }
}

/// Runs cryptography and hands its failure on as a sealing error.
func withCrypto<Value>(
  _ body: () throws(CryptoError) -> Value
) throws(SealingError) -> Value {
  do throws(CryptoError) { return try body() } catch { throw .crypto(error) }
}
