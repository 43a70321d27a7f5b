import Foundation

/// A PIN translation and verification service of the demonstration bank (示例PIN服务): formats 0 to 4, TDEA, SM4
/// and AES, by host commands and by JSON over HTTP, on loopback.
///
/// Without faults it does what GB/T 21078.1-2023 asks; each fault of ``PINServiceFault`` turns one thing wrong.
/// Keys and PINs are made at each start and used for nothing else.
package final class PINService: Sendable {
  /// How the service is described to a probe.
  package enum Front: String, Sendable, Hashable, CaseIterable {
    /// Host commands with CA and DC.
    case payshield
    /// Host commands with W8, which names two accounts, and DC.
    case domestic
    case http
  }

  /// The cipher of format 4.
  package enum WideAlgorithm: String, Sendable, Hashable, CaseIterable {
    case sm4 = "SM4"
    case aes = "AES-128"
  }

  package let hostCommandPort: Int
  package let httpPort: Int
  /// What must never be seen outside: PINs, keys, account numbers. For tests that search for them.
  package let secrets: [String]

  private let folder: String
  private let material: ServiceMaterial
  private let hostCommands: LoopbackServer
  private let http: LoopbackServer

  /// Starts the service; `folder`, which exists, takes its log, what it sends on, and keys and PINs as
  /// files of their own.
  package init(
    in folder: String, faults: Set<PINServiceFault> = [], wide: WideAlgorithm = .sm4
  ) throws(DemoError) {
    let material = try ServiceMaterial(faults: faults, wide: wide)
    let log = try ServiceLog(path: "\(folder)/service.log")
    let engine = ServiceEngine(
      keys: material.keys,
      accounts: ServiceAccounts(material.accounts, hasLimit: !faults.contains(.noLimit)),
      faults: faults, log: log, wire: try ServiceWire(path: "\(folder)/wire.bin"))
    let hostCommandFront = HostCommandFront(engine: engine)
    let httpFront = HTTPFront(engine: engine)
    // A suite keeps its connection as long as it takes.
    hostCommands = try LoopbackServer(timeLimit: .seconds(600)) { hostCommandFront.serve($0) }
    http = try LoopbackServer { httpFront.serve($0) }
    hostCommandPort = hostCommands.port
    httpPort = http.port
    self.folder = folder
    self.material = material
    secrets = material.secrets
    for (name, text) in material.files {
      try PINService.write(text, to: "\(folder)/\(name)")
    }
  }

  /// Writes the description of the service for `pin.service` into the folder and gives its path.
  package func describe(_ front: Front, rate: Int = 50) throws(DemoError) -> String {
    let path = "\(folder)/service-\(front.rawValue).yaml"
    let port = front == .http ? httpPort : hostCommandPort
    try PINService.write(material.description(front, port: port, rate: rate), to: path)
    return path
  }

  /// Closes the ports and ends every connection; returns whether everything had ended within a second.
  @discardableResult
  package func stop() -> Bool {
    let hasEnded = hostCommands.stop()
    return http.stop() && hasEnded
  }

  deinit { stop() }

  private static func write(_ text: String, to path: String) throws(DemoError) {
    guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) else {
      throw .file(path: path, code: errno)
    }
  }
}
