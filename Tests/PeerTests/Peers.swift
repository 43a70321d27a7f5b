import Foundation
import TestSupport

/// The openssl command line: keys and certificates with fictitious names only, and TLS servers.
enum OpenSSL {
  static let path = "/usr/bin/openssl"

  @discardableResult
  static func run(_ arguments: [String], in folder: Folder) async throws -> Finished {
    // No configuration of the machine's: the tests ask for old protocols and digests too.
    let result = try await Program.run(
      path, arguments, in: folder.path, environment: ["OPENSSL_CONF": "/dev/null"])
    guard result.code == 0 else {
      throw SupportError("openssl \(arguments.joined(separator: " ")): \(result.errText)")
    }
    return result
  }

  static let rsa = ["rsa:2048"]
  static let p256 = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]

  /// A self-signed certificate `NAME.pem` for pay.bank.test, its key in `NAME.key`.
  static func certificate(
    _ name: String, _ key: [String], _ more: [String] = [], in folder: Folder
  ) async throws {
    try folder.write("[req]\ndistinguished_name=dn\n[dn]\n", to: "req.cnf")
    try await run(
      [
        "req", "-x509", "-config", "req.cnf", "-nodes", "-keyout", "\(name).key", "-out",
        "\(name).pem", "-days", "30", "-subj", "/CN=\(name).bank.test", "-addext",
        "subjectAltName=DNS:pay.bank.test", "-addext", "keyUsage=digitalSignature", "-newkey",
      ] + key + more, in: folder)
  }

  /// SHA-256 over the DER of a certificate, lower-case hex.
  static func digest(of name: String, in folder: Folder) async throws -> String {
    let text = try await run(
      ["x509", "-in", "\(name).pem", "-noout", "-fingerprint", "-sha256"], in: folder
    ).outText
    return text.drop { $0 != "=" }.filter(\.isHexDigit).lowercased()
  }
}

/// A real server on loopback, started on a free port and ended by its process id.
struct Server {
  let port: Int
  private let program: Program

  /// Starts what `arguments` of the port describes and waits until it answers; another program may take the
  /// port first, so it is tried three times.
  private init(_ path: String, in folder: Folder, _ arguments: (Int) throws -> [String])
    async throws
  {
    var complaint = ""
    for _ in 0..<3 {
      let port = try Loopback.freePort()
      let program = try Program(
        path, try arguments(port), in: folder.path, environment: ["OPENSSL_CONF": "/dev/null"])
      let end = ContinuousClock.now + .seconds(10)
      repeat {
        try await Task.sleep(for: .milliseconds(10))
        if Loopback.answers(port), program.isRunning {
          self.port = port
          self.program = program
          return
        }
      } while program.isRunning && ContinuousClock.now < end
      complaint = program.errSoFar
      await program.stop()
    }
    throw SupportError("\(path) did not listen: \(complaint)")
  }

  /// `openssl s_server` with `NAME.pem`.
  static func openssl(
    _ name: String, _ options: [String], in folder: Folder
  ) async throws -> Server {
    try await Server(OpenSSL.path, in: folder) { port in
      [
        "s_server", "-accept", "127.0.0.1:\(port)", "-cert", "\(name).pem", "-key", "\(name).key",
        "-www",
      ] + options
    }
  }

  /// Of nginx: TLS 1.2 and 1.3, one suite a kind of certificate.
  static let fewSuites = """
    ssl_protocols TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers on;
    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384;
    ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384;
    """

  /// nginx with `rsa.pem` and `ec.pem`.
  static func nginx(in folder: Folder, settings: String = fewSuites) async throws -> Server {
    let root = folder.path
    return try await Server("/usr/sbin/nginx", in: folder) { port in
      try folder.write(
        """
        daemon off; master_process off; pid \(root)/nginx.pid; error_log \(root)/error.log;
        events {}
        http {
          access_log off; client_body_temp_path \(root)/t1; proxy_temp_path \(root)/t2;
          fastcgi_temp_path \(root)/t3; uwsgi_temp_path \(root)/t4; scgi_temp_path \(root)/t5;
          server {
            listen 127.0.0.1:\(port) ssl;
            ssl_certificate \(root)/rsa.pem; ssl_certificate_key \(root)/rsa.key;
            ssl_certificate \(root)/ec.pem; ssl_certificate_key \(root)/ec.key;
            \(settings)
          }
        }
        """, to: "nginx.conf")
      return ["-e", "\(root)/error.log", "-c", "\(root)/nginx.conf"]
    }
  }

  func stop() async { await program.stop() }
}
