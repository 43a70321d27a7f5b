import AssessmentModel
import Connections
import Planning
import ProbeKit
import Settings

/// Checks every network place of the scope against its authorisation before anything is sent to it, and pins
/// each object to the address that was checked.
struct Authorising {
  var scope: Scope
  var now: Double
  var deadline: ContinuousClock.Instant

  /// The plan with pinned addresses. Throws every refusal at once.
  func authorise(
    _ plan: Plan, objects: [AssessmentObject]
  ) async throws(AssessmentError) -> Plan {
    let places = objects.filter { $0.locator?.contains("://") == true }
    let described = Self.described(plan)
    var pinned = plan
    // Set or taken away: an address the scope's own parameters name was never checked.
    for index in pinned.inspections.indices {
      pinned.inspections[index].object.parameters["address"] = nil
    }
    guard !places.isEmpty || described.contains(where: { !$0.places.isEmpty }) else {
      return pinned
    }
    guard let authorisation = scope.authorisation else {
      throw .unauthorised([
        Fault(
          SourcePlace(file: scope.path, line: 1, column: 1),
          "objects with network places need the key \"authorisation\" with document, days and targets; "
            + "nothing was sent")
      ])
    }
    if let refusal = AuthorisedPeriod.refusal(authorisation, now: now) {
      throw .unauthorised([
        Fault(SourcePlace(file: scope.path, line: 1, column: 1), "\(refusal); nothing was sent")
      ])
    }
    let targets = AuthorisedTargets(authorisation.targets)
    var refusals: [Fault] = []
    var addresses: [String: String] = [:]
    func check(_ locator: String, of id: String) async -> String? {
      do throws(Refusal) {
        return try await address(of: locator, targets)
      } catch {
        let place = scope.locatorPlaces[id] ?? SourcePlace(file: scope.path, line: 1, column: 1)
        refusals.append(Fault(place, "object \(id): \(error.reason); nothing was sent"))
        return nil
      }
    }
    for object in places {
      addresses[object.id] = await check(object.locator ?? "", of: object.id)
    }
    for index in pinned.inspections.indices {
      let id = pinned.inspections[index].object.id
      pinned.inspections[index].object.parameters["address"] = addresses[id].map { .text($0) }
    }
    for one in described {
      let id = pinned.inspections[one.index].object.id
      var first: String?
      for (number, place) in one.places.enumerated() {
        let found = await check(place, of: id)
        if number == 0 { first = found }
      }
      pinned.inspections[one.index].object.parameters["address"] = first.map { .text($0) }
    }
    guard refusals.isEmpty else { throw .unauthorised(refusals) }
    return pinned
  }

  /// The inspections whose target is a description, with the places it names.
  private static func described(_ plan: Plan) -> [(index: Int, places: [String])] {
    plan.inspections.enumerated().compactMap { index, inspection in
      guard let probe = inspection.probe as? any DescribedPlaces,
        let path = inspection.object.locator
      else { return nil }
      return (index, type(of: probe).places(describedAt: path))
    }
  }

  private struct Refusal: Error { var reason: String }

  /// nil: a name that does not resolve; its inspection will say so.
  private func address(
    of text: String, _ targets: AuthorisedTargets
  ) async throws(Refusal) -> String? {
    guard let locator = Settings.Locator(text) else {
      throw Refusal(reason: "\"\(text)\" is not SCHEME://HOST:PORT")
    }
    if IPBlock.isAddress(locator.host) {
      guard targets.contains(address: locator.host) else {
        throw Refusal(reason: "\(locator.host) is outside the authorised targets")
      }
      return locator.host
    }
    let isNamed = targets.names(locator.host)
    let found: [String]
    do throws(ConnectionError) {
      found = try await resolve(locator.host, until: deadline)
    } catch {
      guard isNamed else {
        throw Refusal(
          reason: "\(locator.host) is not an authorised name and does not resolve (\(error))")
      }
      return nil
    }
    if !isNamed, let outside = found.first(where: { !targets.contains(address: $0) }) {
      throw Refusal(
        reason: "\(locator.host) resolves to \(outside), which is outside the authorised targets")
    }
    return found.first
  }
}
