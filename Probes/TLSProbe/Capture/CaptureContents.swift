import Glibc
import NationalCrypto

/// All that a capture file shows: its connections read, in the order they began.
struct CaptureContents: Sendable {
  var readings: [FlowReading]
  /// The chains that readings number.
  var chains: [ServedChain]
  /// Where the reading of the file broke off.
  var fault: CaptureFault?
  /// The time given was over before the end of the file.
  var isTimeUp = false
  /// Connections passed over because there were too many.
  var unread = 0
  /// `nil` for a transcript.
  var packets: Int?
  /// SM3 of the file; `nil` when there was no time for it.
  var digest: [UInt8]?
  var size = 0

  /// Whether parts of the capture were not read at all.
  var isCut: Bool { fault != nil || isTimeUp || unread > 0 }

  /// Reads the file at `path`: packets, or a transcript when it begins like JSON.
  static func read(
    path: String, isTimeUp: () -> Bool
  ) throws(CaptureError) -> CaptureContents {
    let file = try open(path)
    guard try isJSON(file, path) else { return try packets(file, path, isTimeUp) }
    defer { fclose(file) }
    var json: [UInt8] = []
    while let chunk = nextChunk(file) {
      json += chunk
      guard json.count <= CaptureTranscript.sizeLimit else {
        throw .malformedTranscript(
          path: path, place: "byte \(json.count)",
          reason: "larger than \(CaptureTranscript.sizeLimit) bytes")
      }
    }
    guard ferror(file) == 0 else { throw .unreadable(path: path, reason: "reading failed") }
    return try transcript(json, path)
  }

  /// A transcript that is already in memory.
  static func transcript(_ json: [UInt8], _ path: String) throws(CaptureError) -> CaptureContents {
    let transcript = try CaptureTranscript(json, path: path)
    var table = ChainTable()
    let reading = transcript.reading(chains: &table)
    return CaptureContents(
      readings: [reading], chains: table.chains, digest: try? SM3.digest(json), size: json.count)
  }

  private static func packets(
    _ file: UnsafeMutablePointer<FILE>, _ path: String, _ isTimeUp: () -> Bool
  ) throws(CaptureError) -> CaptureContents {
    var packets = try PacketFile(file, path: path)
    let link = packets.linkType
    var table = FlowTable()
    var contents = CaptureContents(readings: [], chains: [], packets: 0)
    var count = 0
    do throws(CaptureFault) {
      while let packet = try packets.next() {
        count += 1
        if let reader = link.internetPacket(in: packet.bytes) {
          table.take(InternetPacket(reader))
        }
        // Asking for every packet would cost more than reading it.
        if count.isMultiple(of: 256), isTimeUp() {
          contents.isTimeUp = true
          break
        }
      }
    } catch {
      contents.fault = error
    }
    table.finish(isCut: contents.isCut, isTimeUp: isTimeUp)
    contents.packets = count
    contents.readings = table.readings
    contents.chains = table.chains.chains
    contents.unread = table.unread
    contents.isTimeUp = contents.isTimeUp || (table.unread > 0 && isTimeUp())
    if !contents.isTimeUp, let again = try? open(path) {
      (contents.digest, contents.size) = digest(of: again, isTimeUp)
      fclose(again)
    }
    return contents
  }

  private static func digest(
    of file: UnsafeMutablePointer<FILE>, _ isTimeUp: () -> Bool
  ) -> ([UInt8]?, Int) {
    guard var digest = try? IncrementalDigest(.sm3) else { return (nil, 0) }
    var size = 0
    while let chunk = nextChunk(file) {
      size += chunk.count
      guard !isTimeUp(), (try? digest.update(chunk)) != nil else { return (nil, 0) }
    }
    return (try? digest.finish(), size)
  }

  private static func open(
    _ path: String
  ) throws(CaptureError) -> UnsafeMutablePointer<FILE> {
    // Not to wait at a pipe.
    let descriptor = Glibc.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      Glibc.close(descriptor)
      throw .unreadable(path: path, reason: "not a file")
    }
    guard let file = fdopen(descriptor, "rb") else {
      Glibc.close(descriptor)
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    return file
  }

  /// Whether the first character is that of JSON; leaves the file at its start.
  private static func isJSON(
    _ file: UnsafeMutablePointer<FILE>, _ path: String
  ) throws(CaptureError) -> Bool {
    let start = nextChunk(file) ?? []
    guard !start.isEmpty else {
      fclose(file)
      throw .notACapture(path: path, reason: "the file is empty")
    }
    rewind(file)
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = start.starts(with: mark) ? start.dropFirst(3) : start[...]
    let first = text.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    // A pcapng file begins with white space too.
    guard !start.starts(with: [0x0A, 0x0D, 0x0D, 0x0A]) else { return false }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
  }

  private static func nextChunk(_ file: UnsafeMutablePointer<FILE>) -> [UInt8]? {
    let size = 1 << 16
    let chunk = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = fread(buffer.baseAddress, 1, size, file)
    }
    return chunk.isEmpty ? nil : chunk
  }
}
