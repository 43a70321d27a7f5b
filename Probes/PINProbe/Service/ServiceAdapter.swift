/// What a service answered to one call.
///
/// Holds the block it gave out, so it shows nothing of itself.
struct ServiceAnswer: Sendable, CustomStringConvertible, CustomReflectable {
  /// The outcome code as sent; foreign text.
  var code: String
  var isOK: Bool
  /// The destination block, where the answer holds one.
  var block: [UInt8]?
  /// The first six characters of the master key's check value, of diagnostics only.
  var masterKeyCheck: String?

  /// An error code together with a destination block is no refusal.
  var isAccepted: Bool { isOK || block != nil }

  var description: String { isAccepted ? "accepted" : "refused" }
  var customMirror: Mirror { Mirror(self, children: []) }
}

/// What the bytes that arrived so far are.
enum AnswerReading: Sendable {
  case incomplete
  case answer(ServiceAnswer)
  /// Nothing that the protocol knows; the reason holds no byte of it.
  case garbage(String)
  /// An answer, but not to this call.
  case foreign(String)
}

/// A request made wrong on purpose (PIN-23).
struct MalformedRequest: Sendable {
  var name: String
  var bytes: [UInt8]
  /// The frame itself is broken: the service may drop the connection, but must take a new one.
  var breaksFrame: Bool
  /// Whether an answer can be expected at all.
  var needsAnswer: Bool
}

/// How calls are written to a service and its answers read (协议适配器). No sockets, no waiting.
protocol ServiceAdapter: Sendable {
  /// Whether a connection serves more than one call.
  var keepsConnection: Bool { get }

  func offers(_ role: CommandRole) -> Bool

  /// The names of the commands of `role`; calls number them from 0.
  func variants(of role: CommandRole) -> [String]

  /// Whether the template of `role` has `place`.
  func takes(_ place: Placeholder, in role: CommandRole) -> Bool

  /// Whether the code is how this protocol says that a PIN did not verify; nil: it does not say.
  func saysVerificationFailed(_ code: String) -> Bool?

  /// Whether the code is how this protocol says that a command or a key's use is not permitted; nil: the
  /// protocol has no words of its own for it.
  func saysNotPermitted(_ code: String) -> Bool?

  /// The bytes of a call; nil when the service has no such command or a value is missing.
  func request(for call: ServiceCall) -> [UInt8]?

  /// - Parameters:
  ///   - isEnded: the service has closed its side; nothing more will come.
  ///   - call: nil after a malformed request, to which any answer of the protocol is one.
  func read(_ arrived: [UInt8], isEnded: Bool, answering call: ServiceCall?) -> AnswerReading

  /// - Parameter good: a call the service answers, to be spoilt.
  func malformedRequests(spoiling good: ServiceCall) -> [MalformedRequest]
}
