/// What may become of a PIN block when a service re-enciphers it (PIN数据块转换限制), GB/T 21078.1-2023 10.5,
/// ISO 9564-1:2017 9.5.
package enum ConversionRule: String, Sendable, Hashable, CaseIterable {
  /// Allowed; where the source has no PAN, it is added.
  case permitted
  /// Allowed with the same PAN. Another PAN only in a sensitive state, for issuing cards.
  case permittedSamePAN = "permitted-same-pan"
  /// Only for submission to an IC card.
  case cardSubmissionOnly = "ic-card-submission-only"
  case forbidden

  /// The rule between two formats of the standard.
  package init(from source: PINBlockFormat, to destination: PINBlockFormat) {
    switch (source, destination) {
    case (_, .format2): self = .cardSubmissionOnly
    case (.format2, _): self = .forbidden
    case (.format1, _): self = .permitted
    case (_, .format1): self = .forbidden
    case (.format0, _), (.format3, _), (.format4, _): self = .permittedSamePAN
    }
  }

  /// The rule towards any format outside the standard (Docutel, Diebold, PLUS …).
  package static let toForeignFormat = ConversionRule.forbidden
}
