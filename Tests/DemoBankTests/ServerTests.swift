import Glibc
import TestSupport
import Testing

@testable import DemoBank

@Suite struct ServerTests {
  static let tls10 = 0x0301
  static let tls12 = 0x0303
  static let tls13 = 0x0304

  let bank: DemoBank
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    bank = try DemoBank.start(in: folder.path)
  }

  private func port(_ id: String) throws -> Int { try #require(bank.ports[id]) }

  @Test(
    "the good server speaks TLS 1.2 and 1.3 with forward secrecy",
    arguments: [
      (tls13, "ALL", "TLSv1.3", "TLS_AES_256_GCM_SHA384"),
      (tls12, "ALL", "TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384"),
      (tls12, "aRSA", "TLSv1.2", "ECDHE-RSA-AES256-GCM-SHA384"),
    ])
  func goodServer(version: Int, suites: String, name: String, suite: String) throws {
    let visit = try #require(
      TLSVisit(port: port("gw-01"), versions: version...version, suites: suites))
    #expect(visit.version == name)
    #expect(visit.suite == suite)
    #expect(visit.chainLength == 2)
    #expect(visit.reply.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(visit.reply.hasSuffix("\r\n\r\ndemo\n"))
  }

  @Test(
    "the good server refuses old versions and suites without forward secrecy",
    arguments: [(0x0301, 0x0302, "ALL:@SECLEVEL=0"), (0x0303, 0x0303, "kRSA:@SECLEVEL=0")])
  func goodServerRefuses(lowest: Int, highest: Int, suites: String) throws {
    #expect(try TLSVisit(port: port("gw-01"), versions: lowest...highest, suites: suites) == nil)
  }

  @Test(
    "the bad server accepts TLS 1.0 to 1.2 and nothing newer",
    arguments: [(0x0301, "TLSv1"), (0x0302, "TLSv1.1"), (0x0303, "TLSv1.2")])
  func badServer(version: Int, name: String) throws {
    let visit = try #require(TLSVisit(port: port("gw-legacy"), versions: version...version))
    #expect(visit.version == name)
    #expect(visit.suite == "AES128-SHA")
    #expect(try TLSVisit(port: port("gw-legacy"), versions: Self.tls13...Self.tls13) == nil)
  }

  @Test("the clear server answers HTTP and other bytes in clear")
  func clearServer() throws {
    for request in ["GET / HTTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}garbage"] {
      let client = try #require(LoopbackClient(port: port("branch-clear")))
      defer { client.end() }
      client.send(Array(request.utf8))
      let reply = try #require(client.readToEnd())
      #expect(String(decoding: reply, as: UTF8.self).hasPrefix("HTTP/1.1 200 OK\r\n"))
    }
  }

  @Test("the closed port refuses, the silent server accepts and says nothing")
  func closedAndSilent() throws {
    #expect(try LoopbackClient(port: port("settle-link")) == nil)
    let client = try #require(LoopbackClient(port: port("partner-link")))
    defer { client.end() }
    client.send([0x16, 3, 1, 0, 0])
    var waited = pollfd(fd: client.socket, events: Int16(POLLIN), revents: 0)
    #expect(poll(&waited, 1, 300) == 0)
  }

  @Test("an alert reaches the client although its hello was not read to the end")
  func alertIsNotLost() throws {
    let client = try #require(LoopbackClient(port: port("gw-01")))
    defer { client.end() }
    // A record of TLS 1.0 that claims to be a hello, and much more behind it.
    client.send([0x16, 3, 1, 0, 4, 99, 0, 0, 0] + [UInt8](repeating: 0x41, count: 3000))
    let answer = try #require(client.readToEnd())
    #expect(answer.first == 0x15)
  }

  @Test("fifty connections of garbage, half of them reset, do no harm")
  func garbage() throws {
    var random = SeededGenerator(seed: 77)
    for number in 0..<50 {
      let client = try #require(LoopbackClient(port: port("gw-01")))
      var bytes = (0..<Int(random.next() % 600)).map { _ in UInt8(truncatingIfNeeded: random.next())
      }
      if number % 3 == 0 { bytes = [0x16, 3, 1] + bytes }
      client.send(bytes)
      if number % 2 == 0 { client.reset() } else { client.end() }
    }
    let visit = try TLSVisit(port: port("gw-01"), versions: Self.tls12...Self.tls13)
    #expect(visit?.version == "TLSv1.3")
  }

  @Test("a server whose clients hang stops within a second, and its ports are free")
  func stopsWithHangingClients() throws {
    let ids = ["gw-tlcp", "gw-01", "gw-legacy", "branch-clear", "partner-link"]
    let clients = try ids.map { try #require(try LoopbackClient(port: port($0))) }
    defer { clients.forEach { $0.end() } }
    // Half a record: the TLS servers wait for the rest.
    clients.forEach { $0.send([0x16, 3, 1]) }
    usleep(100_000)
    let start = ContinuousClock.now
    #expect(bank.stop())
    #expect(ContinuousClock.now - start < .seconds(1))
    #expect(bank.stop())
    for id in ids { #expect(try LoopbackClient(port: port(id)) == nil, "\(id)") }
  }

  @Test("a connection that takes too long is ended")
  func timeLimit() throws {
    let server = try LoopbackServer(timeLimit: .milliseconds(150)) { descriptor in
      while !PeerSocket.read(descriptor).isEmpty {}
    }
    defer { server.stop() }
    let client = try #require(LoopbackClient(port: server.port))
    defer { client.end() }
    client.send([1])
    let start = ContinuousClock.now
    #expect(client.readToEnd() == [])
    #expect(ContinuousClock.now - start < .seconds(2))
  }

  @Test("no more than the allowed number of connections is served at once")
  func bounded() throws {
    let server = try LoopbackServer(timeLimit: .seconds(10)) { descriptor in
      while !PeerSocket.read(descriptor).isEmpty {}
    }
    defer { server.stop() }
    let clients = (0..<LoopbackServer.most + 10).compactMap { _ in LoopbackClient(port: server.port)
    }
    defer { clients.forEach { $0.end() } }
    #expect(clients.count == LoopbackServer.most + 10)
    let end = ContinuousClock.now + .seconds(3)
    while server.openConnections < LoopbackServer.most, ContinuousClock.now < end { usleep(5_000) }
    usleep(100_000)
    #expect(server.openConnections == LoopbackServer.most)
  }
}
