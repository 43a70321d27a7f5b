#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The open evidence list: grows at its end only, and belongs to one process at a time.
struct ListFile: ~Copyable {
  let path: String
  private let descriptor: Int32
  private var length: Int
  private var isBroken = false

  /// - Parameter isNew: the file must not exist yet; otherwise it must.
  init(path: String, isNew: Bool) throws(SealingError) {
    let flags = isNew ? O_RDWR | O_APPEND | O_CREAT | O_EXCL : O_RDWR | O_APPEND
    let descriptor = try Disk.opened(path, flags, isNew ? .create : .open)
    // File systems without locks answer with another code; there the lock is forgone.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
      _ = close(descriptor)
      throw .inUse(path: path)
    }
    let end = lseek(descriptor, 0, SEEK_END)
    guard end >= 0 else {
      let code = errno
      _ = close(descriptor)
      throw .file(path: path, .read, code: code)
    }
    self.path = path
    self.descriptor = descriptor
    self.length = Int(end)
  }

  deinit { _ = close(descriptor) }

  /// Adds `bytes`; durable on return, and all of them or none.
  mutating func append(_ bytes: [UInt8]) throws(SealingError) {
    guard !isBroken else { throw .unusable(path: path) }
    do throws(SealingError) {
      try Disk.writeAll(bytes, to: descriptor, path: path)
      try Disk.sync(descriptor, path: path)
    } catch {
      // Half a line would spoil the chain for every line after it.
      isBroken = ftruncate(descriptor, off_t(length)) != 0
      throw error
    }
    length += bytes.count
  }

  /// Drops everything after the first `count` bytes; durable on return.
  mutating func truncate(to count: Int) throws(SealingError) {
    guard ftruncate(descriptor, off_t(count)) == 0 else {
      throw .file(path: path, .truncate, code: errno)
    }
    try Disk.sync(descriptor, path: path)
    length = count
  }
}
