import AssessmentModel
import Bytes
import Connections

/// The bytes of each connection as evidence (证据): what was sent, what came back, how it ended.
enum TranscriptEvidence {
  /// Received bytes kept of one connection; a flight is far shorter, only endless answers are cut.
  static let longest = 1 << 16

  /// The connections of an inventory, one piece for all of one version: `inventory-tls1.2.json`.
  static func ofInventory(_ answers: [Answer], at endpoint: Endpoint) -> [Evidence] {
    let versions = Dictionary(grouping: answers, by: \.hello.version)
    return ProtocolVersion.tlsFamily.compactMap { version in
      versions[version].map { answers in
        let connections = answers.map { record($0, endpoint) }
        return Evidence(
          name: "inventory-\(version.name.lowercased()).json", mediaType: "application/json",
          bytes: Array(JSONText.pretty(.list(connections)).utf8), strength: 2)
      }
    }
  }

  /// Whole handshakes, one piece a version: `handshake-tls1.2.json`.
  static func ofHandshakes(
    _ handshakes: [ProtocolVersion: HandshakeSurvey.Findings], at endpoint: Endpoint
  ) -> [Evidence] {
    ProtocolVersion.tlsFamily.compactMap { version in
      guard let visits = handshakes[version]?.visits, !visits.isEmpty else { return nil }
      let connections = visits.map {
        record($0.name, $0.transcript, $0.trouble ?? "finished", endpoint)
      }
      return Evidence(
        name: "handshake-\(version.name.lowercased()).json", mediaType: "application/json",
        bytes: Array(JSONText.pretty(.list(connections)).utf8), strength: 2)
    }
  }

  /// One piece a connection, named after its hello: `hello-tls1.2.json`, a second one `…-2.json`.
  static func of(_ answers: [Answer], at endpoint: Endpoint) -> [Evidence] {
    var counts: [String: Int] = [:]
    return answers.map { answer in
      let count = counts[answer.name, default: 0] + 1
      counts[answer.name] = count
      let name = "hello-\(answer.name)" + (count == 1 ? "" : "-\(count)") + ".json"
      return Evidence(
        name: name, mediaType: "application/json",
        bytes: Array(JSONText.pretty(record(answer, endpoint)).utf8), strength: 2)
    }
  }

  private static func record(_ answer: Answer, _ endpoint: Endpoint) -> FactValue {
    record(answer.name, answer.transcript, answer.trouble ?? "answered", endpoint)
  }

  private static func record(
    _ name: String, _ transcript: Transcript, _ end: String, _ endpoint: Endpoint
  ) -> FactValue {
    var room = longest
    var omitted = 0
    let exchange = transcript.passages.map { passage -> FactValue in
      var bytes = passage.bytes
      if passage.direction == .received {
        bytes = Array(bytes.prefix(room))
        room -= bytes.count
        omitted += passage.bytes.count - bytes.count
      }
      return [
        "direction": .text(passage.direction.rawValue), "hex": .text(hexadecimal(bytes)),
      ]
    }
    var fields: [String: FactValue] = [
      "endpoint": .text(endpoint.description), "hello": .text(name),
      "exchange": .list(exchange), "end": .text(end),
    ]
    if omitted > 0 { fields["omitted-bytes"] = .integer(omitted) }
    return .record(fields)
  }
}
