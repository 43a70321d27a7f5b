internal import COpenSSL

/// What the identifier of a signature algorithm says.
package enum SignatureAlgorithm {
  /// SM2 with SM3 (GM/T 0006): the one signature algorithm that is approved as a whole.
  package static let sm2WithSM3 = "1.2.156.10197.1.501"

  /// The digest it signs: MD5, SHA-1, SHA-256, SM3 …; `nil` for none and for an unknown algorithm.
  package static func digest(of identifier: AlgorithmIdentifier) -> String? {
    switch identifier.dotted {
    // SM2 with foreign digests: not known to libcrypto.
    case "1.2.156.10197.1.502": return "SHA-1"
    case "1.2.156.10197.1.503": return "SHA-256"
    case "1.2.840.113549.1.1.10": return pssDigest(identifier.parameters)
    default: break
    }
    var digest = NID_undef
    var key = NID_undef
    guard OBJ_find_sigid_algs(ObjectIdentifier.nid(identifier.dotted), &digest, &key) == 1 else {
      return nil
    }
    return name(digest)
  }

  /// RSASSA-PSS-params (RFC 4055): `[0]` holds the digest, SHA-1 when absent.
  private static func pssDigest(_ parameters: DERElement?) -> String? {
    guard let parameters, parameters.has(.sequence) else { return nil }
    var reader = parameters.reader
    guard let wrapped = try? reader.nextIf(.constructed(0)) else { return "SHA-1" }
    var inner = wrapped.reader
    guard let sequence = try? inner.next(.sequence),
      let identifier = try? AlgorithmIdentifier(sequence)
    else { return nil }
    return name(ObjectIdentifier.nid(identifier.dotted))
  }

  private static func name(_ nid: Int32) -> String? {
    switch nid {
    case NID_undef: return nil
    case NID_md2: return "MD2"
    case NID_md4: return "MD4"
    case NID_md5: return "MD5"
    case NID_sha1: return "SHA-1"
    case NID_sha224: return "SHA-224"
    case NID_sha256: return "SHA-256"
    case NID_sha384: return "SHA-384"
    case NID_sha512: return "SHA-512"
    case NID_sha512_224: return "SHA-512/224"
    case NID_sha512_256: return "SHA-512/256"
    case NID_sha3_224: return "SHA3-224"
    case NID_sha3_256: return "SHA3-256"
    case NID_sha3_384: return "SHA3-384"
    case NID_sha3_512: return "SHA3-512"
    case NID_ripemd160: return "RIPEMD-160"
    case NID_sm3: return "SM3"
    default: return OBJ_nid2ln(nid).map { String(cString: $0) }
    }
  }
}
