import Bytes

/// Known answers asked of libcrypto before anything is concluded from it (密码算法自检).
package enum SelfTest {
  /// - Throws: the first algorithm whose answer is wrong, or that is missing.
  package static func run() throws(CryptoError) {
    try digests()
    try messageCode()
    try blockCipher()
    try signature()
  }

  /// GB/T 32905 annex A.1.
  private static func digests() throws(CryptoError) {
    try expect(
      try SM3.digest(Array("abc".utf8)),
      "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0", "SM3")
  }

  /// HMAC by its definition, over the digest just tested: H((K ^ opad) | H((K ^ ipad) | text)).
  private static func messageCode() throws(CryptoError) {
    let key = [UInt8](repeating: 0x0B, count: 32)
    let text = Array("message".utf8)
    func padded(_ value: UInt8) -> [UInt8] {
      (key + [UInt8](repeating: 0, count: 32)).map { $0 ^ value }
    }
    let expected = try SM3.digest(padded(0x5C) + SM3.digest(padded(0x36) + text))
    var code = try HMACSM3(key: key)
    guard try code.code(of: text) == expected else { throw wrong("HMAC-SM3") }
  }

  /// GB/T 32907 annex A.1, twice the same block.
  private static func blockCipher() throws(CryptoError) {
    let block: [UInt8] = [
      0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32,
      0x10,
    ]
    let answer = "681edf34d206965e86b3e94f536e4246"
    try expect(try SM4.encryptBlocks(block + block, key: block), answer + answer, "SM4")
  }

  /// GB/T 32918.5 annex A.2: its key, message, identity and signature; and a signature of our own.
  private static func signature() throws(CryptoError) {
    let message = Array("message digest".utf8)
    let publicKey = try published(
      "3059301306072a8648ce3d020106082a811ccf5501822d03420004"
        + "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
        + "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13")
    let signature = try published(
      "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
        + "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa")
    guard
      try SM2.verify(signature: signature, message: message, subjectPublicKeyInfo: publicKey),
      try !SM2.verify(
        signature: signature, message: message, subjectPublicKeyInfo: publicKey, identity: "")
    else { throw wrong("SM2 verification") }
    let own = try SM2.sign(message, privateKeyPEM: Array(publishedKey.utf8))
    guard try SM2.verify(signature: own, message: message, subjectPublicKeyInfo: publicKey),
      try !SM2.verify(
        signature: own, message: message + [0], subjectPublicKeyInfo: publicKey)
    else { throw wrong("SM2 signature") }
  }

  /// The private key printed in that annex, 3945208f…f7c5b8: public to all, of no use as a secret.
  private static let publishedKey = """
    -----BEGIN PRIVATE KEY-----
    MEECAQAwEwYHKoZIzj0CAQYIKoEcz1UBgi0EJzAlAgEBBCA5RSCPeyFEsT8244rG
    05+ViJOTaShgtRpC+4HvTffFuA==
    -----END PRIVATE KEY-----
    """

  private static func published(_ text: String) throws(CryptoError) -> [UInt8] {
    guard let bytes = bytes(fromHexadecimal: text) else { throw wrong("the published numbers") }
    return bytes
  }

  private static func expect(
    _ answer: [UInt8], _ expected: String, _ algorithm: String
  ) throws(CryptoError) {
    guard hexadecimal(answer) == expected else { throw wrong(algorithm) }
  }

  private static func wrong(_ algorithm: String) -> CryptoError {
    CryptoError(operation: "self-test", detail: "\(algorithm) does not give its known answer")
  }
}
