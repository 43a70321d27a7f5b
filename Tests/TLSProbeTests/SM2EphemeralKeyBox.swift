import NationalCrypto

@testable import TLSProbe

/// A key and a hello with its share.
struct SM2EphemeralKeyBox {
  let key: SM2EphemeralKey
  let hello: ClientHello

  init() throws {
    key = try SM2EphemeralKey()
    hello = ClientHello(
      version: .tls13, random: [UInt8](repeating: 1, count: 32), suites: GMTLSInspection.suites,
      groups: [.sm2], signatureSchemes: [.sm2],
      keyShares: [ClientHello.KeyShare(group: .sm2, key: key.publicPoint)])
  }
}
