import AssessmentModel
import Bytes

/// What the facts of a capture rest on (证据): the clear part of the handshakes, as transcripts that can be
/// read again, and which file they are from.
enum CaptureEvidence {
  /// `connection-N.json` for each exchange kept, after `capture.json` about the file.
  ///
  /// Strength 2: read by a tool. Nothing decrypted and nothing of what is no TLS is in it.
  static func of(_ readings: [FlowReading], in contents: CaptureContents, path: String)
    -> [Evidence]
  {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    var file: [String: FactValue] = ["file": .text(name), "bytes": .integer(contents.size)]
    if let digest = contents.digest { file["sm3"] = .text(hexadecimal(digest)) }
    if let packets = contents.packets { file["packets"] = .integer(packets) }
    if let fault = contents.fault {
      file["fault"] = [
        "packet": .integer(fault.packet), "offset": .integer(fault.offset),
        "message": .text(fault.reason),
      ]
    }
    if contents.unread > 0 { file["connections-not-read"] = .integer(contents.unread) }
    return [evidence("capture.json", .record(file))]
      + readings.compactMap { reading in
        reading.exchange.map { evidence("connection-\(reading.number).json", of: reading, $0) }
      }
  }

  private static func evidence(
    _ name: String, of reading: FlowReading, _ exchange: FlowReading.Exchange
  ) -> Evidence {
    var fields: [String: FactValue] = [
      "client-to-server": .list(exchange.client.map { .text(hexadecimal($0)) }),
      "server-to-client": .list(exchange.server.map { .text(hexadecimal($0)) }),
      "close": .list([reading.closing].compactMap { $0.map { .text($0.transcriptText) } }),
    ]
    fields["client"] = reading.client.map { .text($0.description) }
    fields["server"] = reading.server.map { .text($0.description) }
    return evidence(name, .record(fields))
  }

  private static func evidence(_ name: String, _ value: FactValue) -> Evidence {
    Evidence(
      name: name, mediaType: "application/json", bytes: Array(JSONText.pretty(value).utf8),
      strength: 2)
  }
}
