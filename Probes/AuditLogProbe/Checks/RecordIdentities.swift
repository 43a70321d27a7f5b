import NationalCrypto

/// Signer identities that are tried where a signature is wrong under the declared one (可辨别标识).
enum RecordIdentities {
  /// The default of GM/T 0009, none at all, and the two of the examples of GB/T 32918.
  static let tried: [(name: String, identity: String)] = [
    ("default", SM2.defaultIdentity), ("empty", ""), ("example-a", "ALICE123@YAHOO.COM"),
    ("example-b", "BILL456@YAHOO.COM"),
  ]
}
