import AssessmentModel
import NationalCrypto
import Testing

@testable import TLSProbe

@Suite("Certificates by their chains and their profile")
struct CertificateFactsTests {
  struct Chain: Sendable, CustomTestStringConvertible {
    var names: [String]
    var anchors: [String] = []
    var state: ChainCheck.State
    var endsAtAnchor: Bool?
    var isAllSM2 = true
    var testDescription: String { names.joined(separator: ",") + "/" + anchors.joined() }
  }

  static let chains: [Chain] = [
    Chain(
      names: ["sm2-server-sign", "sm2-inter", "sm2-root"], state: .verified, endsAtAnchor: false),
    Chain(
      names: ["sm2-server-sign", "sm2-inter"], anchors: ["sm2-root"], state: .verified,
      endsAtAnchor: true),
    Chain(
      names: ["sm2-server-sign"], anchors: ["sm2-inter"], state: .verified, endsAtAnchor: true),
    Chain(
      names: ["sm2-server-sign", "sm2-inter", "sm2-root"], anchors: ["sm2-otherroot"],
      state: .verified, endsAtAnchor: false),
    // The order of the issuers does not matter, nor what does not belong.
    Chain(
      names: ["sm2-server-enc", "sm2-root", "sm2-otherroot", "sm2-inter"], state: .verified,
      endsAtAnchor: false),
    Chain(names: ["sm2-server-sign", "sm2-inter"], state: .incomplete),
    Chain(names: ["sm2-server-sign"], state: .incomplete),
    Chain(
      names: ["sm2-otherid-sign", "sm2-inter", "sm2-root"], state: .broken),
    Chain(names: ["sm2-selfsigned-sign"], state: .verified, endsAtAnchor: false),
    Chain(
      names: ["mixed-sm2-leaf-rsa-ca", "rsa-inter", "rsa-root"], state: .verified,
      endsAtAnchor: false, isAllSM2: false),
    Chain(
      names: ["rsa1024-sha1-server", "rsa-inter", "rsa-root"], state: .verified,
      endsAtAnchor: false, isAllSM2: false),
  ]

  @Test("a chain is followed to its end", arguments: chains)
  func chain(this: Chain) throws {
    let served = try this.names.map(TestPKI.certificate)
    let check = ChainCheck(
      served[0], served: served, anchors: try this.anchors.map(TestPKI.certificate))
    #expect(check.state == this.state)
    #expect(check.endsAtAnchor == this.endsAtAnchor)
    #expect(check.isAllSM2 == this.isAllSM2)
  }

  @Test("a loop of issuers ends")
  func loop() throws {
    let root = try TestPKI.certificate("sm2-root")
    let inter = try TestPKI.certificate("sm2-inter")
    let check = ChainCheck(inter, served: [inter, inter, root, root], anchors: [])
    #expect(check.state == .verified)
    #expect(check.path.count == 2)
  }

  struct Profile: Sendable, CustomTestStringConvertible {
    var names: [String]
    var deviations: [(Int, PairProfile.Deviation)]
    var testDescription: String { names.joined(separator: ",") }
  }

  static let profiles: [Profile] = [
    Profile(
      names: ["sm2-server-sign", "sm2-server-enc", "sm2-inter", "sm2-root"], deviations: []),
    Profile(
      names: ["sm2-server-enc", "sm2-server-sign", "sm2-inter"],
      deviations: [
        (0, .signingBitMissing), (0, .signingMayEncrypt), (1, .encryptionBitMissing),
        (1, .encryptionMaySign),
      ]),
    Profile(
      names: ["sm2-both", "sm2-server-enc", "sm2-inter"],
      deviations: [(0, .signingMayEncrypt), (1, .subjectsDiffer)]),
    Profile(names: ["sm2-noku", "sm2-inter"], deviations: [(0, .keyUsageMissing)]),
    Profile(
      names: ["sm2-server-sign", "sm2-otherca-enc"],
      deviations: [(1, .issuersDiffer)]),
    Profile(
      names: ["sm2-othername-sign", "sm2-server-enc"], deviations: [(1, .subjectsDiffer)]),
    Profile(
      names: ["sm2-both", "sm2-both"],
      deviations: [(0, .signingMayEncrypt), (1, .encryptionMaySign), (1, .sameKey)]),
    Profile(
      names: ["mixed-sm2-leaf-rsa-ca", "rsa-inter"],
      deviations: [(0, .signature), (1, .key), (1, .signature)]),
    Profile(
      names: ["sm2-inter", "sm2-server-enc"],
      deviations: [
        (0, .signingBitMissing), (0, .leafIsCA), (0, .nameMissing), (1, .subjectsDiffer),
        (1, .issuersDiffer),
      ]),
    Profile(
      names: ["sm2-server-sign", "sm2-server-enc", "sm2-client-sign"],
      deviations: [(2, .caBitMissing), (2, .notCA)]),
  ]

  @Test("a pair is held against GM/T 0015", arguments: profiles)
  func profile(this: Profile) throws {
    let found = PairProfile.findings(try this.names.map(TestPKI.certificate))
    #expect(
      Set(found)
        == Set(this.deviations.map { PairProfile.Finding(index: $0.0, deviation: $0.1) }))
  }

  @Test("anchors decide what the root is called")
  func root() throws {
    let recorded = try Recording.tlcp("ok-tongsuo-ecc-gcm").answer()
    func root(_ anchors: [Certificate]?) -> FactValue? {
      CertificateFacts(anchors: anchors).added(to: [:], of: [recorded])["tlcp.certificate.root"]
    }
    #expect(root(nil) == "no-anchors")
    #expect(root([]) == "unknown")
    #expect(root([try TestPKI.certificate("sm2-otherroot")]) == "unknown")
    #expect(root([try TestPKI.certificate("sm2-root")]) == "trusted")
    let facts = CertificateFacts(anchors: nil).added(to: [:], of: [recorded])
    #expect(facts["tlcp.certificate.chain"] == "verified")
    #expect(facts["tlcp.certificate.chain-all-sm2"] == true)
    #expect(facts["tlcp.certificate.ca-leaf"] == false)
    #expect(facts["tlcp.certificate.signature-digests"] == ["SM3"])
    #expect(facts["tlcp.certificate.key-algorithms"] == ["SM2"])
    #expect(facts["tlcp.certificate.profile-deviations"] == [])
    #expect(facts["tlcp.certificate.revocation-pointers"] == [])
  }
}
