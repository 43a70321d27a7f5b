import Connections
import Foundation
import TestSupport
import Testing

@testable import DemoBank
@testable import TLSProbe

@Suite("The places a dialer gives")
struct DialerTests {
  @Test("whole TLS 1.3 handshakes made side by side keep within the places", arguments: 1...3)
  func nationalHandshakes(lanes: Int) async throws {
    let identity = try TLCPIdentity(name: DemoTarget.name, now: DemoTarget.now)
    let counts = Counts()
    let listener = try LoopbackListener { peer in
      var session = GMTLSServerSession(GMTLSServer.Identity(identity), GMTLSServer.Options())
      var bytes = peer.read()
      counts.change { $0 += 1 }
      usleep(30_000)
      var reply: [UInt8] = []
      while !session.isOver, !bytes.isEmpty {
        reply = session.take(bytes)
        guard !session.isOver else { break }
        peer.write(reply)
        bytes = peer.read()
      }
      // Before the last word, upon which the client may close and give its place to another.
      counts.change { $0 -= 1 }
      if session.isOver { peer.write(reply) }
    }
    defer { listener.stop() }
    let endpoint = Endpoint(address: "127.0.0.1", port: listener.port)
    let inspection = GMTLSInspection(
      dialer: Dialer(endpoint: endpoint, lanes: lanes, deadline: .now + .seconds(30)),
      maker: HelloMaker(serverName: DemoTarget.name, source: .system))
    let answer = try Recording.tlcp("tls13-tongsuo-sm4gcm-sm2group").answer()
    let completed = await withTaskGroup(of: [CipherSuite].self) { group in
      for _ in 0..<6 {
        group.addTask { await inspection.run(after: Inventory(), [answer]).completed }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(completed == Array(repeating: GMTLSInspection.suites, count: 6))
    #expect(listener.accepted == 6 * GMTLSInspection.suites.count)
    #expect((1...lanes).contains(counts.most))
  }

  @Test("a last attempt is made when nothing more is asked, in a place like any other")
  func lastAttempts() async {
    let counts = Counts()
    let dialer = Dialer(
      endpoint: Endpoint(address: "127.0.0.1", port: 1), lanes: 2,
      deadline: .now - .seconds(1))
    #expect(dialer.surrender != nil)
    #expect(await dialer.visit(urgency: 10) { _, _ in true } == nil)
    let made = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          await dialer.visitInAnyCase(urgency: 10) { _, end in
            counts.change { $0 += 1 }
            try? await Task.sleep(for: .milliseconds(10))
            counts.change { $0 -= 1 }
            return end <= .now
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(made == Array(repeating: true, count: 8))
    #expect((1...2).contains(counts.most))
  }
}
