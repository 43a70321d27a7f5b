#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A TCP socket bound to 127.0.0.1 on a port the system chose. Whoever makes it closes it.
struct LoopbackSocket: Sendable {
  let descriptor: CInt
  let port: Int

  init() throws(DemoError) {
    #if canImport(Glibc)
      let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { throw .socket(operation: "socket", code: errno) }
    do throws(DemoError) {
      try Self.refuseInheritance(descriptor)
      port = try Self.bind(descriptor)
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
  }

  func listen() throws(DemoError) {
    #if canImport(Glibc)
      let status = Glibc.listen(descriptor, 128)
    #elseif canImport(Musl)
      let status = Musl.listen(descriptor, 128)
    #else
      let status = Darwin.listen(descriptor, 128)
    #endif
    guard status == 0 else { throw .socket(operation: "listen", code: errno) }
  }

  /// Keeps `descriptor` out of programs that this process starts.
  static func refuseInheritance(_ descriptor: CInt) throws(DemoError) {
    guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else {
      throw .socket(operation: "fcntl", code: errno)
    }
  }

  private static func bind(_ descriptor: CInt) throws(DemoError) -> Int {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let failed: String? = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        #if canImport(Glibc)
          let status = Glibc.bind(descriptor, pointer, length)
        #elseif canImport(Musl)
          let status = Musl.bind(descriptor, pointer, length)
        #else
          let status = Darwin.bind(descriptor, pointer, length)
        #endif
        guard status == 0 else { return "bind" }
        return getsockname(descriptor, pointer, &length) == 0 ? nil : "getsockname"
      }
    }
    if let failed { throw .socket(operation: failed, code: errno) }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
