/// Writes big-endian wire data with length prefixes filled in.
struct ByteWriter: Sendable {
  private(set) var bytes: [UInt8] = []

  mutating func uint8(_ value: UInt8) { bytes.append(value) }

  mutating func uint16(_ value: UInt16) {
    bytes.append(UInt8(value >> 8))
    bytes.append(UInt8(value & 0xFF))
  }

  mutating func append(_ more: [UInt8]) { bytes += more }

  /// What `body` writes, after its length in `lengthBytes` bytes. Our own messages always fit.
  mutating func vector(_ lengthBytes: Int, _ body: (inout ByteWriter) -> Void) {
    var inner = ByteWriter()
    body(&inner)
    for shift in (0..<lengthBytes).reversed() {
      bytes.append(UInt8(truncatingIfNeeded: inner.bytes.count >> (8 * shift)))
    }
    bytes += inner.bytes
  }
}
