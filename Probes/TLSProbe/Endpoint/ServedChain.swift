import AssessmentModel
import Bytes
import NationalCrypto

/// The certificates of one Certificate message, read as far as they can be (证书链).
struct ServedChain: Sendable, Hashable {
  enum Entry: Sendable, Hashable {
    case readable(Certificate)
    /// Its SHA-256 where that could be computed, and why it cannot be read.
    case unreadable(sha256: String?, reason: String)
  }

  var entries: [Entry]

  /// Usual certificates that were read; larger ones could fill the memory.
  private static let known = BoundedMemory<[UInt8], Certificate>(most: 256)
  private static let usualLength = 4096

  private static func certificate(_ der: [UInt8]) throws(CryptoError) -> Certificate {
    guard der.count <= usualLength else { return try Certificate(der: der) }
    return try known.value(of: der) { () throws(CryptoError) in try Certificate(der: der) }
  }

  init(_ ders: [[UInt8]]) {
    entries = ders.map { der in
      do throws(CryptoError) {
        return .readable(try Self.certificate(der))
      } catch {
        let digest = try? SHA256.digest(der)
        return .unreadable(sha256: digest.map { hexadecimal($0) }, reason: error.description)
      }
    }
  }

  var leaf: Certificate? {
    guard case .readable(let certificate)? = entries.first else { return nil }
    return certificate
  }

  /// All certificates in order, when every one could be read.
  var certificates: [Certificate]? {
    var list: [Certificate] = []
    for entry in entries {
      guard case .readable(let certificate) = entry else { return nil }
      list.append(certificate)
    }
    return list
  }

  /// [CERT]; an unreadable one has `sha256` and `error` only.
  var fact: FactValue {
    .list(
      entries.map { entry in
        switch entry {
        case .readable(let certificate): certificate.fact
        case .unreadable(let sha256, let reason):
          ["sha256": .optional(sha256), "error": .text(reason)]
        }
      })
  }

  /// The keys of the readable certificates as the algorithm list names them: `RSA-2048`, `EC-P-256`, `SM2`.
  var keyLabels: [String] {
    entries.compactMap { entry in
      guard case .readable(let certificate) = entry else { return nil }
      let algorithm = certificate.keyAlgorithm
      if algorithm == "EC" { return "EC-" + (certificate.curve ?? "unknown") }
      guard ["RSA", "RSA-PSS", "DSA", "DH"].contains(algorithm), let bits = certificate.keyBits
      else { return algorithm }
      return "\(algorithm)-\(bits)"
    }
  }

  /// What the leaf authenticates with, in TLS's words: an EC key is used for ECDSA.
  var authentication: String? {
    leaf.map { $0.keyAlgorithm == "EC" ? "ECDSA" : $0.keyAlgorithm }
  }
}

/// What certificates say beside a clock and a name.
struct CertificateChecks: Sendable {
  /// The end-entity certificates.
  var leaves: [Certificate]

  /// `valid`, `expired` or `not-yet-valid` at `now` (`YYYY-MM-DDThh:mm:ssZ`), the worst of all; `nil`
  /// without leaves or when a time cannot be read.
  func validity(at now: String) -> String? {
    var worst: String?
    for leaf in leaves {
      guard let notBefore = leaf.notBefore, let notAfter = leaf.notAfter else { return nil }
      // The form sorts as time does.
      let state = now > notAfter ? "expired" : now < notBefore ? "not-yet-valid" : "valid"
      if worst == nil || worst == "valid" || state == "expired" { worst = state }
    }
    return worst
  }

  /// Whether every leaf's subjectAltName covers `host` (RFC 6125); the common name does not count.
  func matches(_ host: String) -> Bool? {
    guard !leaves.isEmpty else { return nil }
    return leaves.allSatisfy { leaf in
      HostName.isAddress(host)
        ? leaf.ipAddresses.contains(host.lowercased())
        : leaf.dnsNames.contains { HostName.matches($0, host) }
    }
  }

  /// Whether any leaf is issued by its own name.
  var hasSelfSigned: Bool? { leaves.isEmpty ? nil : leaves.contains(where: \.isSelfIssued) }
}
