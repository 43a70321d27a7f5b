import AssessmentModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The operating system's reason for refusing, in words.
struct SystemReason {
  var code: Int32

  var text: Bilingual {
    switch code {
    case ENOSPC, EDQUOT, EFBIG:
      Bilingual(zh: "磁盘空间或配额不足", en: "no space left, or a limit on size was met")
    case EACCES, EPERM: Bilingual(zh: "没有权限", en: "permission denied")
    case EROFS: Bilingual(zh: "文件系统只读", en: "the file system is read-only")
    case ENOENT: Bilingual(zh: "不存在", en: "no such file or folder")
    case ENOTDIR: Bilingual(zh: "路径中有一段不是目录", en: "a part of its path is not a folder")
    case EISDIR: Bilingual(zh: "是目录", en: "it is a folder")
    case EEXIST: Bilingual(zh: "已存在", en: "it exists already")
    case ELOOP: Bilingual(zh: "是符号链接", en: "it is a symbolic link")
    case ENAMETOOLONG: Bilingual(zh: "路径过长", en: "its path is too long")
    case EMFILE, ENFILE: Bilingual(zh: "打开的文件过多", en: "too many open files")
    case EIO: Bilingual(zh: "输入输出错误", en: "input/output error")
    case EINVAL: Bilingual(zh: "路径无效", en: "no file can have this path")
    default: Bilingual(zh: "系统错误 \(code)", en: "system error \(code)")
    }
  }
}
