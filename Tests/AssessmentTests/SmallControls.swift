/// A catalog of four units and two rows: enough for every path through an assessment, and quick to read.
enum SmallControls {
  static let files = [
    "GBT/net.yaml": net, "GBT/app.yaml": app, "GBT/pol.yaml": pol, "GMT/network.yaml": rows,
    "Rules/algorithms.yaml": algorithms, "Rules/risk.yaml": risk, "Rules/scoring.yaml": scoring,
    "Rules/old.yaml": oldScoring,
  ]

  private static let net = """
    standard: GB/T 39786-2021
    layer: {code: net, zh: 网络, en: Network, group: tech, weight: "20"}
    units:
      - code: net.conf
        title: {zh: 机密性, en: Confidentiality}
        clauses: {"3": "8.2 c", "4": "9.2 c"}
        gbt43206: "6.2.3"
        weights: {"3": "1", "4": "1"}
        obligation: {"3": shall, "4": shall}
        objects: channel
        high-risk: "7.2"
        requirement: {zh: 须加密, en: Encrypt}
        assess:
          - probe: test.look
            used: [{fact: protected, is: true}]
            approved: [{fact: suites, within: approved.tls-suites}]
          - object: asset-store
            probe: test.store
            keys: [{fact: clear, at-most: 0}]
          - ask: {id: net.grade, letter: K, object: channel, method: document, zh: 级, en: Grade}
        remediation: {zh: 改, en: Change}
      - code: net.int
        title: {zh: 完整性, en: Integrity}
        clauses: {"3": "8.2 b", "4": "9.2 b"}
        gbt43206: "6.2.2"
        weights: {"3": "0.7", "4": "1"}
        obligation: {"3": should, "4": shall}
        objects: channel
        requirement: {zh: 须校验, en: Check}
        assess:
          - probe: test.look
            used: [{fact: protected, is: true}]
            approved: [{fact: suites, within: approved.tls-suites}]
          - ask: {id: net.grade}
        remediation: {zh: 改, en: Change}

    """

  private static let app = """
    standard: GB/T 39786-2021
    layer: {code: app, zh: 应用, en: Application, group: tech, weight: "30"}
    units:
      - code: app.tconf
        title: {zh: 传输机密性, en: Confidentiality of transmission}
        clauses: {"3": "8.4 d", "4": "9.4 d"}
        gbt43206: "6.4.4"
        weights: {"3": "1", "4": "1"}
        obligation: {"3": shall, "4": shall}
        objects: data
        requirement: {zh: 须加密, en: Encrypt}
        assess:
          - ask: {id: data.use, letter: D, object: data, method: tool-test, zh: 用, en: Used}
          - ask: {id: data.algorithm, letter: A, object: data, method: configuration, zh: 法, en: How}
          - ask: {id: data.keys, letter: K, object: data, method: document, zh: 钥, en: Keys}
        remediation: {zh: 改, en: Change}

    """

  private static let pol = """
    standard: GB/T 39786-2021
    layer: {code: pol, zh: 制度, en: Rules, group: mgmt, weight: "8"}
    units:
      - code: pol.system
        title: {zh: 制度, en: Rules}
        clauses: {"3": "8.5 a", "4": "9.5 a"}
        gbt43206: "7.1.1"
        weights: {"3": "1", "4": "1"}
        obligation: {"3": shall, "4": shall}
        objects: organisation
        requirement: {zh: 有制度, en: Have rules}
        assess:
          - ask: {id: pol.rules, object: organisation, method: document, zh: 看, en: Look}
        remediation: {zh: 改, en: Change}

    """

  private static let rows = """
    standard: GM/T 0077-2019
    level: 3
    dimension: {id: network, zh: 网络和通信安全, en: Network and communication security}
    units:
      - clause: "7.2.2.4"
        title: {zh: 路径, en: Path}
        requirements:
          - item: e
            obligation: shall
            text: read
            provenance: seed
            requirement: {zh: 须建立安全信道, en: Build a secure channel}
            feeds: [net.conf]
            assess: [{object: channel, probe: test.look, used: [{fact: protected, is: true}]}]
            remediation: {zh: 改, en: Change}
          - item: f
            obligation: unknown
            text: unread
            provenance: inferred-numbering

    """

  /// Completes the row that was not read.
  static let overlay = """
    overlay: {name: my-bank, zh: 本行, en: My bank}
    standard: GM/T 0077-2019
    level: 3
    dimension: {id: network, zh: 网络和通信安全, en: Network and communication security}
    units:
      - clause: "7.2.2.4"
        title: {zh: 路径, en: Path}
        requirements:
          - item: f
            obligation: shall
            text: read
            provenance: my-bank
            requirement: {zh: 本行所读, en: As my bank reads it}
            assess: [{object: channel, probe: test.look, used: [{fact: protected, is: true}]}]
            remediation: {zh: 改, en: Change}

    """

  private static let algorithms = """
    tables:
      tls-suites:
        - {id: E013, name: ECC_SM4_CBC_SM3, rating: approved, strength: 128}
        - {id: "002F", name: RSA_AES_CBC_SHA, rating: dated, strength: 80}

    """

  private static let risk = """
    edition: "2021"
    items:
      - code: "7.2"
        title: {zh: 机密性, en: Confidentiality}
        units: [net.conf]
        levels: [3, 4]
        problems: [{number: 2, zh: 明文, en: In clear}]
        mitigations: [{zh: 专线, en: A leased line}]
    signals:
      - {id: in-clear, code: "7.2", problem: 2, units: [net.conf], confidence: high, letter: D, zh: 明文, en: In clear}

    """

  private static let scoring = """
    edition: "2023"
    source: {zh: 试, en: For tests}
    total: groups
    groups: [{code: tech, share: "70", zh: 技, en: T}, {code: mgmt, share: "30", zh: 管, en: M}]
    strength-bands: [{min-bits: 112, ra: "1"}, {min-bits: 80, ra: "0.5"}, {min-bits: 0, ra: "0.2"}]
    module-grades: {"3": {grade: 1, rk: "1.2"}, "4": {grade: 2, rk: "1.5"}}
    management: {conforming: "1", partial: "0.5", non-conforming: "0"}
    compensation: {factor: "0.5", pairs: [[net.conf, app.tconf]]}
    threshold: {value: "60.00", zh: 试, en: For tests}

    """

  /// An edition without compensation.
  private static let oldScoring = """
    edition: "2021"
    source: {zh: 试, en: For tests}
    total: mean
    groups: [{code: tech, share: "70", zh: 技, en: T}, {code: mgmt, share: "30", zh: 管, en: M}]
    management: {conforming: "1", partial: "0.5", non-conforming: "0"}
    threshold: {value: "60.00", zh: 试, en: For tests}

    """
}
