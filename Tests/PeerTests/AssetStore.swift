import Foundation
import TestSupport

/// A folder of keys and certificates made by the openssl command line, with what each must be listed as.
struct AssetStore {
  /// One asset as the probe must state it.
  struct Expected: Hashable, Comparable, CustomStringConvertible {
    var kind: String
    var algorithm: String?
    var bits: Int?
    var curve: String?
    var digest: String?
    var protection: String?
    var strength: String?
    var approved: Bool?

    init(
      _ kind: String, _ key: Key?, digest: String? = nil, protection: String? = nil
    ) {
      self.kind = kind
      algorithm = key?.algorithm
      bits = key?.bits
      curve = key?.curve
      self.digest = digest
      self.protection = protection
      strength = key?.strength
      approved = key.map { $0.algorithm == "SM2" }
    }

    init(stated: JSON) {
      kind = stated["kind"].string ?? "?"
      algorithm = stated["algorithm"].string
      bits = if case .number(let number) = stated["bits"] { Int(number) } else { nil }
      curve = stated["curve"].string
      digest = stated["signature-digest"].string
      protection = stated["protection"].string
      strength = stated["strength"].string
      approved = if case .boolean(let boolean) = stated["gm-approved"] { boolean } else { nil }
    }

    var description: String {
      "\(kind) \(algorithm ?? "–") \(bits ?? 0) \(curve ?? "–") \(digest ?? "–") "
        + "\(protection ?? "–") \(strength ?? "–") \(approved.map { "\($0)" } ?? "–")"
    }

    static func < (one: Expected, other: Expected) -> Bool { "\(one)" < "\(other)" }
  }

  /// A key, how the command line makes it, and what the scoring rule's strength bands say of it.
  struct Key: Sendable {
    var name: String
    var generate: [String]
    var algorithm: String
    var bits: Int
    var curve: String?
    var strength: String
  }

  static let keys: [Key] =
    [(1024, ">=80"), (2048, ">=112"), (3072, ">=112"), (4096, ">=112")].map {
      Key(
        name: "rsa\($0)", generate: ["RSA", "-pkeyopt", "rsa_keygen_bits:\($0)"],
        algorithm: "RSA", bits: $0, strength: $1)
    }
    + [
      ("p256", "P-256", 256, ">=112"), ("p384", "P-384", 384, ">=112"),
      ("p521", "P-521", 521, ">=112"), ("secp256k1", "secp256k1", 256, ">=112"),
      ("secp192k1", "secp192k1", 192, ">=80"),
    ].map {
      Key(
        name: $0, generate: ["EC", "-pkeyopt", "ec_paramgen_curve:\($1)"], algorithm: "EC",
        bits: $2, curve: $1, strength: $3)
    }
    + [
      Key(
        name: "sm2", generate: ["EC", "-pkeyopt", "ec_paramgen_curve:SM2"], algorithm: "SM2",
        bits: 256, curve: "SM2", strength: ">=112"),
      Key(
        name: "ed25519", generate: ["ED25519"], algorithm: "Ed25519", bits: 256,
        strength: ">=112"),
    ]

  let folder: Folder
  private(set) var expected: [String: [Expected]] = [:]
  /// Places of certificates, by the SHA-256 openssl gives.
  private(set) var digests: [String: String] = [:]

  static let password = "correct horse"

  init() async throws {
    folder = try Folder()
    try folder.write("[req]\ndistinguished_name=dn\n[dn]\n", to: "req.cnf")
    try await makeKeys()
    try await makeCertificates()
    try await makeContainers()
    try makeDecoys()
  }

  private static func key(_ name: String) -> Key {
    keys.first { $0.name == name } ?? keys[0]
  }

  private mutating func makeKeys() async throws {
    for key in Self.keys {
      let file = "store/\(key.name).key"
      try folder.write("", to: file)
      try await OpenSSL.run(["genpkey", "-out", file, "-algorithm"] + key.generate, in: folder)
      expected["\(key.name).key"] = [Expected("private-key", key, protection: "clear")]
      let open = "\(key.name).pub"
      try await OpenSSL.run(["pkey", "-in", file, "-pubout", "-out", "store/\(open)"], in: folder)
      expected[open] = [Expected("public-key", key)]
    }
    for name in ["rsa2048", "p256", "sm2"] {
      let key = Self.key(name)
      let file = "store/\(name).key"
      try folder.write("", to: "store/nested/deep/\(name).bin")
      try await OpenSSL.run(
        ["pkey", "-in", file, "-outform", "DER", "-out", "store/nested/deep/\(name).bin"],
        in: folder)
      expected["nested/deep/\(name).bin"] = [Expected("private-key", key, protection: "clear")]
      // SEC 1 and PKCS#1; of an SM2 key the command line writes "SM2 PRIVATE KEY".
      try await OpenSSL.run(
        (name == "rsa2048" ? ["rsa", "-traditional"] : ["ec"])
          + ["-in", file, "-out", "store/\(name)-old.key"], in: folder)
      expected["\(name)-old.key"] = [Expected("private-key", key, protection: "clear")]
      try await OpenSSL.run(
        ["pkcs8", "-topk8", "-in", file, "-v2", "aes-256-cbc", "-out", "store/\(name)-locked.key"]
          + ["-passout", "pass:\(Self.password)"], in: folder)
      expected["\(name)-locked.key"] = [Expected("private-key", nil, protection: "encrypted")]
    }
    try await OpenSSL.run(
      ["rsa", "-in", "store/rsa2048.key", "-traditional", "-aes128", "-out", "store/dek-info.key"]
        + ["-passout", "pass:\(Self.password)"], in: folder)
    expected["dek-info.key"] = [Expected("private-key", nil, protection: "encrypted")]
  }

  private mutating func makeCertificates() async throws {
    for (key, digest, name) in [
      ("rsa1024", "sha1", "SHA-1"), ("rsa2048", "sha256", "SHA-256"), ("rsa3072", "sha1", "SHA-1"),
      ("rsa4096", "sha512", "SHA-512"), ("rsa2048", "md5", "MD5"), ("p256", "sha256", "SHA-256"),
      ("p384", "sha384", "SHA-384"), ("sm2", "sm3", "SM3"),
    ] {
      let file = "\(key)-\(digest).crt"
      try await OpenSSL.run(
        [
          "req", "-x509", "-config", "req.cnf", "-key", "store/\(key).key", "-\(digest)", "-days",
          "30", "-subj", "/CN=\(key).bank.test", "-out", "store/\(file)",
        ] + signing(key), in: folder)
      expected[file] = [Expected("certificate", Self.key(key), digest: name)]
      try await record(file)
    }
    try await OpenSSL.run(
      [
        "req", "-new", "-config", "req.cnf", "-key", "store/sm2.key", "-sm3", "-subj",
        "/CN=request.bank.test", "-out", "store/sm2.csr",
      ] + signing("sm2"), in: folder)
    expected["sm2.csr"] = [Expected("csr", Self.key("sm2"), digest: "SM3")]
    try await makeExpired()
  }

  private func signing(_ key: String) -> [String] {
    key == "sm2" ? ["-sigopt", "distid:1234567812345678"] : []
  }

  /// A certificate of years ago and a revocation list, from a small authority.
  private mutating func makeExpired() async throws {
    try folder.write(
      """
      [ca]
      default_ca=authority
      [authority]
      database=index.txt
      new_certs_dir=.
      serial=serial
      default_md=sha256
      policy=anything
      default_crl_days=30
      [anything]
      commonName=supplied
      """, to: "ca.cnf")
    try folder.write("", to: "index.txt")
    try folder.write("01\n", to: "serial")
    try await OpenSSL.run(
      [
        "req", "-new", "-config", "req.cnf", "-key", "store/rsa2048.key", "-subj",
        "/CN=old.bank.test", "-out", "old.csr",
      ], in: folder)
    try await OpenSSL.run(
      [
        "ca", "-batch", "-config", "ca.cnf", "-selfsign", "-keyfile", "store/rsa2048.key", "-in",
        "old.csr", "-out", "store/expired.crt", "-notext", "-startdate", "20200101000000Z",
        "-enddate", "20210101000000Z",
      ], in: folder)
    expected["expired.crt"] = [
      Expected("certificate", Self.key("rsa2048"), digest: "SHA-256")
    ]
    try await record("expired.crt")
    try await OpenSSL.run(
      [
        "ca", "-gencrl", "-config", "ca.cnf", "-keyfile", "store/rsa2048.key", "-cert",
        "store/rsa2048-sha256.crt", "-out", "store/list.crl",
      ], in: folder)
    expected["list.crl"] = [Expected("crl", nil, digest: "SHA-256")]
  }

  private mutating func makeContainers() async throws {
    try await OpenSSL.run(
      [
        "pkcs12", "-export", "-inkey", "store/p256.key", "-in", "store/p256-sha256.crt", "-out",
        "store/locked.p12", "-passout", "pass:\(Self.password)",
      ], in: folder)
    expected["locked.p12"] = [Expected("container", nil, protection: "encrypted")]
    try await OpenSSL.run(
      [
        "crl2pkcs7", "-nocrl", "-certfile", "store/p256-sha256.crt", "-certfile",
        "store/sm2-sm3.crt", "-out", "store/two.p7b",
      ], in: folder)
    expected["two.p7b"] = [
      Expected("certificate", Self.key("p256"), digest: "SHA-256"),
      Expected("certificate", Self.key("sm2"), digest: "SM3"),
    ]
    let bundle = try ["rsa2048-sha256.crt", "sm2-sm3.crt", "p256.key"].map {
      try folder.text("store/\($0)")
    }
    try folder.write(
      "# kept by nobody\r\n" + bundle.joined(separator: "\nand then\n"), to: "store/notes.txt")
    expected["notes.txt"] = [
      Expected("certificate", Self.key("rsa2048"), digest: "SHA-256"),
      Expected("certificate", Self.key("sm2"), digest: "SM3"),
      Expected("private-key", Self.key("p256"), protection: "clear"),
    ]
  }

  /// What looks like a key or certificate and is none.
  private func makeDecoys() throws {
    let certificate = try folder.text("store/rsa2048-sha256.crt")
    try folder.write("", to: "store/empty.pem")
    try folder.write(String(certificate.dropLast(200)), to: "store/cut.pem")
    try folder.write(
      "-----BEGIN CERTIFICATE-----\nnot base64 at all!\n-----END CERTIFICATE-----\n",
      to: "store/words.pem")
    try folder.write("A page about -----BEGIN PRIVATE KEY----- lines.\n", to: "store/page.html")
    try folder.write([0x30, 0x82, 0x7F, 0xFF, 0x02, 0x01], to: "store/short.der")
    try folder.write(
      [0xFF, 0xD8, 0xFF, 0xE0] + [UInt8](repeating: 0x30, count: 500), to: "store/a.jpg")
  }

  private mutating func record(_ file: String) async throws {
    let text = try await OpenSSL.run(
      ["x509", "-in", "store/\(file)", "-noout", "-fingerprint", "-sha256"], in: folder
    ).outText
    digests[file] = text.drop { $0 != "=" }.filter(\.isHexDigit).lowercased()
  }
}
