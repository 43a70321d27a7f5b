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
  package static func run<Value: Sendable>(
    _ body: @concurrent @Sendable () async -> Value
  ) async -> Value {
    await withTaskExecutorPreference(executor(of: group.next())) { await body() }
  }

  /// Starts `body` as a task of its own, on the thread of who starts it when that is one of these: it would
  /// not go there by itself.
  package static func start<Value: Sendable>(
    _ body: @concurrent @Sendable @escaping () async -> Value
  ) -> Task<Value, Never> {
    let current = MultiThreadedEventLoopGroup.currentEventLoop
    return Task(executorPreference: current.flatMap(executor)) { await body() }
  }

  private static func executor(of loop: any EventLoop) -> LoopExecutor? {
    executors.first { $0.loop === loop }
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
