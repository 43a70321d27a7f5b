/// Why nothing can be read from a file given as a capture.
enum CaptureError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file cannot be opened or read.
  case unreadable(path: String, reason: String)
  /// Neither pcap, pcapng nor a transcript; `reason` in the words of the file format's reader.
  case notACapture(path: String, reason: String)
  /// The packets are of a network this probe does not know, named as libpcap names it.
  case unknownLinkType(path: String, name: String)
  /// JSON that is no transcript: where, and what was expected there.
  case malformedTranscript(path: String, place: String, reason: String)

  var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): \(reason)"
    case .notACapture(let path, let reason): "\(path): no pcap, pcapng or transcript: \(reason)"
    case .unknownLinkType(let path, let name): "\(path): link type \(name) is not supported"
    case .malformedTranscript(let path, let place, let reason): "\(path): \(place): \(reason)"
    }
  }
}

/// Where reading a capture file stopped before its end, and why. What was read until there stands.
struct CaptureFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// The packet that could not be read, from 0.
  var packet: Int
  /// How far the file had been read, in bytes.
  var offset: Int
  var reason: String

  var description: String { "packet \(packet), offset \(offset): \(reason)" }
}
