import NationalCrypto

/// Why a handshake of ours went no further, in TLCP or TLS 1.3.
enum HandshakeFailure: Error, Sendable, Hashable {
  /// The bytes break the protocol.
  case wire(WireError)
  /// The server did not prove its signing key, or its encryption certificate is of no use.
  case keyExchange(String)
  /// A protected record at this offset is not authentic.
  case record(place: Int)
  /// The server's Finished, at this offset, is not the one the handshake gives.
  case finished(place: Int)
  /// The server ended the handshake.
  case alert(Alert)
  /// Something could not be computed here; nothing is said of the server.
  case unable(CryptoError)

  /// One line, for a person.
  var description: String {
    switch self {
    case .wire(let error): error.detail
    case .keyExchange(let reason): reason
    case .record: "a protected record is not authentic"
    case .finished: "the server's Finished is not the one that this handshake gives"
    case .alert(let alert): "\(alert)"
    case .unable(let error): error.description
    }
  }

  /// As problems name it; `nil` for what is no violation.
  var code: String? {
    switch self {
    case .wire(let error): error.code.rawValue
    case .keyExchange: "bad-key-exchange"
    case .record: "bad-record"
    case .finished: "bad-finished"
    case .alert, .unable: nil
    }
  }

  /// Offset in the server's bytes.
  var place: Int? {
    switch self {
    case .wire(let error): error.place
    case .record(let place), .finished(let place): place
    case .keyExchange, .alert, .unable: nil
    }
  }
}
