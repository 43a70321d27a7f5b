/// Reads DER (X.690) strictly: definite lengths in their shortest form, tags of one byte.
///
/// Elements are slices of the first array, so their indices are offsets into it. Nothing is copied and
/// nothing recurses by itself; the caller decides how deep it goes.
package struct DERReader: Sendable {
  private let bytes: ArraySlice<UInt8>
  /// Offset of the next element.
  package private(set) var offset: Int

  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    self.offset = bytes.startIndex
  }

  package init(_ bytes: [UInt8]) { self.init(bytes[...]) }

  package var isAtEnd: Bool { offset >= bytes.endIndex }

  /// The tag of the next element, `nil` at the end.
  package var nextTag: UInt8? { isAtEnd ? nil : bytes[offset] }

  /// The next element, whatever its tag.
  package mutating func next() throws(DERError) -> DERElement {
    let start = offset
    guard bytes.endIndex - start >= 2 else { throw DERError(offset: start, "an element is cut") }
    let tag = bytes[start]
    guard tag & 0x1F != 0x1F else { throw DERError(offset: start, "a tag of several bytes") }
    let first = bytes[start + 1]
    var header = 2
    var length = Int(first)
    if first >= 0x80 {
      let count = Int(first & 0x7F)
      guard (1...4).contains(count) else {
        throw DERError(offset: start + 1, "an indefinite or overlong length")
      }
      guard bytes.endIndex - start >= 2 + count else {
        throw DERError(offset: start, "a length is cut")
      }
      length = bytes[start + 2..<start + 2 + count].reduce(0) { $0 << 8 | Int($1) }
      header += count
      guard length >= 0x80, bytes[start + 2] != 0 else {
        throw DERError(offset: start + 1, "a length not in its shortest form")
      }
    }
    guard bytes.endIndex - start - header >= length else {
      throw DERError(
        offset: start, "\(length) bytes announced, \(bytes.endIndex - start - header) left")
    }
    let end = start + header + length
    offset = end
    return DERElement(
      tag: tag, content: bytes[start + header..<end], encoded: bytes[start..<end])
  }

  /// The next element, which must have `tag`.
  package mutating func next(_ tag: DERTag) throws(DERError) -> DERElement {
    let start = offset
    let element = try next()
    guard element.tag == tag.rawValue else {
      throw DERError(offset: start, "tag \(element.tag), expected \(tag.rawValue)")
    }
    return element
  }

  /// The next element when it has `tag`; otherwise nothing is read.
  package mutating func nextIf(_ tag: DERTag) throws(DERError) -> DERElement? {
    nextTag == tag.rawValue ? try next() : nil
  }

  /// Refuses anything after what was read.
  package func requireEnd() throws(DERError) {
    guard isAtEnd else {
      throw DERError(offset: offset, "\(bytes.endIndex - offset) bytes after the end")
    }
  }
}

/// One element: its tag byte, the bytes inside, and all of it.
package struct DERElement: Sendable {
  package var tag: UInt8
  package var content: ArraySlice<UInt8>
  package var encoded: ArraySlice<UInt8>

  package var reader: DERReader { DERReader(content) }

  package func has(_ tag: DERTag) -> Bool { self.tag == tag.rawValue }

  /// Of an INTEGER: the number of significant bits of its value; `nil` for a negative or empty one.
  package var integerBits: Int? {
    guard has(.integer), let first = content.first, first < 0x80 else { return nil }
    guard let top = content.firstIndex(where: { $0 != 0 }) else { return 0 }
    return (content.endIndex - top) * 8 - content[top].leadingZeroBitCount
  }

  /// Of an INTEGER: its value when it is not negative and fits.
  package var smallInteger: Int? {
    guard let bits = integerBits, bits < 63 else { return nil }
    return content.reduce(0) { $0 << 8 | Int($1) }
  }
}

/// The tags read here; context tags are those of the structures that use them.
package struct DERTag: RawRepresentable, Sendable, Hashable {
  package var rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let boolean = DERTag(rawValue: 0x01)
  package static let integer = DERTag(rawValue: 0x02)
  package static let bitString = DERTag(rawValue: 0x03)
  package static let octetString = DERTag(rawValue: 0x04)
  package static let null = DERTag(rawValue: 0x05)
  package static let objectIdentifier = DERTag(rawValue: 0x06)
  package static let utcTime = DERTag(rawValue: 0x17)
  package static let generalizedTime = DERTag(rawValue: 0x18)
  package static let sequence = DERTag(rawValue: 0x30)
  package static let set = DERTag(rawValue: 0x31)

  /// `[number]` around another element.
  package static func constructed(_ number: UInt8) -> DERTag {
    DERTag(rawValue: 0xA0 | (number & 0x1F))
  }
  /// `[number]` in place of a plain element's tag.
  package static func context(_ number: UInt8) -> DERTag {
    DERTag(rawValue: 0x80 | (number & 0x1F))
  }
}

/// Why DER could not be read, with the offset in the array given first.
package struct DERError: Error, Sendable, Hashable, CustomStringConvertible {
  package var offset: Int
  package var message: String

  package init(offset: Int, _ message: String) {
    self.offset = offset
    self.message = message
  }

  package var description: String { "offset \(offset): \(message)" }
}
