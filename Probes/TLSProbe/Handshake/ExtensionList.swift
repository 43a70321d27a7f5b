import Bytes

/// Extensions as hellos, EncryptedExtensions and certificate entries carry them: `number(2) body<2>` each.
enum ExtensionList {
  /// Bodies by number; of a repeated number the last.
  static func read(_ list: inout ByteReader) throws(ByteError) -> [UInt16: [UInt8]] {
    var found: [UInt16: [UInt8]] = [:]
    while !list.isAtEnd {
      let number = try list.uint16()
      var body = try list.vector(2)
      found[number] = body.rest()
    }
    return found
  }

  /// A message that is one list with its length before it.
  static func read(
    _ message: HandshakeMessage, named name: String
  ) throws(WireError) -> [UInt16: [UInt8]] {
    var reader = message.reader
    do throws(ByteError) {
      var list = try reader.vector(2)
      let found = try read(&list)
      try reader.requireEnd(name)
      return found
    } catch {
      throw WireError(error, in: name)
    }
  }
}
