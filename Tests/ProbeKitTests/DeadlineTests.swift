import ProbeKit
import Testing

@Suite("Deadlines")
struct DeadlineTests {
  /// Long enough for a busy machine, shorter than the sleeps it cuts off.
  private static let patience = Duration.seconds(40)

  @Test("a body that ends in time gives its value")
  func inTime() async {
    let value = await withDeadline(.now + .seconds(60)) { 7 }
    #expect(value == 7)
  }

  @Test("a body that is too slow gives nothing, soon after the deadline, and is cancelled")
  func tooSlow() async {
    let clock = ContinuousClock()
    let (ends, end) = AsyncStream<Bool>.makeStream()
    let start = clock.now
    let value = await withDeadline(start + .milliseconds(50)) {
      try? await Task.sleep(for: .seconds(60))
      end.yield(Task.isCancelled)
      end.finish()
      return 7
    }
    let taken = clock.now - start
    #expect(value == nil)
    #expect(taken >= .milliseconds(50) && taken < Self.patience)
    var wasCancelled: [Bool] = []
    for await word in ends { wasCancelled.append(word) }
    #expect(wasCancelled == [true])
  }

  @Test("a deadline in the past cancels at once")
  func past() async {
    let clock = ContinuousClock()
    let start = clock.now
    let value = await withDeadline(start - .seconds(1)) {
      try? await Task.sleep(for: .seconds(60))
      return 7
    }
    #expect(value == nil && clock.now - start < Self.patience)
  }

  @Test("cancelling the task around it ends the body before the deadline")
  func cancelled() async {
    let clock = ContinuousClock()
    let start = clock.now
    let task = Task {
      await withDeadline(.now + .seconds(60)) {
        try? await Task.sleep(for: .seconds(60))
        return Task.isCancelled
      }
    }
    task.cancel()
    let value = await task.value
    #expect(value != false)
    #expect(clock.now - start < Self.patience)
  }

  @Test("a parameter error names the parameter")
  func parameter() {
    let error = ParameterError(parameter: "method", reason: "expected fast or polite")
    #expect(error.description == "parameter method: expected fast or polite")
  }
}
