package import AssessmentModel

/// Why the store could not be used, or a run not be resumed.
package enum StoreError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file cannot be opened or made; `detail` is SQLite's reason.
  case cannotOpen(path: String, detail: String)
  /// The file is no database, or a damaged one; it was left as it is.
  case damaged(path: String, detail: String)
  /// A database of another program; it was left as it is.
  case foreign(path: String)
  /// Written by a newer version of this tool.
  case newer(path: String)
  /// Another process kept it locked for all of `seconds`.
  case busy(path: String, seconds: Int)
  /// No space left.
  case full(path: String)
  /// Anything else that SQLite refused.
  case failed(path: String, detail: String)
  /// What is stored about an inspection cannot be read back.
  case unreadable(run: String, what: String)
  /// A key or id that cannot be stored: empty, or with a zero byte.
  case badKey(String)

  case unknownRun(String)
  case runExists(String)
  /// Nothing to go on with.
  case noUnfinishedRun(scope: String)
  case alreadyComplete(run: String)
  /// The scope is not the one the run began with.
  case scopeChanged(run: String, was: String, now: String)
  /// The catalog is not the one the run began with.
  case catalogChanged(run: String, was: String, now: String)

  /// Whether the request cannot be met as it was made (exit 2), as against a tool that could not do its
  /// work (exit 5).
  package var isWrongUse: Bool {
    switch self {
    case .unknownRun, .runExists, .noUnfinishedRun, .alreadyComplete, .scopeChanged,
      .catalogChanged, .foreign, .newer:
      true
    case .cannotOpen, .damaged, .busy, .full, .failed, .unreadable, .badKey: false
    }
  }

  /// One line for a person.
  package var message: Bilingual {
    switch self {
    case .cannotOpen(let path, let detail):
      Bilingual(
        zh: "\(shown(path)): 无法打开结果库: \(detail)",
        en: "\(shown(path)): the result store cannot be opened: \(detail)")
    case .damaged(let path, let detail):
      Bilingual(
        zh: "\(shown(path)): 不是 SQLite 数据库或已损坏, 未作改动: \(detail); 请移走后用 --store 另指文件",
        en: "\(shown(path)): not an SQLite database, or a damaged one; it was left as it is: "
          + "\(detail); move it away or name another file with --store")
    case .foreign(let path):
      Bilingual(
        zh: "\(shown(path)): 是其他程序的数据库, 未作改动; 请用 --store 另指文件",
        en: "\(shown(path)): a database of another program, left as it is; name another file "
          + "with --store")
    case .newer(let path):
      Bilingual(
        zh: "\(shown(path)): 由更新版本写入, 请升级工具",
        en: "\(shown(path)): written by a newer version; use that version")
    case .busy(let path, let seconds):
      Bilingual(
        zh: "\(shown(path)): 被另一进程锁定超过 \(seconds) 秒, 请等其结束",
        en: "\(shown(path)): locked by another process for more than \(seconds) s; wait for it "
          + "to end")
    case .full(let path):
      Bilingual(
        zh: "\(shown(path)): 磁盘空间不足", en: "\(shown(path)): no space left on the disk")
    case .failed(let path, let detail):
      Bilingual(
        zh: "\(shown(path)): 结果库操作失败: \(detail)",
        en: "\(shown(path)): the result store failed: \(detail)")
    case .unreadable(let run, let what):
      Bilingual(
        zh: "运行 \(shown(run)): 库中的 \(shown(what)) 无法读回",
        en: "run \(shown(run)): the stored \(shown(what)) cannot be read back")
    case .badKey(let key):
      Bilingual(
        zh: "\(shown(key)) 不能作为键: 不得为空或含零字节",
        en: "\(shown(key)) cannot be a key: it is empty or holds a zero byte")
    case .unknownRun(let run):
      Bilingual(zh: "没有运行 \(shown(run))", en: "there is no run \(shown(run)) in the store")
    case .runExists(let run):
      Bilingual(zh: "运行 \(shown(run)) 已存在", en: "the run \(shown(run)) exists already")
    case .noUnfinishedRun(let scope):
      Bilingual(
        zh: "\(shown(scope)): 没有未完成的运行; 请去掉 --resume 重新开始",
        en: "\(shown(scope)): no unfinished run; begin a new one without --resume")
    case .alreadyComplete(let run):
      Bilingual(
        zh: "运行 \(shown(run)) 已完成; 请去掉 --resume 重新开始",
        en: "the run \(shown(run)) is complete; begin a new one without --resume")
    case .scopeChanged(let run, let was, let now):
      Bilingual(
        zh: "运行 \(shown(run)) 开始后测评范围已改动(SM3 \(was.prefix(8)) → \(now.prefix(8))); "
          + "请恢复原范围文件, 或去掉 --resume 重新开始",
        en: "the scope changed since the run \(shown(run)) began (SM3 \(was.prefix(8)) then, "
          + "\(now.prefix(8)) now); put the old scope back, or begin a new run without --resume")
    case .catalogChanged(let run, let was, let now):
      Bilingual(
        zh: "运行 \(shown(run)) 开始后控制目录已改动(SM3 \(was.prefix(8)) → \(now.prefix(8))); "
          + "请使用原目录, 或去掉 --resume 重新开始",
        en: "the catalog changed since the run \(shown(run)) began (SM3 \(was.prefix(8)) then, "
          + "\(now.prefix(8)) now); use the old catalog, or begin a new run without --resume")
    }
  }

  package var description: String { message.en }

  private func shown(_ text: String) -> String { ActiveScalar.inert(text) }
}
