import AssessmentModel
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

  /// The entry of `endpoint.problems` for the answer called `name`; `nil` where the answer itself shows it.
  func problem(in name: String) -> FactValue? {
    if case .wire = self { return nil }
    var entry: [String: FactValue] = ["where": .text(name), "message": .text(description)]
    if let code { entry["code"] = .text(code) }
    if let place { entry["offset"] = .integer(place) }
    if case .alert(let alert) = self { entry["alert"] = .integer(Int(alert.code)) }
    return .record(entry)
  }
}

extension [String: FactValue] {
  /// Adds `problems` to the list `endpoint.problems`, each once; without any the list is left as it is.
  mutating func add(problems: [FactValue]) {
    var list = self["endpoint.problems"]?.list ?? []
    for problem in problems where !list.contains(problem) { list.append(problem) }
    if !list.isEmpty { self["endpoint.problems"] = .list(list) }
  }
}
