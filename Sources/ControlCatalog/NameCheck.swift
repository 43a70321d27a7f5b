import AssessmentModel
package import ProbeKit

/// What the catalog may name outside its own files: the probes there are.
package struct KnownProbes: Sendable {
  var byName: [String: ProbeDescription]

  package init(_ descriptions: [ProbeDescription]) {
    byName = Dictionary(descriptions.map { ($0.name, $0) }) { first, _ in first }
  }
}

/// Checks every name a catalog mentions against where it must be defined.
struct NameCheck {
  /// After so many unknown names the rest are only counted, so that a hostile file costs little.
  private static let limit = 500

  var probes: KnownProbes
  /// nil: the definitions are missing altogether, which is a fault of its own.
  var units: Set<String>?
  var gates: Set<String>?
  var algorithms: AlgorithmList?
  var questions: Set<String>
  var judgements: [String]?
  /// Names whose definition is faulty.
  var claims: Set<Claim>
  /// The text of files that could not be parsed: what stands there may be defined there. nil: a file that
  /// was not read at all may define anything.
  var unparsed: [String?]
  var faults: Faults

  func check(_ mentions: [Mention]) {
    let sets = algorithms?.setNames ?? []
    var unknown = mentions.filter { !isKnown($0) }
    if unknown.count > Self.limit {
      let rest = unknown.dropFirst(Self.limit)
      if let next = rest.first {
        faults.report(next.place, "\(rest.count) more unknown names from here on")
      }
      unknown = Array(unknown.prefix(Self.limit))
    }
    for mention in unknown where !isExplained(mention) {
      let (what, names) = known(mention.kind, sets: sets)
      report(mention, what, names)
    }
  }

  private func isKnown(_ mention: Mention) -> Bool {
    switch mention.kind {
    case .unit: units?.contains(mention.name) ?? true
    case .gate: gates?.contains(mention.name) ?? true
    case .question: questions.contains(mention.name)
    case .judgement: judgements?.contains(mention.name) ?? true
    case .set: algorithms.map { $0.set(named: mention.name) != nil } ?? true
    case .probe: probes.byName[mention.name] != nil
    case .fact(let probe): probes.byName[probe]?.facts.keys.contains(mention.name) ?? true
    case .parameter(let probe):
      probes.byName[probe]?.parameters.keys.contains(mention.name) ?? true
    case .kind(let probe):
      probes.byName[probe]?.objectKinds.contains { $0.rawValue == mention.name } ?? true
    }
  }

  /// True when another fault is the cause: the definition is there and faulty, or stands in a file that could
  /// not be parsed.
  private func isExplained(_ mention: Mention) -> Bool {
    var name = mention.name
    let kind: Claim.Kind
    switch mention.kind {
    case .unit: kind = .unit
    case .gate: kind = .gate
    case .question: kind = .question
    case .judgement: kind = .judgement
    case .set:
      // An existing table has every set there can be: the name before the dot is wrong.
      guard let dot = name.firstIndex(of: "."), algorithms?.hasWord(of: name) == true else {
        return false
      }
      name = String(name[name.index(after: dot)...])
      kind = .table
    case .probe, .fact, .parameter, .kind: return false
    }
    return claims.contains(Claim(kind: kind, name: name))
      || claims.contains(Claim(kind: kind, name: nil))
      || unparsed.contains { $0?.contains(name) ?? true }
  }

  private func known(_ kind: Mention.Kind, sets: [String]) -> (what: String, names: [String]) {
    switch kind {
    case .unit: ("scoring unit", (units ?? []).sorted())
    case .gate: ("high-risk item", (gates ?? []).sorted())
    case .question: ("question", questions.sorted())
    case .judgement: ("published judgement", judgements ?? [])
    case .set: ("algorithm set", sets)
    case .probe: ("probe", probes.byName.keys.sorted())
    case .fact(let probe): ("fact of \(probe)", probes.byName[probe]?.facts.keys.sorted() ?? [])
    case .parameter(let probe):
      ("parameter of \(probe)", probes.byName[probe]?.parameters.keys.sorted() ?? [])
    case .kind(let probe):
      (
        "kind of object \(probe) looks at",
        probes.byName[probe]?.objectKinds.map(\.rawValue).sorted() ?? []
      )
    }
  }

  private func report(_ mention: Mention, _ what: String, _ names: [String]) {
    let advice =
      if let near = nearestName(to: mention.name, among: names) {
        "did you mean \"\(near)\"?"
      } else if names.isEmpty {
        "there is none at all"
      } else if names.count <= 24 {
        "known: \(names.joined(separator: ", "))"
      } else {
        "there are \(names.count) of them"
      }
    faults.report(mention.place, "\"\(mention.name)\" is no \(what); \(advice)")
  }
}

extension AlgorithmList {
  /// True when the word before the dot is a rating, `known` or `unsafe`, whatever the table.
  fileprivate func hasWord(of name: String) -> Bool {
    guard let dot = name.firstIndex(of: ".") else { return false }
    let word = String(name[..<dot])
    return Rating(rawValue: word) != nil || word == "known" || word == "unsafe"
  }
}
