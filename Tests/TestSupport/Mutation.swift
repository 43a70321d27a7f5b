/// One to three random changes of `bytes`: a bit, a byte, a cut, a repeated or a removed piece.
package func mutated(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
  var bytes = bytes
  for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
    let position = Int.random(in: bytes.indices, using: &generator)
    let end = min(bytes.count, position + Int.random(in: 1...16, using: &generator))
    switch Int.random(in: 0..<5, using: &generator) {
    case 0: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 1: bytes[position] = UInt8.random(in: 0...255, using: &generator)
    case 2: bytes.removeSubrange(position...)
    case 3: bytes.insert(contentsOf: bytes[position..<end], at: position)
    default: bytes.removeSubrange(position..<end)
    }
  }
  return bytes
}
