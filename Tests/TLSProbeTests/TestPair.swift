import Foundation
import NationalCrypto

@testable import TLSProbe

/// The client pair and other certificates of the test PKI.
enum TestPKI {
  static let folder = Recording.folder.appendingPathComponent("pki")

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent(name + ".pem")))
  }

  static func certificate(_ name: String) throws -> Certificate {
    try Certificate(pem: bytes(name + ".cert"))
  }

  static func path(_ name: String) -> String { folder.appendingPathComponent(name + ".pem").path }

  /// The four parameters that name the client pair.
  static let pairParameters: [String: String] = [
    "client-sign-certificate": "file:" + path("sm2-client-sign.cert"),
    "client-sign-key": "file:" + path("sm2-client-sign.key"),
    "client-encryption-certificate": "file:" + path("sm2-client-enc.cert"),
    "client-encryption-key": path("sm2-client-enc.key"),
  ]
}
