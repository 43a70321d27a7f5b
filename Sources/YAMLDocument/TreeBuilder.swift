import AssessmentModel

/// Builds the tree of nodes from libyaml's events and refuses what is beyond the core of YAML.
struct TreeBuilder {
  /// Reading cannot go on; the fault is reported.
  private struct Stop: Error {}

  private var source: SourceText
  private let faults: Faults
  private var nodeCount = 0
  private var refusals = 0
  /// A refused part has no stand-in (an alias, for instance): the tree would raise false faults.
  private var hasGap = false

  private init(source: SourceText, faults: Faults) {
    self.source = source
    self.faults = faults
  }

  /// The one document of `source`; nil after a fault that leaves a gap in the tree.
  static func tree(of source: SourceText, faults: Faults) -> YAMLNode? {
    var builder = TreeBuilder(source: source, faults: faults)
    return source.bytes.withUnsafeBufferPointer { bytes in
      guard let stream = EventStream(bytes) else {
        builder.report(builder.start, "memory is short")
        return nil
      }
      do throws(Stop) {
        let root = try builder.document(stream)
        return builder.hasGap ? nil : root
      } catch {
        return nil
      }
    }
  }

  private var start: SourcePlace { SourcePlace(file: source.file, line: 1, column: 1) }

  private func place(_ mark: EventStream.Mark) -> SourcePlace {
    SourcePlace(file: source.file, line: mark.line, column: mark.column)
  }

  private func report(_ place: SourcePlace, _ message: String) {
    faults.report(place, message)
  }

  /// Reports something refused after which reading goes on, a limited number of times.
  private mutating func refuse(_ place: SourcePlace, _ message: String) throws(Stop) {
    report(place, message)
    refusals += 1
    if refusals >= YAMLDocument.refusalLimit {
      report(place, "reading stops here, after \(refusals) refusals in this file")
      throw Stop()
    }
  }

  private mutating func next(_ stream: borrowing EventStream) throws(Stop) -> EventStream.Event {
    do throws(EventStream.Problem) {
      return try stream.next()
    } catch {
      let mark = error.mark
      // libyaml ends the last line even where the file does not; the offset stays within the file.
      let offset = mark.map { source.offset(line: $0.line, column: $0.column) } ?? 0
      let byte = offset < source.bytes.count ? source.bytes[offset] : nil
      report(source.place(atOffset: offset), SyntaxWording.message(for: error, byte: byte))
      throw Stop()
    }
  }

  private mutating func document(_ stream: borrowing EventStream) throws(Stop) -> YAMLNode? {
    while true {
      let event = try next(stream)
      switch event.kind {
      case .streamStart, .documentStart, .sequenceEnd, .mappingEnd, .documentEnd: continue
      case .streamEnd:
        report(start, "empty file: a mapping or a list is expected")
        return nil
      case .alias, .scalar, .sequenceStart, .mappingStart:
        let root = try node(event, stream, depth: 1)
        try finish(stream)
        if case .scalar("", isPlain: true) = root.content {
          report(start, "empty file: a mapping or a list is expected")
          return nil
        }
        return root
      }
    }
  }

  /// Reads the end of the document and refuses anything after it.
  private mutating func finish(_ stream: borrowing EventStream) throws(Stop) {
    let event = try next(stream)
    guard case .documentEnd(let isExplicit) = event.kind else { return }
    var offset = source.offset(line: event.end.line, column: event.end.column)
    offset = source.nextToken(from: offset)
    while source.bytes[offset...].starts(with: "...".utf8) {
      offset = source.nextToken(from: offset + 3)
    }
    guard offset < source.bytes.count else { return }
    let isMarker = source.bytes[offset...].starts(with: "---".utf8)
    report(
      source.place(atOffset: offset),
      isMarker || isExplicit
        ? "a second document begins here, but a file holds one"
        : "the document ended before this; check the indentation and the brackets")
  }

  private mutating func node(
    _ event: EventStream.Event, _ stream: borrowing EventStream, depth: Int
  ) throws(Stop) -> YAMLNode {
    let place = place(event.start)
    try count(at: place)
    switch event.kind {
    case .scalar(let text, let isPlain, let properties):
      try refuse(properties, at: place)
      return YAMLNode(content: .scalar(text, isPlain: isPlain), place: place)
    case .sequenceStart(let properties):
      try enter(depth, properties, at: place)
      return YAMLNode(content: .sequence(try items(stream, depth: depth)), place: place)
    case .mappingStart(let properties):
      try enter(depth, properties, at: place)
      return YAMLNode(content: .mapping(try entries(stream, depth: depth)), place: place)
    case .alias:
      hasGap = true
      try refuse(place, "found an alias (*), but aliases are not accepted; write the value out")
      return YAMLNode(content: .scalar("", isPlain: true), place: place)
    case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
      report(place, "a value is expected here")
      throw Stop()
    }
  }

  private mutating func items(
    _ stream: borrowing EventStream, depth: Int
  ) throws(Stop) -> [YAMLNode] {
    var items: [YAMLNode] = []
    while true {
      let event = try next(stream)
      if case .sequenceEnd = event.kind { return items }
      items.append(try node(event, stream, depth: depth + 1))
    }
  }

  private mutating func entries(
    _ stream: borrowing EventStream, depth: Int
  ) throws(Stop) -> [YAMLEntry] {
    var entries: [YAMLEntry] = []
    var keys = KeyLines()
    while true {
      let event = try next(stream)
      if case .mappingEnd = event.kind { return entries }
      let keyPlace = place(event.start)
      let key = try key(event, stream, depth: depth)
      let firstLine = key.flatMap { keys.line(of: $0, in: entries) }
      if let key, let firstLine {
        try refuse(
          keyPlace, "the key \(Wording.quoted(key)) stands already in line \(firstLine)")
      }
      let value = try node(try next(stream), stream, depth: depth + 1)
      if let key, firstLine == nil {
        entries.append(YAMLEntry(key: key, keyPlace: keyPlace, value: value))
        keys.add(entries)
      }
    }
  }

  /// The text of a key; nil when it is refused, and then its value is read but not kept.
  private mutating func key(
    _ event: EventStream.Event, _ stream: borrowing EventStream, depth: Int
  ) throws(Stop) -> String? {
    let place = place(event.start)
    let node = try node(event, stream, depth: depth + 1)
    switch node.content {
    case .scalar("", isPlain: true):
      if case .alias = event.kind { return nil }
      hasGap = true
      try refuse(place, "a key is missing here; text is expected before the \":\"")
      return nil
    case .scalar("<<", isPlain: true):
      hasGap = true
      try refuse(
        place, "found the merge key \"<<\", but merging is not accepted; write the keys out")
      return nil
    case .scalar(let text, _): return text
    case .sequence, .mapping:
      hasGap = true
      try refuse(place, "found \(node.found) as a key, but a key is a text")
      return nil
    }
  }

  private mutating func count(at place: SourcePlace) throws(Stop) {
    nodeCount += 1
    if nodeCount > YAMLDocument.nodeLimit {
      report(place, "the file holds more than the \(YAMLDocument.nodeLimit) values allowed")
      throw Stop()
    }
  }

  private mutating func enter(
    _ depth: Int, _ properties: EventStream.Properties, at place: SourcePlace
  ) throws(Stop) {
    try refuse(properties, at: place)
    if depth > YAMLDocument.depthLimit {
      report(place, "this is nested deeper than the \(YAMLDocument.depthLimit) levels allowed")
      throw Stop()
    }
  }

  private mutating func refuse(
    _ properties: EventStream.Properties, at first: SourcePlace
  ) throws(Stop) {
    guard properties.hasAnchor || properties.hasTag else { return }
    let offset = source.offset(line: first.line, column: first.column)
    let isAnchorFirst = offset < source.bytes.count && source.bytes[offset] == UInt8(ascii: "&")
    // libyaml places the node at the first of the two; the second follows after white space.
    let second =
      properties.hasAnchor && properties.hasTag
      ? source.place(atOffset: source.nextToken(from: source.endOfWord(from: offset))) : first
    if properties.hasAnchor {
      try refuse(
        isAnchorFirst ? first : second, "found an anchor (&), but anchors are not accepted")
    }
    if properties.hasTag {
      try refuse(
        isAnchorFirst ? second : first,
        "found a tag (!), but tags are not accepted; quote the value if it is text")
    }
  }
}

/// Finds the line of an earlier key. Most mappings have few keys, which are quicker compared one by one
/// than hashed.
private struct KeyLines {
  private static let fewKeys = 12
  private var lines: [String: Int] = [:]

  func line(of key: String, in entries: [YAMLEntry]) -> Int? {
    lines.isEmpty ? entries.first { $0.key == key }?.keyPlace.line : lines[key]
  }

  /// Takes note of the last of `entries`.
  mutating func add(_ entries: [YAMLEntry]) {
    if !lines.isEmpty, let last = entries.last {
      lines[last.key] = last.keyPlace.line
    } else if entries.count > Self.fewKeys {
      for entry in entries { lines[entry.key] = entry.keyPlace.line }
    }
  }
}
