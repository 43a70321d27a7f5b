import AssessmentModel

/// What can be said about the authorisation without the network: every network place of the scope needs one,
/// and an address written out must lie inside it. Names are checked when they are resolved.
struct AuthorisedScope {
  var faults: Faults

  /// - Parameter hasFaultyAuthorisation: the key is there; when it could not be read, its own faults say so.
  func check(
    _ objects: [AssessmentObject], _ authorisation: Scope.Authorisation?,
    hasFaultyAuthorisation: Bool, scope: SourcePlace, places: [String: SourcePlace]
  ) {
    let contacted = objects.filter { $0.locator?.contains("://") == true }
    guard let first = contacted.first else { return }
    guard let authorisation else {
      if !hasFaultyAuthorisation {
        faults.report(
          scope,
          "scope needs the key \"authorisation\": object \(first.id) has a place on the network")
      }
      return
    }
    let targets = AuthorisedTargets(authorisation.targets)
    for object in contacted {
      guard let locator = object.locator.flatMap(Locator.init), IPBlock.isAddress(locator.host),
        !targets.contains(address: locator.host), let place = places[object.id]
      else { continue }
      faults.report(
        place,
        "object \(object.id): \(locator.host) is outside the authorised targets "
          + authorisation.targets.joined(separator: ", "))
    }
  }
}
