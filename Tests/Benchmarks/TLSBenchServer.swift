import Foundation
import Glibc

/// nginx in a folder of its own, with an RSA and a P-256 certificate, TLS 1.0 to 1.3 and 35 suites, on as
/// many loopback addresses as asked for; ended by its process id.
final class TLSBenchServer {
  let folder: String
  let port: Int
  private let id: pid_t

  struct Failed: Error { var reason: String }

  /// The truth, by one connection a code: TLS 1.0 and 1.1 six suites each, TLS 1.2 twenty, TLS 1.3 three; ten
  /// groups in TLS 1.3; thirteen signature algorithms in TLS 1.2.
  static let configuration = """
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
    ssl_ciphers 'DEFAULT:@SECLEVEL=0';
    ssl_prefer_server_ciphers on;
    ssl_session_cache shared:S:1m;
    """

  init(addresses: Int) throws {
    let folder = NSTemporaryDirectory() + "miping-bench-\(UUID().uuidString)"
    self.folder = folder
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    func write(_ text: String, _ name: String) throws {
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    // The machine's own configuration may forbid old versions.
    try write("", "empty.cnf")
    try write("[req]\ndistinguished_name=dn\n[dn]\n", "req.cnf")
    for (name, key) in [
      ("rsa", ["rsa:2048"]), ("ec", ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    ] {
      let made = try Command.run(
        ["/usr/bin/openssl", "req", "-x509", "-nodes", "-config", "\(folder)/req.cnf"]
          + ["-subj", "/CN=bench.bank.example", "-days", "2", "-out", "\(folder)/\(name).pem"]
          + ["-keyout", "\(folder)/\(name).key", "-newkey"] + key,
        output: "\(folder)/openssl.txt")
      guard made.code == 0 else { throw Failed(reason: "openssl made no certificate") }
    }
    let port = try Self.freePort()
    self.port = port
    let listening = (1...addresses).map { "listen 127.0.0.\($0):\(port) ssl backlog=1024;" }
    let spaces = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
      .map { "\($0)_temp_path \(folder)/\($0);" }
    try write(
      """
      daemon off; worker_processes 2; pid \(folder)/nginx.pid; error_log \(folder)/error.log;
      events { worker_connections 4096; }
      http {
        access_log off; \(spaces.joined(separator: " "))
        server {
          \(listening.joined(separator: "\n"))
          ssl_certificate \(folder)/rsa.pem; ssl_certificate_key \(folder)/rsa.key;
          ssl_certificate \(folder)/ec.pem; ssl_certificate_key \(folder)/ec.key;
          \(Self.configuration)
          location / { return 200 ok; }
        }
      }
      """, "nginx.conf")
    id = try Command.start(
      ["/usr/sbin/nginx", "-e", "\(folder)/error.log", "-c", "\(folder)/nginx.conf"],
      output: "\(folder)/nginx.txt", environment: ["OPENSSL_CONF": "\(folder)/empty.cnf"])
    for _ in 0..<500 where !Self.answers(port) { usleep(10_000) }
    guard Self.answers(port) else {
      stop()
      let reason = try? String(contentsOfFile: "\(folder)/nginx.txt.err", encoding: .utf8)
      throw Failed(reason: "nginx did not start: \(reason ?? "")")
    }
  }

  func stop() {
    kill(id, SIGTERM)
    waitpid(id, nil, 0)
    try? FileManager.default.removeItem(atPath: folder)
  }

  private static func address(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    return address
  }

  private static func withSocket<Value>(
    _ port: Int, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Value
  ) -> Value {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = address(port)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  private static func answers(_ port: Int) -> Bool { withSocket(port) { connect($0, $1, $2) == 0 } }

  private static func freePort() throws -> Int {
    for _ in 0..<100 {
      let port = Int.random(in: 20_000..<30_000)
      if withSocket(port, { bind($0, $1, $2) == 0 }) { return port }
    }
    throw Failed(reason: "no free port")
  }
}
