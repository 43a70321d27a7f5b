import NIOCore
import NIOPosix

/// The threads that serve every connection of the process; they live as long as it does.
package enum ConnectionThreads {
  private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
  private static let executors = group.makeIterator().map(LoopExecutor.init)

  /// Where a new connection belongs: with the task that makes it, when that runs on one of these threads.
  static var place: any EventLoopGroup { MultiThreadedEventLoopGroup.currentEventLoop ?? group }

  /// Runs `body` and its child tasks on one of the threads, each caller's on the next in turn: they then
  /// talk to their connections without a change of thread, which costs more than the talking.
  ///
  /// For work that waits for peers; what computes for long would hold up the thread's other connections.
  package static func run<Value>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async -> Value
  ) async -> Value {
    let loop = group.next()
    let executor = executors.first { $0.loop === loop }
    return await withTaskExecutorPreference(executor, operation: body)
  }
}

/// Runs tasks on one event loop.
private final class LoopExecutor: TaskExecutor {
  let loop: any EventLoop

  init(_ loop: any EventLoop) { self.loop = loop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
