import Bytes
import FoundationEssentials

/// A recorded connection as JSON: the records of both sides in hexadecimal, and how it was closed.
///
/// Keys are `client-to-server`, `server-to-client` and `close`, hyphened or with underscores. Whatever
/// else such a file says, secrets and expectations above all, is not looked at.
struct CaptureTranscript: Sendable, Hashable {
  /// Larger files are refused.
  static let sizeLimit = 1 << 25

  var client: [[UInt8]]
  var server: [[UInt8]]
  /// Who closed and how, in order.
  var closings: [FlowClosing]

  init(_ json: [UInt8], path: String) throws(CaptureError) {
    let file: File
    do {
      file = try JSONDecoder().decode(File.self, from: Data(json))
    } catch {
      throw Self.malformed(error, path)
    }
    client = try Self.records(file.client, "client-to-server", path)
    server = try Self.records(file.server, "server-to-client", path)
    closings = []
    for (index, text) in file.close.enumerated() {
      guard let closing = FlowClosing(text) else {
        throw .malformedTranscript(
          path: path, place: "close[\(index)]",
          reason: "client or server and fin or rst expected")
      }
      closings.append(closing)
    }
  }

  /// What the recording shows.
  func reading(chains: inout ChainTable) -> FlowReading {
    var sides = (client: SideReader(), server: SideReader())
    for bytes in client { sides.client.feed(bytes) }
    for bytes in server { sides.server.feed(bytes) }
    if closings.contains(where: { $0.from == .client }) { sides.client.end() }
    if closings.contains(where: { $0.from == .server }) { sides.server.end() }
    return FlowReading(
      number: 0, client: sides.client, server: sides.server, closing: closings.first, gaps: [],
      isVerified: true, chains: &chains)
  }

  private static func records(
    _ texts: [String], _ name: String, _ path: String
  ) throws(CaptureError) -> [[UInt8]] {
    var records: [[UInt8]] = []
    for (index, text) in texts.enumerated() {
      guard let record = bytes(fromHexadecimal: text) else {
        throw .malformedTranscript(
          path: path, place: "\(name)[\(index)]", reason: "whole bytes in hexadecimal expected")
      }
      records.append(record)
    }
    return records
  }

  private static func malformed(_ error: any Error, _ path: String) -> CaptureError {
    func place(_ context: DecodingError.Context) -> String {
      let text = context.codingPath.reduce("") { text, key in
        key.intValue.map { "\(text)[\($0)]" }
          ?? (text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)")
      }
      return text.isEmpty ? "top level" : text
    }
    switch error as? DecodingError {
    case .keyNotFound(let key, _)?:
      return .malformedTranscript(
        path: path, place: "top level", reason: "no key \(key.stringValue)")
    case .typeMismatch(_, let context)?, .valueNotFound(_, let context)?:
      return .malformedTranscript(
        path: path, place: place(context), reason: "another type of value expected")
    case .dataCorrupted(let context)?:
      return .malformedTranscript(path: path, place: place(context), reason: "the JSON is broken")
    case nil, .some:
      return .malformedTranscript(path: path, place: "top level", reason: "not readable as JSON")
    }
  }

  private struct File: Decodable {
    var client: [String]
    var server: [String]
    var close: [String]

    private struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }

      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }

      /// `name`, or its form with underscores where the file has that.
      static func either(_ name: String, in container: KeyedDecodingContainer<Key>) -> Key {
        let other = Key(stringValue: name.replacing("-", with: "_"))
        return container.contains(other) ? other : Key(stringValue: name)
      }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      client = try container.decode(
        [String].self, forKey: .either("client-to-server", in: container))
      server = try container.decode(
        [String].self, forKey: .either("server-to-client", in: container))
      close = try container.decodeIfPresent([String].self, forKey: Key(stringValue: "close")) ?? []
    }
  }
}

extension FlowClosing {
  /// As transcripts write it: `server fin`, `client rst`.
  init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 2, let side = FlowSide(rawValue: String(words[0])) else { return nil }
    switch words[1] {
    case "fin": self.init(manner: .fin, from: side)
    case "rst", "reset": self.init(manner: .reset, from: side)
    default: return nil
    }
  }

  /// The form transcripts have.
  var transcriptText: String { "\(from.rawValue) \(manner == .fin ? "fin" : "rst")" }
}
