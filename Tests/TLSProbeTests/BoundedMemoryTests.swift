import Testing

@testable import TLSProbe

@Suite("What was found once")
struct BoundedMemoryTests {
  private struct Failed: Error {}

  @Test("is not looked for again")
  func once() {
    let memory = BoundedMemory<Int, String>(most: 4)
    var searches = 0
    for _ in 0..<3 {
      let found = memory.value(of: 7) {
        searches += 1
        return "seven"
      }
      #expect(found == "seven")
    }
    #expect(searches == 1)
  }

  @Test("goes when twice as many have come, the older half first")
  func bounded() {
    let memory = BoundedMemory<Int, Int>(most: 4)
    for key in 0..<8 { _ = memory.value(of: key) { key } }
    var searched: [Int] = []
    for key in (0..<8).reversed() {
      _ = memory.value(of: key) {
        searched.append(key)
        return key
      }
    }
    // 7 to 4 were kept; coming back, 3 to 0 fill it up and drop 4 to 7 only then.
    #expect(searched == [3, 2, 1, 0])
  }

  @Test("is kept only when it was found")
  func failures() throws {
    let memory = BoundedMemory<Int, Int>(most: 4)
    #expect(throws: Failed.self) { try memory.value(of: 1) { throw Failed() } }
    #expect(memory.value(of: 1) { 2 } == 2)
  }
}
