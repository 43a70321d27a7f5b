import Connections
import Foundation
import TestSupport
import Testing

@Suite("One TCP exchange with a deadline")
struct ConnectionTests {
  private func connect(
    _ listener: LoopbackListener, within time: Duration = .seconds(5)
  ) async throws -> Connection {
    try await Connection.connect(
      to: Endpoint(address: "127.0.0.1", port: listener.port), until: .now + time)
  }

  /// Reads until the end; the bytes and how it ended (`nil`: FIN).
  private func readAll(_ connection: Connection) async -> ([UInt8], ConnectionError?) {
    var bytes: [UInt8] = []
    do throws(ConnectionError) {
      while let more = try await connection.receive() { bytes += more }
      return (bytes, nil)
    } catch {
      return (bytes, error)
    }
  }

  /// How long `body` takes to end with `cancelled`: the best of five, since other tests use the processor too.
  private func quickestCancellation(
    _ body: @escaping @Sendable () async -> ConnectionError?
  ) async throws -> Duration {
    var quickest = Duration.seconds(60)
    for _ in 0..<5 {
      let task = Task { await body() }
      try await Task.sleep(for: .milliseconds(60))
      let start = ContinuousClock.now
      task.cancel()
      #expect(await task.value == .cancelled)
      quickest = min(quickest, ContinuousClock.now - start)
    }
    return quickest
  }

  @Test("an echoed exchange is received whole, ends with FIN and is in the transcript")
  func exchange() async throws {
    let listener = try LoopbackListener { peer in
      peer.write(Array(peer.read().reversed()))
    }
    defer { listener.stop() }
    let connection = try await connect(listener)
    try await connection.send([1, 2, 3])
    let (bytes, error) = await readAll(connection)
    #expect(bytes == [3, 2, 1])
    #expect(error == nil)
    await connection.close()
    #expect(
      connection.transcript.passages == [
        .init(direction: .sent, bytes: [1, 2, 3]), .init(direction: .received, bytes: [3, 2, 1]),
      ])
  }

  @Test(
    "what comes unasked between two exchanges is told once it was listened for",
    arguments: [
      [], [7, 7] as [UInt8],
    ])
  func news(bytes: [UInt8]) async throws {
    let listener = try LoopbackListener { peer in
      peer.write(peer.read())
      if peer.read() == [2] { peer.write(bytes) }
    }
    defer { listener.stop() }
    let connection = try await connect(listener)
    try await connection.send([1])
    #expect(try await connection.receive() == [1])
    connection.listen()
    try await Task.sleep(for: .milliseconds(50))
    #expect(!connection.hasNews)
    // The answer to this is not asked for: only bytes or the end of the connection are waited for.
    try await connection.send([2])
    for _ in 0..<100 where !connection.hasNews { try await Task.sleep(for: .milliseconds(10)) }
    #expect(connection.hasNews)
    let (rest, error) = await readAll(connection)
    #expect(rest == bytes)
    #expect(error == nil)
    await connection.close()
  }

  @Test("receive gives no more than asked for and loses nothing")
  func portions() async throws {
    let sent = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }
    let listener = try LoopbackListener { $0.write(sent) }
    defer { listener.stop() }
    let connection = try await connect(listener)
    var bytes: [UInt8] = []
    while let more = try await connection.receive(upTo: 7) {
      #expect((1...7).contains(more.count))
      bytes += more
    }
    #expect(bytes == sent)
    await connection.close()
  }

  @Test("a port where nothing listens refuses")
  func refused() async throws {
    let port = try LoopbackListener.freePort()
    await #expect(throws: ConnectionError.refused) {
      try await Connection.connect(
        to: Endpoint(address: "127.0.0.1", port: port), until: .now + .seconds(5))
    }
  }

  @Test("a name is not an address", arguments: ["localhost", "", "999.1.1.1", "127.0.0.1 "])
  func notAnAddress(text: String) async throws {
    await #expect(throws: ConnectionError.unreachable("\(text) is not an IP address")) {
      try await Connection.connect(
        to: Endpoint(address: text, port: 1), until: .now + .seconds(5))
    }
  }

  @Test("a silent peer is left at the deadline")
  func silent() async throws {
    let listener = try LoopbackListener { $0.waitForEnd() }
    defer { listener.stop() }
    let connection = try await connect(listener, within: .milliseconds(200))
    let start = ContinuousClock.now
    let (bytes, error) = await readAll(connection)
    #expect(bytes.isEmpty)
    #expect(error == .deadline)
    #expect(ContinuousClock.now - start < .milliseconds(1500))
    await connection.close()
  }

  @Test("a peer that drips a byte at a time does not outlast the deadline")
  func drip() async throws {
    let listener = try LoopbackListener { peer in
      while peer.write([0x16]) { usleep(20_000) }
    }
    defer { listener.stop() }
    let connection = try await connect(listener, within: .milliseconds(300))
    let (bytes, error) = await readAll(connection)
    #expect(error == .deadline)
    #expect(bytes.count <= 20)
    await connection.close()
  }

  @Test("an endless peer is cut off at the limit")
  func endless() async throws {
    let listener = try LoopbackListener { peer in
      let block = [UInt8](repeating: 0x41, count: 65536)
      while peer.write(block) {}
    }
    defer { listener.stop() }
    let connection = try await connect(listener)
    let (bytes, error) = await readAll(connection)
    #expect(bytes.count == Connection.receiveLimit)
    #expect(error == .endless(limit: Connection.receiveLimit))
    await connection.close()
  }

  @Test("an endless peer is not read while nobody asks")
  func backPressure() async throws {
    let listener = try LoopbackListener { peer in
      let block = [UInt8](repeating: 0x41, count: 65536)
      while peer.write(block) {}
    }
    defer { listener.stop() }
    let connection = try await connect(listener)
    _ = try await connection.receive(upTo: 1)
    try await Task.sleep(for: .milliseconds(200))
    #expect(connection.transcript.count(.received) <= 16 * 1024)
    await connection.close()
  }

  @Test("RST is told apart from FIN, and what came before it is not lost")
  func reset() async throws {
    let listener = try LoopbackListener { peer in
      _ = peer.read()
      peer.write([9, 9])
      usleep(50_000)
      peer.resetOnClose()
    }
    defer { listener.stop() }
    let connection = try await connect(listener)
    try await connection.send([1])
    let (bytes, error) = await readAll(connection)
    #expect(bytes == [9, 9])
    #expect(error == .reset)
    await connection.close()
  }

  @Test("after the peer's FIN one may still send")
  func halfClose() async throws {
    let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self)
    let listener = try LoopbackListener { peer in
      peer.finish()
      continuation.yield(peer.read())
      continuation.finish()
    }
    defer { listener.stop() }
    let connection = try await connect(listener)
    #expect(try await connection.receive() == nil)
    try await connection.send([7])
    var seen: [[UInt8]] = []
    for await bytes in stream { seen.append(bytes) }
    #expect(seen == [[7]])
    await connection.close()
  }

  @Test("cancelling the task ends a wait within 100 ms")
  func cancelledReading() async throws {
    let listener = try LoopbackListener { $0.waitForEnd() }
    defer { listener.stop() }
    let quickest = try await quickestCancellation {
      do {
        let connection = try await self.connect(listener, within: .seconds(20))
        let error = await self.readAll(connection).1
        await connection.close()
        return error
      } catch {
        return error as? ConnectionError
      }
    }
    #expect(quickest < .milliseconds(100))
  }

  @Test("with a full backlog a connect ends at its deadline, and at once when cancelled")
  func fullBacklog() async throws {
    let listener = try LoopbackListener(unacceptingWithBacklog: 0)
    defer { listener.stop() }
    let endpoint = Endpoint(address: "127.0.0.1", port: listener.port)
    var fillers: [Connection] = []
    var error: ConnectionError?
    for _ in 0..<8 where error == nil {
      do throws(ConnectionError) {
        fillers.append(
          try await Connection.connect(to: endpoint, until: .now + .milliseconds(300)))
      } catch let met { error = met }
    }
    #expect(error == .deadline)
    let quickest = try await quickestCancellation {
      do throws(ConnectionError) {
        _ = try await Connection.connect(to: endpoint, until: .now + .seconds(20))
        return nil
      } catch { return error }
    }
    #expect(quickest < .milliseconds(100))
    for filler in fillers { await filler.close() }
  }

  @Test("a closed connection refuses to send and to receive")
  func closed() async throws {
    let listener = try LoopbackListener { $0.waitForEnd() }
    defer { listener.stop() }
    let connection = try await connect(listener)
    await connection.close()
    await #expect(throws: ConnectionError.closed) { try await connection.send([1]) }
    await #expect(throws: ConnectionError.closed) { _ = try await connection.receive() }
  }

  @Test("a past deadline opens nothing")
  func pastDeadline() async throws {
    let listener = try LoopbackListener { $0.waitForEnd() }
    defer { listener.stop() }
    await #expect(throws: ConnectionError.deadline) {
      try await connect(listener, within: .seconds(-1))
    }
    #expect(listener.accepted == 0)
  }

  @Test(
    "an address resolves to itself", arguments: ["127.0.0.1", "::1"])
  func resolvesLiteral(text: String) async throws {
    #expect(try await resolve(text, until: .now + .seconds(5)) == [text])
  }

  @Test("resolving ends at its deadline without an answer")
  func resolveDeadline() async throws {
    await #expect(throws: ConnectionError.deadline) {
      try await resolve("127.0.0.1", until: .now - .seconds(1))
    }
  }
}
