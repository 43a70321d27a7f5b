import COpenSSL

/// A block cipher of the PIN service under one key: raw blocks, no padding (分组密码).
///
/// Written apart from the probe's, so that one cannot hide a fault of the other.
struct ServiceCipher: Sendable, Hashable {
  enum Algorithm: Sendable, Hashable {
    case tdea, sm4, aes

    var blockLength: Int { self == .tdea ? 8 : 16 }
  }

  let algorithm: Algorithm
  /// 16 bytes; of TDEA K1 and K2.
  let key: [UInt8]

  func encrypt(_ block: [UInt8]) throws(DemoError) -> [UInt8] { try run(block, 1) }
  func decrypt(_ block: [UInt8]) throws(DemoError) -> [UInt8] { try run(block, 0) }

  private func run(_ block: [UInt8], _ direction: Int32) throws(DemoError) -> [UInt8] {
    let operation = "a block cipher of the PIN service"
    try require(key.count == 16 && block.count.isMultiple(of: algorithm.blockLength), operation)
    guard let context = EVP_CIPHER_CTX_new() else { throw .libcrypto(operation) }
    defer { EVP_CIPHER_CTX_free(context) }
    let (method, schedule): (OpaquePointer?, [UInt8]) =
      switch algorithm {
      case .tdea: (EVP_des_ede3_ecb(), key + key.prefix(8))
      case .sm4: (EVP_sm4_ecb(), key)
      case .aes: (EVP_aes_128_ecb(), key)
      }
    try require(
      EVP_CipherInit_ex2(context, method, schedule, nil, direction, nil) == 1, operation)
    try require(EVP_CIPHER_CTX_set_padding(context, 0) == 1, operation)
    var output = [UInt8](repeating: 0, count: block.count + 16)
    var written: Int32 = 0
    try require(
      EVP_CipherUpdate(context, &output, &written, block, Int32(block.count)) == 1, operation)
    try require(Int(written) == block.count, operation)
    return Array(output.prefix(block.count))
  }
}

/// The keys of the PIN service: enciphered under its master key, each with one use (密钥用途).
///
/// A key text is a scheme letter (`U` TDEA, `S` SM4, `A` AES; none for a single DES key) and hexadecimal digits.
struct ServiceKeys: Sendable {
  enum Use: Sendable, Hashable { case pin, pinVerification, data }
  /// Why a key text is not worked with.
  enum Refusal: Error { case form, weak, use }

  private let master: ServiceCipher
  private var uses: [String: Use] = [:]
  private let takesWeakKeys: Bool

  init(takesWeakKeys: Bool) {
    master = ServiceCipher(algorithm: .tdea, key: Self.randomKey())
    self.takesWeakKeys = takesWeakKeys
  }

  /// The text of a new key for `use`, and the key.
  mutating func make(
    _ algorithm: ServiceCipher.Algorithm, _ use: Use
  ) throws(DemoError) -> (text: String, cipher: ServiceCipher) {
    let key = Self.randomKey()
    let text = try text(of: key, algorithm)
    uses[text] = use
    return (text, ServiceCipher(algorithm: algorithm, key: key))
  }

  func text(
    of key: [UInt8], _ algorithm: ServiceCipher.Algorithm
  ) throws(DemoError) -> String {
    let scheme =
      switch algorithm {
      case .tdea: key.count == 8 ? "" : "U"
      case .sm4: "S"
      case .aes: "A"
      }
    return scheme + Hexadecimal.text(try master.encrypt(key))
  }

  /// The key of a text, for `use` only.
  func cipher(_ text: String, for use: Use) throws(Refusal) -> ServiceCipher {
    let scheme = text.utf8.count == 33 ? text.prefix(1) : ""
    let algorithm: ServiceCipher.Algorithm
    switch scheme {
    case "", "U": algorithm = .tdea
    case "S": algorithm = .sm4
    case "A": algorithm = .aes
    default: throw .form
    }
    guard let sealed = Hexadecimal.bytes(String(text.dropFirst(scheme.count))),
      sealed.count == (scheme.isEmpty ? 8 : 16)
    else { throw .form }
    guard var key = try? master.decrypt(sealed) else { throw .form }
    if let known = uses[text], known != use { throw .use }
    if algorithm == .tdea, !takesWeakKeys {
      guard key.count == 16, key.prefix(8) != key.suffix(8),
        key.allSatisfy({ !$0.nonzeroBitCount.isMultiple(of: 2) })
      else { throw .weak }
    }
    if key.count == 8 { key += key }
    return ServiceCipher(algorithm: algorithm, key: key)
  }

  /// Whether this text is a PIN key's.
  func isPINKey(_ text: String) -> Bool { uses[text] == .pin || uses[text] == .pinVerification }

  /// Random bytes with odd parity, which TDEA wants and the others do not mind.
  private static func randomKey() -> [UInt8] {
    (0..<16).map { _ in
      let byte = UInt8.random(in: 0...255) & 0xFE
      return byte | (byte.nonzeroBitCount.isMultiple(of: 2) ? 1 : 0)
    }
  }
}

/// Hexadecimal text, upper case.
enum Hexadecimal {
  static func text(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  static func bytes(_ text: String) -> [UInt8]? {
    let nibbles = text.compactMap(\.hexDigitValue)
    guard nibbles.count == text.utf8.count, nibbles.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: nibbles.count, by: 2).map {
      UInt8(nibbles[$0] << 4 | nibbles[$0 + 1])
    }
  }
}
