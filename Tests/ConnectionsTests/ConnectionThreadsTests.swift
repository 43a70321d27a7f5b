import Connections
import Foundation
import TestSupport
import Testing

@Suite("Tasks on the threads of their connections")
struct ConnectionThreadsTests {
  @Sendable private func thread() -> UInt { UInt(pthread_self()) }

  @Test("a task, those it starts and its exchanges stay on one thread")
  func oneThread() async throws {
    let listener = try LoopbackListener { peer in peer.write(peer.read()) }
    defer { listener.stop() }
    let port = listener.port
    let seen = await ConnectionThreads.run {
      var seen: Set<UInt> = [thread()]
      let connection = try? await Connection.connect(
        to: Endpoint(address: "127.0.0.1", port: port), until: .now + .seconds(5))
      seen.insert(thread())
      try? await connection?.send([7])
      seen.insert(thread())
      let answer = try? await connection?.receive()
      seen.insert(thread())
      #expect(answer == [7])
      await connection?.close()
      await withTaskGroup(of: UInt.self) { group in
        for _ in 0..<8 { group.addTask { thread() } }
        for await one in group { seen.insert(one) }
      }
      seen.insert(await ConnectionThreads.start { thread() }.value)
      return seen
    }
    #expect(seen.count == 1)
  }

  @Test("runs are dealt out to both threads")
  func bothThreads() async {
    var seen: Set<UInt> = []
    for _ in 0..<4 { seen.insert(await ConnectionThreads.run { thread() }) }
    #expect(seen.count == 2)
  }

  @Test("a deadline and a cancellation end an exchange there too")
  func ends() async throws {
    let listener = try LoopbackListener { peer in
      while !peer.read().isEmpty {}
    }
    defer { listener.stop() }
    let port = listener.port
    @Sendable func wait(_ time: Duration) async -> ConnectionError? {
      await ConnectionThreads.run {
        do throws(ConnectionError) {
          let connection = try await Connection.connect(
            to: Endpoint(address: "127.0.0.1", port: port), until: .now + time)
          _ = try await connection.receive()
          return nil
        } catch {
          return error
        }
      }
    }
    #expect(await wait(.milliseconds(50)) == .deadline)
    let task = Task { await wait(.seconds(60)) }
    try await Task.sleep(for: .milliseconds(60))
    task.cancel()
    #expect(await task.value == .cancelled)
  }
}
