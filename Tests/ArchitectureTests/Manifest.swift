import Foundation
import TestSupport

/// The package's targets as its manifest declares them.
struct Manifest: Decodable {
  struct Target: Decodable {
    var name: String
    var type: String
    var path: String?
    var dependencies: [Dependency]
  }

  /// A module of ours, or a product of an outside package.
  struct Dependency: Decodable {
    var module: String?
    var package: String?

    private enum CodingKeys: String, CodingKey { case byName, target, product }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      for key in [CodingKeys.byName, .target] where container.contains(key) {
        var list = try container.nestedUnkeyedContainer(forKey: key)
        module = try list.decode(String.self)
      }
      if container.contains(.product) {
        var list = try container.nestedUnkeyedContainer(forKey: .product)
        let name = try list.decode(String.self)
        package = try list.decodeIfPresent(String.self) ?? name
      }
    }
  }

  var targets: [Target]

  /// Asks the package manager, with a build folder of its own so that it does not wait for a running test.
  static func load() async throws -> Manifest {
    let scratch = try Folder()
    let dumped = try await Program.run(
      "/usr/bin/env",
      [
        "swift", "package", "--package-path", packageRoot, "--scratch-path", scratch.path,
        "dump-package",
      ])
    guard dumped.code == 0 else { throw SupportError(dumped.errText) }
    return try JSONDecoder().decode(Manifest.self, from: Data(dumped.out))
  }
}
