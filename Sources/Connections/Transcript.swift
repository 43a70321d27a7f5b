/// Everything one connection sent and received, in order: the evidence behind what is said of it.
package struct Transcript: Sendable, Hashable {
  package enum Direction: String, Sendable, Hashable {
    case sent, received
  }

  /// Bytes that went one way without any going the other way in between.
  package struct Passage: Sendable, Hashable {
    package var direction: Direction
    package var bytes: [UInt8]

    package init(direction: Direction, bytes: [UInt8]) {
      self.direction = direction
      self.bytes = bytes
    }
  }

  package private(set) var passages: [Passage] = []

  package init() {}

  package mutating func append(_ direction: Direction, _ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    if let last = passages.indices.last, passages[last].direction == direction {
      passages[last].bytes += bytes
    } else {
      passages.append(Passage(direction: direction, bytes: bytes))
    }
  }

  /// How many bytes went in `direction`.
  package func count(_ direction: Direction) -> Int {
    passages.reduce(0) { $1.direction == direction ? $0 + $1.bytes.count : $0 }
  }
}
