import AssessmentModel
import NationalCrypto
import ProbeKit

/// The certificates that a chain may end at (信任锚), given by whoever assesses.
enum TrustAnchors {
  /// - Parameter value: a reference to a file of certificates, PEM or one DER; `nil` gives `nil`.
  static func read(_ value: FactValue?) throws(ParameterError) -> [Certificate]? {
    guard let value else { return nil }
    guard let reference = value.text, let bytes = ReferencedFile.read(reference) else {
      throw ParameterError(
        parameter: "trust-anchors", reason: "cannot be read; a file of certificates expected")
    }
    do throws(CryptoError) { return try ReferencedFile.certificates(bytes) } catch {
      throw ParameterError(parameter: "trust-anchors", reason: error.description)
    }
  }
}
