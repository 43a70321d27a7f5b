/// What a command of a PIN service is for (命令用途), as the description file names it.
enum CommandRole: String, Sendable, Hashable, CaseIterable {
  /// A PIN block from one key, format and account to another (PIN转换).
  case translate
  /// A PIN against a PVV or the account's own record.
  case verify
  /// A PIN by IBM 3624 with a decimalisation table and an offset.
  case verifyOffset = "verify-offset"
  /// The harmless first call.
  case diagnose
  /// General commands that must refuse a PIN key (PIN-19).
  case decryptData = "decrypt-data"
  case mac
  case exportKey = "export-key"
  /// Takes a clear PIN or gives one out (PIN-21).
  case clearPIN = "clear-pin"
  /// A whole transaction at a message endpoint (PIN-14).
  case transaction
}

/// One request to a service: its command and the texts for the places of the command's template.
///
/// Holds PIN blocks and account numbers, so it shows nothing of itself.
struct ServiceCall: Sendable, CustomStringConvertible, CustomReflectable {
  var role: CommandRole
  /// Which of several commands of the role, from 0.
  var variant = 0
  var values: [Placeholder: String] = [:]

  var description: String { role.rawValue }
  var customMirror: Mirror { Mirror(self, children: []) }
}

/// A place of a request template, written `{block}`.
enum Placeholder: String, Sendable, Hashable, CaseIterable {
  /// Upper-case hexadecimal, 16 or 32 digits.
  case block
  /// The whole account number, and that of the destination.
  case pan, pan2
  /// The 12 digits left of the check digit, and those of the destination.
  case account, account2
  /// 12 digits; the whole number where a format 4 block takes part.
  case accountField = "account-field"
  case accountField2 = "account-field2"
  case sourceFormat = "source-format"
  case destinationFormat = "destination-format"
  /// The keys as the device names them.
  case sourceKey = "source-key"
  case destinationKey = "destination-key"
  case pvk, pvki, pvv
  case offset, table, validation
  /// 1 for DES and TDEA, 2 for SM4, 3 for AES.
  case sourceAlgorithm = "source-algorithm"
  case destinationAlgorithm = "destination-algorithm"
  /// 1, 2 or 3: a key of 8, 16 or 24 bytes.
  case sourceKeyLength = "source-key-length"
  case destinationKeyLength = "destination-key-length"
  /// A PIN made up for the check, padded with F to five characters.
  case clearPIN = "clear-pin"
  /// Of a transaction: an amount in cents, and a number that is new for every new transaction.
  case amount, sequence
  /// A number of its own for every call, to match answers by.
  case callID = "call-id"
}

/// Text with places for values; made once, checked when the description is read.
struct RequestTemplate: Sendable, Hashable {
  private enum Part: Sendable, Hashable {
    case text(String)
    case place(Placeholder)
  }
  private var parts: [Part] = []
  private(set) var places: Set<Placeholder> = []

  struct UnknownPlace: Error { var name: String }

  /// `{name}` with a name in small letters, digits and hyphens is a place; other braces stand for themselves.
  init(_ text: String) throws(UnknownPlace) {
    var rest = text[...]
    var literal = ""
    while let open = rest.firstIndex(of: "{") {
      literal += rest[..<open]
      let after = rest[rest.index(after: open)...]
      let name = after.prefix {
        $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-")
      }
      guard !name.isEmpty, after[name.endIndex...].first == "}" else {
        literal += "{"
        rest = after
        continue
      }
      guard let place = Placeholder(rawValue: String(name)) else {
        throw UnknownPlace(name: String(name))
      }
      if !literal.isEmpty { parts.append(.text(literal)) }
      literal = ""
      parts.append(.place(place))
      places.insert(place)
      rest = after[after.index(after: name.endIndex)...]
    }
    literal += rest
    if !literal.isEmpty { parts.append(.text(literal)) }
  }

  /// The text with every place filled; nil when a value is missing.
  func filled(
    _ values: [Placeholder: String], _ escaped: (String) -> String = { $0 }
  ) -> String? {
    var text = ""
    for part in parts {
      switch part {
      case .text(let literal): text += literal
      case .place(let place):
        guard let value = values[place] else { return nil }
        text += escaped(value)
      }
    }
    return text
  }
}
