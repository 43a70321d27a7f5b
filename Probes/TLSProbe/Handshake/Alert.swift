import Bytes

/// An alert (告警): `level(1) description(1)`.
struct Alert: Sendable, Hashable, CustomStringConvertible {
  var level: UInt8
  var code: UInt8
  /// Of the record that carried it; 0101 in answer to a TLS hello is a sign of TLCP.
  var recordVersion: ProtocolVersion

  init(level: UInt8, code: UInt8, recordVersion: ProtocolVersion) {
    self.level = level
    self.code = code
    self.recordVersion = recordVersion
  }

  init(_ record: Record) throws(WireError) {
    var reader = ByteReader(record.fragment, base: record.place + 5)
    do throws(ByteError) {
      level = try reader.uint8()
      code = try reader.uint8()
      try reader.requireEnd("an alert")
    } catch {
      throw WireError(error, in: "alert")
    }
    recordVersion = record.version
  }

  /// Level 1 is a warning, but close_notify ends the exchange all the same.
  var endsHandshake: Bool { level != 1 || code == Self.closeNotify }

  static let closeNotify: UInt8 = 0
  static let handshakeFailure: UInt8 = 40
  static let protocolVersion: UInt8 = 70
  static let insufficientSecurity: UInt8 = 71
  static let inappropriateFallback: UInt8 = 86
  static let userCanceled: UInt8 = 90
  static let noApplicationProtocol: UInt8 = 120

  /// Whether other suites might have been welcome: `handshake_failure` and `insufficient_security`.
  var mayConcernSuites: Bool {
    code == Self.handshakeFailure || code == Self.insufficientSecurity
  }

  /// Whether it is about the certificate itself: revoked, expired, unknown, of an unknown CA, or not let in.
  var rejectsCertificate: Bool { [44, 45, 46, 48, 49].contains(code) }

  private static let names: [UInt8: String] = [
    0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 21: "decryption_failed",
    22: "record_overflow", 30: "decompression_failure", 40: "handshake_failure",
    41: "no_certificate", 42: "bad_certificate", 43: "unsupported_certificate",
    44: "certificate_revoked", 45: "certificate_expired", 46: "certificate_unknown",
    47: "illegal_parameter", 48: "unknown_ca", 49: "access_denied", 50: "decode_error",
    51: "decrypt_error", 60: "export_restriction", 70: "protocol_version",
    71: "insufficient_security", 80: "internal_error", 86: "inappropriate_fallback",
    90: "user_canceled", 100: "no_renegotiation", 109: "missing_extension",
    110: "unsupported_extension", 112: "unrecognized_name", 115: "unknown_psk_identity",
    116: "certificate_required", 120: "no_application_protocol", 200: "unsupported_site2site",
    201: "no_area", 202: "unsupported_areatype", 203: "bad_ibcparam",
    204: "unsupported_ibcparam", 205: "identity_need",
  ]

  var description: String {
    "alert \(code)" + (Self.names[code].map { " \($0)" } ?? "")
      + (level == 1 ? " (warning)" : "")
  }
}
