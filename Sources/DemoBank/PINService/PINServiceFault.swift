/// One thing the demonstration's PIN service can do wrong (可切换缺陷); each belongs to one attack of the suite.
package enum PINServiceFault: String, Sendable, Hashable, CaseIterable {
  /// PIN-01: results stand under the source key.
  case wrongDestinationKey = "wrong-destination-key"
  /// PIN-02: blocks bound to an account become format 1.
  case unbindsAccount = "unbinds-account"
  /// PIN-03: format 2 on the host interface.
  case cardFormatOnline = "card-format-online"
  /// PIN-04: formats outside the standard.
  case foreignFormats = "foreign-formats"
  /// PIN-06: a block of a known account is taken with any account and bound to that.
  case ignoresAccount = "ignores-account"
  /// PIN-07: PIN digits are checked, and the answer says so.
  case digitOracle = "digit-oracle"
  /// PIN-07: the same, in format 3 only.
  case digitOracleFormat3 = "digit-oracle-format3"
  /// PIN-08: a destination account of its own.
  case changesAccount = "changes-account"
  /// PIN-09: lengths below 4.
  case shortPINs = "short-pins"
  /// PIN-10: the last fill nibble is not looked at.
  case looseFill = "loose-fill"
  /// PIN-10: of the fill, only the first and the last nibble are looked at.
  case looseMiddle = "loose-middle"
  /// PIN-10: nor the control field.
  case looseControl = "loose-control"
  /// PIN-11: an error code of its own for the length.
  case errorCodes = "error-codes"
  /// PIN-11: an error code of its own for lengths above 12 only.
  case longLengthCode = "long-length-code"
  /// PIN-11: bad lengths take longer.
  case errorTimes = "error-times"
  /// PIN-12: format 3 with one fill.
  case constantFill = "constant-fill"
  /// PIN-12: format 4 with zeros for R.
  case zeroRandom = "zero-random"
  /// PIN-12: format 4 with a counter for R.
  case countingRandom = "counting-random"
  /// PIN-14: transactions may come twice.
  case replay
  /// PIN-15: any decimalisation table.
  case openTable = "open-table"
  /// PIN-16: PINs may be tried for ever.
  case noLimit = "no-limit"
  /// PIN-17: PVV and offset of the caller are believed.
  case callerOffset = "caller-offset"
  /// PIN-18: keys that are no TDEA keys.
  case weakKeys = "weak-keys"
  /// PIN-19: PIN keys decipher data.
  case keyMisuse = "key-misuse"
  /// PIN-20: PINs in the log.
  case leakingLog = "leaking-log"
  /// PIN-21: clear PINs are enciphered for anybody.
  case clearPIN = "clear-pin"
  /// PIN-22: clear blocks in the messages sent on.
  case clearWire = "clear-wire"
  /// PIN-23: an unknown command ends the connection.
  case crash
}
