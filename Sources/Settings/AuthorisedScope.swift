import AssessmentModel

/// What can be said about the authorisation without the network: every network place of the scope needs one,
/// and an address written out must lie inside it. Names are checked when they are resolved.
struct AuthorisedScope {
  var faults: Faults

  /// - Parameters:
  ///   - targets: nil when they are not there or one cannot be read; its own fault says so.
  ///   - hasAuthorisation: the key is there.
  func check(
    _ objects: [AssessmentObject], targets named: [String]?, hasAuthorisation: Bool,
    scope: SourcePlace, places: [String: SourcePlace]
  ) {
    let contacted = objects.filter { $0.locator?.contains("://") == true }
    guard let first = contacted.first else { return }
    guard hasAuthorisation else {
      faults.report(
        scope,
        "scope needs the key \"authorisation\": object \(first.id) has a place on the network")
      return
    }
    guard let named else { return }
    let targets = AuthorisedTargets(named)
    for object in contacted {
      guard let locator = object.locator.flatMap(Locator.init), IPBlock.isAddress(locator.host),
        !targets.contains(address: locator.host), let place = places[object.id]
      else { continue }
      faults.report(
        place,
        "object \(object.id): \(locator.host) is outside the authorised targets "
          + named.joined(separator: ", "))
    }
  }
}
