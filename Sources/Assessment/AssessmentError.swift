package import AssessmentModel
package import ResultStore
package import Sealing

/// Why an assessment could not be made or kept.
package enum AssessmentError: Error, Sendable {
  /// Mistakes in files people wrote; every one.
  case faults([Fault])
  /// No controls folder was found.
  case noControls
  /// The scope does not permit this: nothing was sent.
  case unauthorised([Fault])
  case store(StoreError)
  case sealing(SealingError)
  /// The request itself cannot be met as it was made.
  case wrongUse(Bilingual)
  case failed(Bilingual)
}
