import AssessmentModel
import Connections
import Planning
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
    guard !places.isEmpty else { return plan }
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
    for object in places {
      do throws(Refusal) {
        addresses[object.id] = try await address(of: object, targets)
      } catch {
        let place =
          scope.locatorPlaces[object.id] ?? SourcePlace(file: scope.path, line: 1, column: 1)
        refusals.append(Fault(place, "object \(object.id): \(error.reason); nothing was sent"))
      }
    }
    guard refusals.isEmpty else { throw .unauthorised(refusals) }
    var pinned = plan
    let contacted = Set(places.map(\.id))
    for index in pinned.inspections.indices {
      let id = pinned.inspections[index].object.id
      guard contacted.contains(id) else { continue }
      // Set or taken away: an address the scope's own parameters name was never checked.
      pinned.inspections[index].object.parameters["address"] = addresses[id].map { .text($0) }
    }
    return pinned
  }

  private struct Refusal: Error { var reason: String }

  /// nil: a name that does not resolve; its inspection will say so.
  private func address(
    of object: AssessmentObject, _ targets: AuthorisedTargets
  ) async throws(Refusal) -> String? {
    guard let locator = object.locator.flatMap(Settings.Locator.init) else {
      throw Refusal(reason: "\"\(object.locator ?? "")\" is not SCHEME://HOST:PORT")
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
