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
