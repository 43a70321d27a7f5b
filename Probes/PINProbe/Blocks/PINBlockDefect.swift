/// What is wrong with a PIN block, in the order in which it is checked; the first that applies is reported.
///
/// Only for material whose keys the assessor holds. A security module must not let its caller tell these
/// apart: it answers with one error for all of them.
package enum PINBlockDefect: String, Error, Sendable, Hashable, CaseIterable {
  /// Another number of bytes than the announced format has.
  case blockLength = "block-length"
  /// The first nibble is not the announced format.
  case controlField = "control-field"
  /// The length nibble is outside 4 to 12.
  case pinLength = "pin-length"
  /// A fill nibble that the format does not allow.
  case fill
  /// A PIN nibble above 9.
  case pinDigit = "pin-digit"
}
