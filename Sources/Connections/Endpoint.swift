/// Where a TCP connection goes: an address, never a name (names are resolved once, elsewhere).
package struct Endpoint: Sendable, Hashable, CustomStringConvertible {
  /// An IPv4 or IPv6 address in text form, without brackets.
  package var address: String
  package var port: UInt16

  package init(address: String, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// `10.1.2.3:443`, `[2001:db8::1]:443`.
  package var description: String {
    address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
  }
}
