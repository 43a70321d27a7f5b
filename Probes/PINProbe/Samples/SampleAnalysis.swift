import Glibc
package import NationalCrypto

/// What a sample set shows about how its blocks were made.
package struct SampleAnalysis: Sendable {
  private let set: SampleSet
  private let listed: [ListedKey]

  package init(_ set: SampleSet, listed: [ListedKey] = []) {
    self.set = set
    self.listed = listed
  }

  /// One block with what it turned out to be.
  private struct Opened {
    enum Kind: Hashable {
      case standard(PINBlockFormat)
      case legacy(LegacyBlock)
      case nothing

      var name: String {
        switch self {
        case .standard(let format): format.name
        case .legacy(let convention): convention.rawValue
        case .nothing: "nothing"
        }
      }
    }
    var item: SampleSet.Item
    var kind: Kind
    /// The fill of formats 1 and 3, the random field of format 4.
    var fill: FillAnalysis.Fill?
  }

  /// - Throws: when the key cannot be used at all.
  package func findings() throws(CryptoError) -> SampleFindings {
    guard let algorithm = set.algorithm, let key = set.key else {
      throw CryptoError(operation: "analysing a sample", detail: "no usable key is given")
    }
    let cipher = try PINKeyCipher(algorithm, key: key)
    var opened: [Opened] = []
    for item in set.blocks { opened.append(try open(item, cipher)) }
    var findings = SampleFindings()
    findings.size = opened.count
    findings.checkValue = try cipher.checkValue()
    for block in opened { findings.formats[block.kind.name, default: 0] += 1 }
    try noteKey(key, cipher, &findings)
    noteFormat1(opened, &findings)
    noteRepetition(opened, &findings)
    noteFill(opened, &findings)
    noteNonstandard(opened, &findings)
    noteECB(blockLength: algorithm.blockLength, &findings)
    return findings
  }

  private func open(
    _ item: SampleSet.Item, _ cipher: borrowing PINKeyCipher
  ) throws(CryptoError) -> Opened {
    let block = item.enciphered
    guard block.count == cipher.algorithm.blockLength else {
      return Opened(item: item, kind: .nothing)
    }
    if let wide = word(UInt128.self, of: block) {
      guard let pan = item.pan else { return Opened(item: item, kind: .nothing) }
      let field = try cipher.openExtended(wide, pan: pan)
      if (try? ExtendedBlock.pin(ofField: field)) != nil {
        let random = FillAnalysis.Fill(nibbles: ExtendedBlock.random(ofField: field), count: 16)
        return Opened(item: item, kind: .standard(.format4), fill: random)
      }
      let clear = try cipher.decipher(wide)
      let convention = LegacyBlock.allCases.first {
        (try? $0.pin(ofClearBlock: clear, pan: pan)) != nil
      }
      return Opened(item: item, kind: convention.map { .legacy($0) } ?? .nothing)
    }
    guard let compact = word(UInt64.self, of: block) else {
      return Opened(item: item, kind: .nothing)
    }
    let clear = try cipher.decipher(compact)
    let order: [PINBlockFormat] = [.format0, .format3, .format2, .format1]
    let format = ((set.format.map { [$0] } ?? []) + order).first { format in
      (item.pan != nil || !format.bindsPAN) && format != .format4
        && (try? CompactBlock.pin(ofClearBlock: clear, format: format, pan: item.pan)) != nil
    }
    guard let format else { return Opened(item: item, kind: .nothing) }
    let field = format.bindsPAN ? clear ^ (item.pan?.accountField ?? 0) : clear
    let fill = CompactBlock.fill(ofField: field)
    return Opened(
      item: item, kind: .standard(format),
      fill: FillAnalysis.Fill(nibbles: fill.nibbles, count: fill.count))
  }

  /// Single DES shows in an enciphered block of zeros that the half key gives as well; misuse shows in the
  /// list of keys.
  private func noteKey(
    _ key: [UInt8], _ cipher: borrowing PINKeyCipher, _ findings: inout SampleFindings
  ) throws(CryptoError) {
    let zeros = try cipher.encipheredZeros()
    switch cipher.algorithm {
    case .des: findings.add(.singleDESKey, .none, blocks: findings.size)
    case .tdes2, .tdes3:
      for start in stride(from: 0, to: key.count, by: 8) {
        let half = try PINKeyCipher(.des, key: Array(key[start..<start + 8]))
        if try half.encipheredZeros() == zeros {
          findings.add(
            .singleDESKey, FalseAlarmChance(log10: -64 * log10(2) + log10(3)),
            blocks: findings.size)
          break
        }
      }
    case .aes128, .aes192, .aes256, .sm4: break
    }
    if listed.contains(where: { $0.value == key && !SampleAnalysis.isForPINs($0.role) }) {
      findings.add(.keyMisuse, .none, blocks: findings.size)
    }
  }

  private static func isForPINs(_ role: String) -> Bool {
    ["pin", "zpk", "tpk", "pek", "source", "destination"].contains(role)
  }

  /// A chance of 0.0016: noise that passes for format 1, whose fill is free.
  private func noteFormat1(_ opened: [Opened], _ findings: inout SampleFindings) {
    let count = opened.count { $0.kind == .standard(.format1) && $0.item.pan != nil }
    guard count > 0 else { return }
    let chance =
      set.format == .format1
      ? FalseAlarmChance.none
      : FalseAlarmChance(
        log10: FillAnalysis.log10Choose(opened.count, count) + Double(count) * log10(0.0016))
    findings.add(.formatWithoutPANBinding, chance, blocks: count)
  }

  /// Equal cryptograms under one key are equal clear blocks, so this is never by chance.
  private func noteRepetition(_ opened: [Opened], _ findings: inout SampleFindings) {
    let deterministic = opened.filter { block in
      switch block.kind {
      case .standard(.format0), .legacy: true
      case .standard, .nothing: false
      }
    }
    let repeated = deterministic.count - Set(deterministic.map(\.item)).count
    if repeated > 0 {
      findings.add(.deterministicCryptogram, .none, blocks: repeated + 1)
    }
  }

  private func noteFill(_ opened: [Opened], _ findings: inout SampleFindings) {
    func fills(_ format: PINBlockFormat) -> [FillAnalysis.Fill] {
      opened.filter { $0.kind == .standard(format) }.compactMap(\.fill)
    }
    var nonrandom: [(chance: FalseAlarmChance, blocks: Int)] = []
    for (format, values) in [(PINBlockFormat.format1, 16), (.format3, 6)] {
      let fills = fills(format)
      if let chance = FillAnalysis.constancy(fills, values: values) {
        nonrandom.append((chance, fills.count))
      }
    }
    let random = fills(.format4).map(\.nibbles)
    let result = FillAnalysis.random(random)
    if let chance = result.nonrandom { nonrandom.append((chance, random.count)) }
    if let first = nonrandom.first(where: { $0.chance.isSmall }) {
      findings.add(.nonrandomFill, first.chance, blocks: first.blocks)
    }
    if let chance = result.sequential {
      findings.add(.sequentialFill, chance, blocks: random.count)
    }
  }

  /// Under a cipher of 16 bytes there is one standard format. A block announced as format 4 that opens as
  /// nothing may have another key or PAN; one announced otherwise cannot be a standard block at all.
  private func noteNonstandard(_ opened: [Opened], _ findings: inout SampleFindings) {
    let known = opened.count { if case .legacy = $0.kind { true } else { false } }
    let unknown = opened.count {
      $0.kind == .nothing && $0.item.enciphered.count == 16
        && set.algorithm?.blockLength == 16 && set.format != .format4
    }
    if known > 0 {
      findings.add(
        .nonstandardBlock,
        FalseAlarmChance(
          log10: FillAnalysis.log10Choose(opened.count, known) - Double(known) * 63 * log10(2)),
        blocks: known + unknown)
    } else if unknown > 0 {
      findings.add(.nonstandardBlock, .none, blocks: unknown)
    }
  }

  private func noteECB(blockLength: Int, _ findings: inout SampleFindings) {
    var seen: Set<ArraySlice<UInt8>> = []
    var units = 0
    for item in set.blocks
    where item.enciphered.count > blockLength && item.enciphered.count.isMultiple(of: blockLength) {
      for start in stride(from: 0, to: item.enciphered.count, by: blockLength) {
        seen.insert(item.enciphered[start..<start + blockLength])
        units += 1
      }
    }
    let repeated = units - seen.count
    guard repeated > 0 else { return }
    findings.add(
      .ecbRepetition,
      FalseAlarmChance(
        log10: 2 * log10(Double(units)) - 8 * Double(blockLength) * log10(2)),
      blocks: repeated)
  }
}
