package import NationalCrypto

/// A band of strength in bits, as the scoring rule divides it (Ra: 1, 0.5, 0.2).
package enum Strength: String, Sendable, Hashable, Comparable {
  case under80 = "<80"
  case atLeast80 = ">=80"
  case atLeast112 = ">=112"

  private var rank: Int {
    switch self {
    case .under80: 0
    case .atLeast80: 1
    case .atLeast112: 2
    }
  }

  package static func < (first: Strength, second: Strength) -> Bool { first.rank < second.rank }

  /// Of a key alone: RSA, DSA and DH by the size of the modulus, curves by half the size of the group.
  /// `nil` when algorithm or size is not known.
  package init?(key: KeyDescription) {
    switch key.algorithm {
    case "Ed25519", "Ed448", "X25519", "X448": self = .atLeast112
    case "RSA", "RSA-PSS", "DSA", "DH":
      guard let bits = key.bits else { return nil }
      self = Strength(bits, strong: 2048, middling: 1024)
    case "EC", "SM2":
      guard let bits = key.bits else { return nil }
      self = Strength(bits, strong: 224, middling: 160)
    default: return nil
    }
  }

  /// Of a digest that is signed: SHA-1 and MD5 are in the lowest band.
  package init?(digest: String) {
    switch digest {
    case "MD2", "MD4", "MD5", "SHA-1": self = .under80
    case "RIPEMD-160": self = .atLeast80
    case "SHA-224", "SHA-256", "SHA-384", "SHA-512", "SHA-512/224", "SHA-512/256", "SHA3-224",
      "SHA3-256", "SHA3-384", "SHA3-512", "SM3":
      self = .atLeast112
    default: return nil
    }
  }

  /// Of a signature algorithm that brings its own digest: Ed25519, Ed448.
  package init?(signature dotted: String) {
    guard dotted == "1.3.101.112" || dotted == "1.3.101.113" else { return nil }
    self = .atLeast112
  }

  private init(_ bits: Int, strong: Int, middling: Int) {
    self = bits >= strong ? .atLeast112 : bits >= middling ? .atLeast80 : .under80
  }
}

/// Whether a key is of an algorithm of the national list (国家密码管理部门核准的算法): SM2 here.
package func isApproved(_ key: KeyDescription) -> Bool { key.algorithm == "SM2" }
