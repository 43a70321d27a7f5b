package import AssessmentModel
import Connections
import Settings

/// The authorisation of a probe run by hand: loopback needs none, anything else a scope that covers it or a
/// stated permission. Objects come back pinned to the address that was checked.
package struct HandAuthorising: Sendable {
  private let scopePath: String?
  private let statement: String?
  private let now: Double
  private let deadline: ContinuousClock.Instant

  package init(
    scopePath: String?, statement: String?, now: Double, deadline: ContinuousClock.Instant
  ) {
    self.scopePath = scopePath
    self.statement = statement
    self.now = now
    self.deadline = deadline
  }

  package func authorise(
    _ objects: [AssessmentObject]
  ) async throws(AssessmentError) -> [AssessmentObject] {
    let targets = try permitted()
    var pinned: [AssessmentObject] = []
    var refusals: [Fault] = []
    for object in objects {
      let place = SourcePlace(file: object.id, line: 1, column: 1)
      guard let locator = object.locator.flatMap(Settings.Locator.init) else {
        refusals.append(Fault(place, "not a target of the form SCHEME://HOST:PORT"))
        continue
      }
      var object = object
      // An address given as a parameter was never checked.
      object.parameters["address"] = nil
      guard let addresses = await addresses(of: locator.host) else {
        if statement == nil, targets?.names(locator.host) != true {
          refusals.append(Fault(place, "\(locator.host) does not resolve"))
          continue
        }
        pinned.append(object)
        continue
      }
      let isPermitted = addresses.allSatisfy {
        AuthorisedTargets.loopback.contains(address: $0) || statement != nil
          || targets?.contains(address: $0) == true
      }
      guard isPermitted || targets?.names(locator.host) == true else {
        refusals.append(
          Fault(
            place,
            "\(locator.host) is neither loopback nor authorised; give --scope FILE whose authorisation "
              + "covers it, or --authorisation TEXT; nothing was sent"))
        continue
      }
      if let first = addresses.first { object.parameters["address"] = .text(first) }
      pinned.append(object)
    }
    guard refusals.isEmpty else { throw .unauthorised(refusals) }
    return pinned
  }

  /// The object of a probe whose target is a description, with every place it names authorised; `address` is
  /// that of the first.
  package func authorise(
    _ object: AssessmentObject, describing places: [String]
  ) async throws(AssessmentError) -> AssessmentObject {
    var object = object
    object.parameters["address"] = nil
    let pinned = try await authorise(
      places.map { place in
        AssessmentObject(id: "\(object.id): \(place)", kind: object.kind, locator: place)
      })
    object.parameters["address"] = pinned.first?.parameters["address"]
    return object
  }

  private func permitted() throws(AssessmentError) -> AuthorisedTargets? {
    guard let scopePath else { return nil }
    let faults = Faults()
    let file = ScopeFile(units: [], requirementIDs: [], faults: faults)
    guard let authorisation = file.readAuthorisation(path: scopePath), faults.isEmpty else {
      throw .faults(faults.sorted)
    }
    if let refusal = AuthorisedPeriod.refusal(authorisation, now: now) {
      throw .unauthorised([
        Fault(SourcePlace(file: scopePath, line: 1, column: 1), "\(refusal); nothing was sent")
      ])
    }
    return AuthorisedTargets(authorisation.targets)
  }

  private func addresses(of host: String) async -> [String]? {
    if IPBlock.isAddress(host) { return [host] }
    return try? await resolve(host, until: deadline)
  }
}
