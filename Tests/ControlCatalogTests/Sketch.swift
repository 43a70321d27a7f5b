/// A small requirement file with every key of the form, in an order of its own and with comments.
enum Sketch {
  static let file = "sketch.yaml"

  static let text = """
    standard: GM/T 0077-2019
    level: 4
    dimension: {id: network, zh: 网络和通信安全, en: Network and communication security}
    units:
      - clause: 8.2.2.2
        title: {zh: 通信安全, en: Communication security}
        requirements:
          - item: f
            obligation: shall                      # shall | should | may | unknown
            text: read                             # read | unread
            provenance: seed
            requirement: {en: …own words…, zh: …own words…}
            property: confidentiality
            feeds: [net.conf]                      # units that ask the same
            bears-on: [A]                          # modifier
            gates: ["7.2", "5.2"]                  # high-risk items it can raise
            assess:
              - object: channel
                probe: tls.endpoint
                used:      [{fact: tls.protected, is: true}]
                approved:  [{fact: tls.accepted-suites, within: approved.tls-suites}]
                keys:      [{fact: tlcp.certificate.key-usages-separate, is: true}]
                class: 2                           # evidence strength 1 to 3
              - ask: {id: product-grade, letter: K, object: channel, method: document, zh: …, en: …}
            remediation: {en: …, zh: …}
          - item: g
            obligation: unknown
            text: unread
            provenance: inferred-numbering
          - item: h
            obligation: n/a
            text: read
            provenance: seed
            requirement: {en: See another standard., zh: 见其他标准。}

    """
}

/// The least that a requirement file needs beside it: a unit, two high-risk items, a table, scoring rules.
enum Small {
  static let files = [
    "net.yaml": net, "algorithms.yaml": algorithms, "risk.yaml": risk, "scoring.yaml": scoring,
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
        assess: [{probe: tls.endpoint, used: [{fact: tls.protected, is: true}]}]
        remediation: {zh: 改, en: Change}

    """

  private static let algorithms = """
    tables:
      tls-suites:
        - {id: E013, name: ECC_SM4_CBC_SM3, rating: approved, strength: 128}

    """

  private static let risk = """
    edition: "2021"
    items:
      - code: "5.2"
        title: {zh: 技术, en: Techniques}
        units: all
        levels: [3, 4]
        problems: [{number: 1, zh: 一, en: One}]
      - code: "7.2"
        title: {zh: 机密性, en: Confidentiality}
        units: [net.conf]
        levels: [3, 4]
        problems: [{number: 1, zh: 一, en: One}]

    """

  private static let scoring = """
    edition: "2023"
    source: {zh: 试, en: For tests}
    total: groups
    groups: [{code: tech, share: "70", zh: 技, en: T}, {code: mgmt, share: "30", zh: 管, en: M}]
    management: {conforming: "1", partial: "0.5", non-conforming: "0"}
    threshold: {value: "60", zh: 试, en: For tests}

    """
}
