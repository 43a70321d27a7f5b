import CLibYAML

/// The events libyaml reads from a text, one after another.
///
/// Owns the parser and deletes it, and every event as soon as it is copied.
struct EventStream: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>

  /// The bytes must outlive the stream. nil when memory is short.
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      return nil
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    if let start = bytes.baseAddress {
      yaml_parser_set_input_string(parser, start, bytes.count)
    } else {
      yaml_parser_set_input_string(parser, "", 0)
    }
    self.parser = parser
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  /// The next event. After a problem or the end of the stream there is nothing more to ask for.
  func next() throws(Problem) -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw Problem(parser.pointee) }
    defer { yaml_event_delete(&event) }
    return Event(event)
  }

  /// A line and column, from 1.
  struct Mark {
    var line: Int
    var column: Int

    init(_ mark: yaml_mark_t) {
      line = Int(clamping: mark.line) + 1
      column = Int(clamping: mark.column) + 1
    }
  }

  /// What stands before a node: `&anchor` and `!tag`.
  struct Properties {
    var hasAnchor: Bool
    var hasTag: Bool
  }

  struct Event {
    enum Kind {
      case streamStart, streamEnd
      case documentStart
      case documentEnd(isExplicit: Bool)
      case alias
      case scalar(String, isPlain: Bool, Properties)
      case sequenceStart(Properties)
      case sequenceEnd
      case mappingStart(Properties)
      case mappingEnd
    }
    var kind: Kind
    var start: Mark
    var end: Mark

    fileprivate init(_ event: yaml_event_t) {
      start = Mark(event.start_mark)
      end = Mark(event.end_mark)
      kind =
        switch event.type {
        case YAML_STREAM_START_EVENT: .streamStart
        case YAML_DOCUMENT_START_EVENT: .documentStart
        case YAML_DOCUMENT_END_EVENT:
          .documentEnd(isExplicit: event.data.document_end.implicit == 0)
        case YAML_ALIAS_EVENT: .alias
        case YAML_SCALAR_EVENT: Self.scalar(event.data.scalar)
        case YAML_SEQUENCE_START_EVENT:
          .sequenceStart(
            Properties(
              hasAnchor: event.data.sequence_start.anchor != nil,
              hasTag: event.data.sequence_start.tag != nil))
        case YAML_SEQUENCE_END_EVENT: .sequenceEnd
        case YAML_MAPPING_START_EVENT:
          .mappingStart(
            Properties(
              hasAnchor: event.data.mapping_start.anchor != nil,
              hasTag: event.data.mapping_start.tag != nil))
        case YAML_MAPPING_END_EVENT: .mappingEnd
        // The only other event is "no event", which follows the end of the stream.
        default: .streamEnd
        }
    }

    private typealias ScalarData = yaml_event_t.__Unnamed_union_data.__Unnamed_struct_scalar

    private static func scalar(_ scalar: ScalarData) -> Kind {
      let bytes = UnsafeBufferPointer(start: scalar.value, count: Int(clamping: scalar.length))
      return .scalar(
        String(decoding: bytes, as: UTF8.self),
        isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE,
        Properties(hasAnchor: scalar.anchor != nil, hasTag: scalar.tag != nil))
    }
  }

  /// Why libyaml reads no further.
  struct Problem: Error {
    /// libyaml's own words.
    var problem: String
    /// Where the problem is; nil when libyaml gives no place (memory).
    var mark: Mark?
    /// The line on which the construct that cannot be finished began.
    var contextLine: Int?

    fileprivate init(_ parser: yaml_parser_t) {
      problem = parser.problem.map { String(cString: $0) } ?? "no reason given"
      let hasMark = parser.error == YAML_SCANNER_ERROR || parser.error == YAML_PARSER_ERROR
      mark = hasMark ? Mark(parser.problem_mark) : nil
      contextLine = hasMark && parser.context != nil ? Mark(parser.context_mark).line : nil
      if parser.error == YAML_MEMORY_ERROR { problem = "memory is short" }
    }
  }
}
