import AssessmentModel
import NationalCrypto

/// The two files that seal a run folder (封存): `manifest.json` and `manifest.sig`.
package enum Seal {
  /// Signs the manifest of a folder sealed without a key, or with another one.
  ///
  /// - Throws: `manifest` or `evidence` faults when the folder is not what its manifest says: nobody signs
  ///   what does not verify.
  package static func sign(
    folder: String, keyPEM: [UInt8], identity: String = SM2.defaultIdentity
  ) throws(SealingError) {
    let check = try SealCheck(folder: folder)
    let path = folder + "/" + RunLayout.manifest
    if let fault = check.faults.first {
      throw .manifest(path: path, reason: fault.message.en)
    }
    let bytes = try Disk.read(path, limit: RunFolder.readLimit)
    let signature = try ManifestSignature.sign(bytes, privateKeyPEM: keyPEM, identity: identity)
    try Disk.write(signature, to: folder + "/" + RunLayout.signature)
    try Disk.sync(folder: folder)
  }

  /// Writes both, the manifest first: a killed process leaves an unsigned folder, never a signature on
  /// other bytes.
  static func write(
    _ manifest: [UInt8], signingKeyPEM: [UInt8]?, identity: String, in folder: String
  ) throws(SealingError) {
    var signature: [UInt8]?
    if let signingKeyPEM {
      signature = try ManifestSignature.sign(
        manifest, privateKeyPEM: signingKeyPEM, identity: identity)
    }
    try remove(from: folder)
    try Disk.write(manifest, to: folder + "/" + RunLayout.manifest)
    if let signature { try Disk.write(signature, to: folder + "/" + RunLayout.signature) }
    try Disk.sync(folder: folder)
  }

  static func remove(from folder: String) throws(SealingError) {
    for name in [RunLayout.signature, RunLayout.manifest] {
      try Disk.removeFile(folder + "/" + name)
    }
    try Disk.sync(folder: folder)
  }
}
