import AssessmentModel
import PINProbe
import Synchronization
import TestSupport
import Testing

@testable import DemoBank

/// Stands in front of a correct service's engine and does something else with one request.
private final class Unreliable: Sendable {
  enum Manner: Sendable, CaseIterable {
    case hangs, garbage, foreign, disconnects, endless, halfAnAnswer
  }

  let folder: Folder
  let path: String
  private let service: PINService
  private let server: LoopbackServer

  /// - Parameter count: the requests answered well before; then one is not, then all are again.
  init(_ manner: Manner, after count: Int) throws {
    folder = try Folder()
    service = try PINService(in: folder.path)
    let port = service.hostCommandPort
    let seen = Mutex(0)
    server = try LoopbackServer(timeLimit: .seconds(120)) { descriptor in
      guard let back = Upstream(port: port) else { return }
      while true {
        let request = PeerSocket.read(descriptor)
        if request.isEmpty { return }
        let number = seen.withLock { seen in
          seen += 1
          return seen
        }
        var answer = back.answer(to: request)
        if number == count + 1 {
          switch manner {
          case .hangs: continue
          case .garbage: answer = [0, 3, 0x61, 0x62, 0x63]
          case .foreign: answer = [0, 8] + Array("SSSSQQ00".utf8)
          case .disconnects: return
          case .endless: answer = [UInt8](repeating: 0x41, count: 1 << 20)
          case .halfAnAnswer: answer = Array(answer.prefix(9))
          }
        }
        guard PeerSocket.write(answer, to: descriptor) else { return }
      }
    }
    let text = try String(
      decoding: folder.bytes(
        service.describe(.payshield, rate: 10_000).split(separator: "/").last.map(String.init) ?? ""
      ),
      as: UTF8.self)
    try folder.write(
      text.replacing("127.0.0.1:\(port)", with: "127.0.0.1:\(server.port)")
        .replacing("timeout-ms: 2000", with: "timeout-ms: 400"),
      to: "unreliable.yaml")
    path = folder.path("unreliable.yaml")
  }

  func stop() {
    server.stop()
    service.stop()
  }
}

@Suite("Services that misbehave under the attack suite", .timeLimit(.minutes(3)))
struct HostileServiceTests {
  @Test(
    "one bad answer is told where it was, and every other check is made",
    arguments: Unreliable.Manner.allCases)
  private func oneBadAnswer(manner: Unreliable.Manner) async throws {
    // The diagnosis and the four translations of PIN-01 are answered, the first step of PIN-02 is not.
    let service = try Unreliable(manner, after: 5)
    defer { service.stop() }
    let inspected = await inspectService(service.path)
    if manner == .disconnects {
      #expect(
        inspected.insecure == [
          "PIN-02": "insecure service-crash", "PIN-23": "insecure service-crash",
        ])
    } else {
      #expect(inspected.insecure == [:])
      #expect(inspected.results["PIN-02"] == "inconclusive")
    }
    let observed = inspected.details("PIN-02")?["steps"]?.list?.first?["observed"]?.text ?? ""
    let words: [Unreliable.Manner: String] = [
      .hangs: "no answer in time", .garbage: "garbage", .foreign: "another request",
      .disconnects: "closed without an answer", .endless: "garbage",
      .halfAnAnswer: "no whole answer",
    ]
    #expect(observed.contains(words[manner] ?? "?"), "\(observed)")
    for id in ["PIN-01", "PIN-03", "PIN-09", "PIN-12", "PIN-16"] {
      #expect(inspected.results[id] == "secure")
    }
    #expect(inspected.observation.unavailable == nil)
  }

  @Test("a service that never answers costs bounded time and gets no result")
  func mute() async throws {
    let listener = try Loopback.Listener(.silent)
    let start = ContinuousClock.now
    let inspected = try await described(port: listener.port)
    #expect(ContinuousClock.now - start < .seconds(10))
    #expect(inspected.insecure == [:])
    #expect(!inspected.results.values.contains("secure"))
    #expect(inspected.observation.facts["pin.insecure-attacks"] == nil)
  }

  @Test("a service that takes connections and closes them is down under every check")
  func closing() async throws {
    let listener = try Loopback.Listener(.closes)
    let inspected = try await described(port: listener.port)
    #expect(inspected.results["PIN-01"] == "insecure service-crash")
    #expect(inspected.results["PIN-23"] == "insecure service-crash")
    #expect(!inspected.results.values.contains("secure"))
  }

  @Test("a port on which nobody listens is refused, and nothing is said of the service")
  func refused() async throws {
    let inspected = try await described(port: Loopback.freePort())
    #expect(inspected.observation.unavailable?.reason == .refused)
    #expect(inspected.results.values.allSatisfy { $0 == "not-run" })
    #expect(inspected.results.count == 23)
    #expect(inspected.observation.facts["pin.insecure-attacks"] == nil)
  }

  @Test("a deadline ends the suite and keeps what is known")
  func deadline() async throws {
    let subject = try ServiceUnderTest()
    let inspected = try await subject.inspect(.payshield, rate: 50, seconds: 1)
    #expect(inspected.observation.unavailable?.reason == .deadline)
    #expect(inspected.results["PIN-01"] == "secure")
    #expect(inspected.results["PIN-16"] == "not-run")
    #expect(inspected.results.count == 23)
  }

  @Test("a production service is sent nothing")
  func production() async throws {
    let listener = try Loopback.Listener(.silent)
    let inspected = try await described(port: listener.port, production: true)
    #expect(listener.count == 0)
    #expect(inspected.results.values.allSatisfy { $0 == "not-run" || $0 == "secure" })
    #expect(inspected.results["PIN-01"] == "not-run")
    // The log the description names is searched all the same.
    #expect(inspected.results["PIN-20"] == "secure")
  }

  private func described(port: Int, production: Bool = false) async throws -> Inspected {
    let folder = try Folder()
    let service = try PINService(in: folder.path)
    let text = try String(
      decoding: folder.bytes(
        service.describe(.payshield, rate: 10_000).split(separator: "/").last.map(String.init) ?? ""
      ),
      as: UTF8.self)
    try folder.write(
      text.replacing("127.0.0.1:\(service.hostCommandPort)", with: "127.0.0.1:\(port)")
        .replacing("timeout-ms: 2000", with: "timeout-ms: 100")
        .replacing("reconnect-wait-ms: 1000", with: "reconnect-wait-ms: 200")
        .replacing("production: false", with: "production: \(production)"),
      to: "other.yaml")
    return await inspectService(folder.path("other.yaml"), seconds: 30)
  }
}
