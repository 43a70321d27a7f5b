import ProbeKit

/// A PIN service as its description file names it (PIN服务描述): where it is, how it is spoken to, which test
/// keys and test accounts it was given.
///
/// Holds secrets; none of its parts shows them.
struct ServiceModel: Sendable {
  var name: String
  /// Only checks that send nothing.
  var isProduction: Bool
  var place: ServicePlace
  /// nil: the place is spoken to in clear.
  var tls: TLSSettings?
  var adapter: any ServiceAdapter
  /// Where transactions are taken, when that is another place (PIN-14).
  var messages: MessageEndpoint?
  /// How long one answer is waited for.
  var timeout: Duration
  /// How long the service may take to come back after it went away.
  var reconnectWait: Duration
  /// Calls a second, at most.
  var rate: Int
  /// Wrong PINs that PIN-16 may present.
  var maximumAttempts: Int
  var keys: [KeyRole: ServiceKey]
  var formats: FormatCodes
  var accounts: [TestAccount]
  /// Device texts of keys that must be refused, by what is weak about them.
  var weakKeys: [WeakKey: String]
  /// The table with which the test accounts' offsets were made; 16 digits.
  var decimalisationTable: String?
  /// Logs of the service, searched after the calls (PIN-20).
  var logs: [String]
  /// Recordings of messages on the wire, read after the calls (PIN-22).
  var captures: [String]
  /// The folder of relative paths and references.
  var file: String

  /// The key of one side that can stand under `format`: its cipher has that block length.
  func key(for format: PINBlockFormat, on side: Side) -> ServiceKey? {
    let roles: [KeyRole] =
      side == .source ? [.source, .sourceExtended] : [.destination, .destinationExtended]
    return roles.lazy.compactMap { keys[$0] }.first {
      $0.algorithm.blockLength == format.length
    }
  }

  enum Side: Sendable, Hashable { case source, destination }

  /// Whether every place is a loopback address by its own words.
  var isLoopback: Bool { foreignPlace.isLoopback }

  /// The first place beyond loopback, else the service's own.
  var foreignPlace: ServicePlace {
    [place, messages?.place].compactMap(\.self).first { !$0.isLoopback } ?? place
  }

  /// The same service, spoken to at its message endpoint.
  var atMessageEndpoint: ServiceModel? {
    guard let messages else { return nil }
    var model = self
    model.place = messages.place
    model.tls = messages.tls
    model.adapter = messages.adapter
    return model
  }
}

/// A place that takes whole transactions (交易报文接口), beside a service that only works on PIN blocks.
struct MessageEndpoint: Sendable {
  var place: ServicePlace
  var tls: TLSSettings?
  var adapter: HTTPAdapter
}

/// What a key is for in the calls of the suite.
enum KeyRole: String, Sendable, Hashable, CaseIterable {
  case source, destination, pvk
  /// A second pair, for format 4, where the first is TDEA.
  case sourceExtended = "source-extended"
  case destinationExtended = "destination-extended"
}

/// Kinds of key a device must not work with (GB/T 21078.4-2023 clause 4).
enum WeakKey: String, Sendable, Hashable, CaseIterable {
  case singleDES = "single-des"
  case equalHalves = "equal-halves"
  case zero
  case wrongParity = "wrong-parity"
}

/// One test key: what it is in clear, where the assessor knows it, and how calls name it.
struct ServiceKey: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
  var algorithm: PINAlgorithm
  /// nil: only outcome codes can be judged.
  var clear: [UInt8]?
  var device: String

  var description: String { "\(algorithm.rawValue) key" }
  var customMirror: Mirror { Mirror(self, children: []) }
}

/// A test account with what verification commands take. Never a real customer's.
struct TestAccount: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
  var pan: PAN
  var pin: PIN?
  /// PVV of 4 digits and the index of the key it was made with.
  var pvv: String?
  var pvki: String
  /// IBM 3624: offset (padded with F to 12) and validation data (12 characters).
  var offset: String?
  var validation: String?

  var description: String { pan.masked }
  var customMirror: Mirror { Mirror(self, children: []) }
}

/// The PIN block formats of the device by its own codes (格式代码).
struct FormatCodes: Sendable, Hashable {
  var codes: [PINBlockFormat: String] = [:]
  /// Codes of formats outside the standard: Docutel, Diebold, PLUS …
  var foreign: [String] = []

  var offered: [PINBlockFormat] { PINBlockFormat.allCases.filter { codes[$0] != nil } }

  /// A code of two digits that the model does not list.
  var unknownCode: String {
    let known = Set(codes.values).union(foreign)
    return ["99", "98", "97", "96", "95", "94", "93", "92"].first { !known.contains($0) } ?? "00"
  }
}

/// `tcp://HOST:PORT`, `tls://…`, `http://…` or `https://…`, always with the port; IPv6 addresses in brackets.
struct ServicePlace: Sendable, Hashable {
  var scheme: String
  var host: String
  var port: UInt16

  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3 || (parts.count == 4 && parts[3].isEmpty), parts[1].isEmpty,
      parts[0].hasSuffix(":"), let colon = parts[2].lastIndex(of: ":")
    else { return nil }
    scheme = parts[0].dropLast().lowercased()
    let digits = parts[2][parts[2].index(after: colon)...]
    guard digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let port = UInt16(digits), port > 0 else {
      return nil
    }
    var host = parts[2][..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
      guard host.contains(":") else { return nil }
    } else {
      guard !host.contains(":") else { return nil }
    }
    let isPlain = host.utf8.allSatisfy { byte in
      0x30...0x39 ~= byte || 0x61...0x7A ~= byte | 0x20 || Array("-._:".utf8).contains(byte)
    }
    guard !host.isEmpty, host.utf8.count <= 253, isPlain else { return nil }
    self.host = String(host)
    self.port = port
  }

  var isSecure: Bool { scheme == "tls" || scheme == "https" }

  /// Whether the host is an IPv4 or IPv6 address: such a host is what it was checked as.
  var isAddress: Bool {
    if host.contains(":") { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
  }

  /// Whether the host is a loopback address by its own words, without asking a resolver.
  var isLoopback: Bool {
    if host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// As it was written.
  var text: String {
    host.contains(":") ? "\(scheme)://[\(host)]:\(port)" : "\(scheme)://\(host):\(port)"
  }
}
