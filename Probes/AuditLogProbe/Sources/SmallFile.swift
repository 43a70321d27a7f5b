import Glibc

/// Why a file named by the model could not be read.
struct FileFailure: Error, Sendable, Hashable, CustomStringConvertible {
  var path: String
  var reason: String

  var description: String { "\(path): \(reason)" }
}

/// Reads a small regular file whole.
enum SmallFile {
  static func read(_ path: String, limit: Int) throws(FileFailure) -> [UInt8] {
    let file = try OpenFile(path)
    let size = try file.status().size
    guard size <= limit else {
      throw FileFailure(path: path, reason: "\(size) bytes, at most \(limit) are read")
    }
    var bytes: [UInt8] = []
    while true {
      let before = bytes.count
      guard try file.read(upTo: 1 << 16, into: &bytes) > 0 else { return bytes }
      guard before <= limit else {
        throw FileFailure(path: path, reason: "more than \(limit) bytes")
      }
    }
  }

  /// The names in a folder, sorted; at most `limit` of them.
  static func names(inFolder path: String, limit: Int) throws(FileFailure) -> [String] {
    guard !path.utf8.contains(0) else { throw FileFailure(path: "", reason: "a zero byte") }
    guard let stream = opendir(path) else {
      throw FileFailure(path: path, reason: String(cString: strerror(errno)))
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
        String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name == "." || name == ".." { continue }
      guard names.count < limit else {
        throw FileFailure(path: path, reason: "more than \(limit) names in it")
      }
      names.append(name)
    }
    return names.sorted()
  }
}

/// An open regular file; never written to.
final class OpenFile {
  struct Status: Sendable, Hashable {
    var size: Int
    var device: UInt
    var inode: UInt
    var owner: UInt32
    var mode: UInt32
    var modified: Instant
  }

  /// Linux's `O_NOATIME`, which the C library declares only where all of its own extensions are asked for.
  private static let withoutAccessTime: Int32 = 0o1_000_000

  let path: String
  private let descriptor: Int32
  /// Where the system puts what is read, before it is known how much that is.
  private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 16)

  init(_ path: String) throws(FileFailure) {
    guard !path.utf8.contains(0) else {
      throw FileFailure(path: "", reason: "the path holds a zero byte")
    }
    // Without blocking: opening a pipe nobody writes to would otherwise wait for ever. The time of the last
    // access is left alone where the system allows that: to the file's owner.
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK
    var descriptor = open(path, flags | OpenFile.withoutAccessTime)
    if descriptor < 0, errno == EPERM { descriptor = open(path, flags) }
    guard descriptor >= 0 else {
      throw FileFailure(path: path, reason: String(cString: strerror(errno)))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw FileFailure(path: path, reason: "not a regular file")
    }
    self.path = path
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
    buffer.deallocate()
  }

  func status() throws(FileFailure) -> Status {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw FileFailure(path: path, reason: String(cString: strerror(errno)))
    }
    return OpenFile.Status(status)
  }

  /// The file that bears the name now; nil when none does.
  static func status(ofPath path: String) -> Status? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Status(status)
  }

  /// Appends up to `count` bytes; returns how many, 0 at the end.
  func read(upTo count: Int, into bytes: inout [UInt8]) throws(FileFailure) -> Int {
    guard count > 0 else { return 0 }
    if buffer.count < count {
      buffer.deallocate()
      buffer = .allocate(byteCount: count, alignment: 16)
    }
    let got = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]))
    bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<got]))
    return got
  }

  /// Reads what fits into `target`; returns how many bytes, 0 at the end.
  func read(into target: UnsafeMutableRawBufferPointer) throws(FileFailure) -> Int {
    guard target.count > 0 else { return 0 }
    var got = 0
    repeat {
      got = Glibc.read(descriptor, target.baseAddress, target.count)
    } while got < 0
      && errno == EINTR
    guard got >= 0 else { throw FileFailure(path: path, reason: String(cString: strerror(errno))) }
    return got
  }
}

extension OpenFile.Status {
  fileprivate init(_ status: stat) {
    size = Int(status.st_size)
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
    owner = status.st_uid
    mode = status.st_mode
    modified = Instant(seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }
}
