import Bytes
import NationalCrypto

/// A public key as the model points to it: a PEM file with a public key or a certificate.
enum PublicKeyFile {
  private static let sizeLimit = 1 << 20

  /// DER of the SubjectPublicKeyInfo; the failure says what is wrong with the file.
  static func subjectPublicKeyInfo(_ path: String) throws(FileFailure) -> [UInt8] {
    let bytes = try SmallFile.read(path, limit: sizeLimit)
    guard
      let block = PEMDocument(bytes).blocks.first(where: {
        $0.label == "PUBLIC KEY" || $0.label == "CERTIFICATE"
      })
    else {
      throw FileFailure(path: path, reason: "no PEM block PUBLIC KEY or CERTIFICATE in it")
    }
    var info = block.der
    if block.label == "CERTIFICATE" {
      do throws(CryptoError) {
        info = try Certificate(der: block.der).subjectPublicKeyInfo
      } catch {
        throw FileFailure(path: path, reason: error.description)
      }
    }
    do throws(CryptoError) {
      _ = try SignatureCheck(subjectPublicKeyInfo: info, identity: SM2.defaultIdentity)
    } catch {
      throw FileFailure(path: path, reason: error.description)
    }
    return info
  }

  /// The uncompressed point `04 || x || y` at the end of an SM2 SubjectPublicKeyInfo.
  static func point(of subjectPublicKeyInfo: [UInt8]) -> [UInt8]? {
    let point = Array(subjectPublicKeyInfo.suffix(65))
    return point.count == 65 && point.first == 4 ? point : nil
  }
}
