package import AssessmentModel

/// What a search has found so far; it stops growing at its bounds and says so.
package struct AssetFindings: Sendable, Hashable {
  /// Something at a place, in a sentence.
  package struct Remark: Sendable, Hashable {
    package var place: Asset.Place
    package var message: String

    package init(_ place: Asset.Place, _ message: String) {
      self.place = place
      self.message = message
    }

    package var fact: FactValue { ["place": place.fact, "message": .text(message)] }
  }

  package static let maximumAssets = 100_000
  package static let maximumRemarks = 10_000

  package private(set) var assets: [Asset] = []
  /// What looked like an asset and could not be read as one.
  package private(set) var problems: [Remark] = []
  /// What could not be looked at, and why.
  package private(set) var unreadable: [Remark] = []
  private var isFull = false

  package init() {}

  package mutating func add(_ asset: Asset) {
    if assets.count < AssetFindings.maximumAssets {
      assets.append(asset)
    } else if !isFull {
      isFull = true
      unreadableAt(
        asset.place, "from here on assets are not listed: \(AssetFindings.maximumAssets) are")
    }
  }

  /// Lets `change` complete each asset.
  mutating func updateAssets(_ change: (inout Asset) -> Void) {
    for index in assets.indices { change(&assets[index]) }
  }

  package mutating func problem(_ place: Asset.Place, _ message: String) {
    AssetFindings.append(place, message, to: &problems)
  }

  package mutating func unreadableAt(_ place: Asset.Place, _ message: String) {
    AssetFindings.append(place, message, to: &unreadable)
  }

  /// The last remark within the bound says that there are more.
  private static func append(
    _ place: Asset.Place, _ message: String, to remarks: inout [Remark]
  ) {
    guard remarks.count < maximumRemarks else { return }
    let isLast = remarks.count == maximumRemarks - 1
    remarks.append(
      Remark(place, isLast ? "from here on not listed" : ActiveScalar.inert(message)))
  }

  /// Everything by path, then line, then offset.
  package mutating func sort() {
    assets.sort { $0.place < $1.place }
    problems.sort { ($0.place, $0.message) < ($1.place, $1.message) }
    unreadable.sort { ($0.place, $0.message) < ($1.place, $1.message) }
  }
}
