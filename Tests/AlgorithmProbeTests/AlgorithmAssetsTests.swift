import AlgorithmProbe
import AssessmentModel
import Foundation
import ProbeKit
import Testing

@Suite("The asset probe on files")
struct AlgorithmAssetsTests {
  @Test(
    "Every kind of asset is recognised by its content",
    arguments: [
      (
        "sm2-server-tlcp-chain.pem",
        [
          "L1 certificate SM2 256 SM2 SM3 >=112 >=112",
          "L14 certificate SM2 256 SM2 SM3 >=112 >=112",
          "L27 certificate SM2 256 SM2 SM3 >=112 >=112",
        ]
      ),
      ("rsa1024-sha1-server.cert.pem", ["L1 certificate RSA 1024 SHA-1 >=80 <80"]),
      ("p256-server.cert.pem", ["L1 certificate EC 256 P-256 SHA-256 >=112 >=112"]),
      ("md5.crt", ["L1 certificate RSA 2048 MD5 >=112 <80"]),
      (
        "bundle.txt",
        [
          "L2 certificate RSA 2048 SHA-256 >=112 >=112",
          "L24 certificate SM2 256 SM2 SM3 >=112 >=112",
          "L35 private-key RSA 2048 clear >=112",
        ]
      ),
      (
        "crlf.pem",
        [
          "L2 certificate RSA 2048 SHA-256 >=112 >=112",
          "L24 certificate SM2 256 SM2 SM3 >=112 >=112",
          "L35 private-key RSA 2048 clear >=112",
        ]
      ),
      ("nested/certificate.bin", ["@0 certificate RSA 2048 SHA-256 >=112 >=112"]),
      ("sm2.csr", ["L1 csr SM2 256 SM2 SM3 >=112 >=112"]),
      ("a.crl", ["L1 crl SHA-256 >=112"]),
      ("dh.pem", ["L1 parameters DH 1024 >=80"]),
      (
        "sm2.ecparam.pem",
        ["L1 parameters SM2 256 SM2 >=112", "L4 private-key SM2 256 SM2 clear >=112"]
      ),
      ("rsa.enc.p8", ["L1 private-key encrypted"]),
      ("sm2.enc.der", ["@0 private-key encrypted"]),
      ("rsa.legacy.pem", ["L1 private-key encrypted"]),
      ("sm2.sec1.pem", ["L1 private-key SM2 256 SM2 clear >=112"]),
      ("indented.yaml", ["L1 private-key SM2 256 SM2 clear >=112"]),
      ("sm2.p12", ["@0 container encrypted"]),
      (
        "empty.p12",
        [
          "@0 member-0 certificate RSA 2048 SHA-256 >=112 >=112",
          "@0 member-1 private-key RSA 2048 clear >=112",
        ]
      ),
      (
        "a.p7b",
        [
          "L1 member-0 certificate RSA 2048 SHA-256 >=112 >=112",
          "L1 member-1 certificate SM2 256 SM2 SM3 >=112 >=112",
        ]
      ),
      ("rsa.pkcs1.der", ["@0 private-key RSA 2048 clear >=112"]),
      ("rsa.pkcs1.pub.der", ["@0 public-key RSA 2048 >=112"]),
      ("sm2.pub.der", ["@0 public-key SM2 256 SM2 >=112"]),
      ("dsa.key", ["L1 private-key DSA 2048 clear >=112"]),
      ("ssh-encrypted", ["L1 private-key Ed25519 256 encrypted >=112"]),
      ("ssh.pub", ["L1 public-key Ed25519 256 >=112"]),
    ] as [(String, [String])])
  func kinds(name: String, expected: [String]) async throws {
    let observation = try await Fixture.inspect(Fixture.path("store"))
    #expect(observation.facts["assets"]?.lines(at: name) == expected)
  }

  @Test(
    "A password from the file opens what is encrypted, which stays encrypted",
    arguments: [
      ("rsa.enc.p8", ["L1 private-key RSA 2048 encrypted >=112"]),
      ("sm2.enc.der", ["@0 private-key SM2 256 SM2 encrypted >=112"]),
      ("rsa.legacy.pem", ["L1 private-key RSA 2048 encrypted >=112"]),
      (
        "sm2.p12",
        [
          "@0 member-0 certificate SM2 256 SM2 SM3 >=112 >=112",
          "@0 member-1 private-key SM2 256 SM2 encrypted >=112",
        ]
      ),
    ] as [(String, [String])])
  func passwords(name: String, expected: [String]) async throws {
    let observation = try await Fixture.inspect(
      Fixture.path("store"), passwords: Fixture.path("passwords.txt"))
    #expect(observation.unavailable == nil)
    #expect(observation.facts["assets"]?.lines(at: name) == expected)
    let shown = try #require(observation.evidence.first).bytes
    #expect(!String(decoding: shown, as: UTF8.self).contains("test-only-password"))
  }

  @Test("One asset has exactly the fields of the contract")
  func contract() async throws {
    let observation = try await Fixture.inspect(Fixture.path("store/sm2-expired-sign.cert.pem"))
    #expect(
      observation.facts["assets"] == [
        [
          "kind": "certificate", "algorithm": "SM2", "bits": 256, "curve": "SM2",
          "signature-digest": "SM3", "not-before": "2022-01-01T00:00:00Z",
          "not-after": "2023-01-01T00:00:00Z", "protection": .null, "strength": ">=112",
          "gm-approved": true, "signature-strength": ">=112", "signature-gm-approved": true,
          "sha256": "851056f72d3da8edcf73c1249735de3fa480f4f7b5741ecbd6efa752dab46622",
          "place": ["path": "sm2-expired-sign.cert.pem", "line": 1],
        ]
      ])
    #expect(observation.facts["assets.expired"] == 1)
    #expect(observation.facts["assets.inspected-at"] == "2026-12-01T00:00:00Z")
    #expect(observation.facts["assets.algorithms"] == ["SM2"])
    #expect(observation.facts["assets.signature-digests"] == ["SM3"])
    #expect(observation.facts["assets.private-keys-in-clear"] == 0)
    let key = try await Fixture.inspect(Fixture.path("store/rsa.enc.p8")).facts["assets"]?.list?[0]
    for name in ["algorithm", "bits", "curve", "strength", "gm-approved", "signature-digest"] {
      #expect(key?[name] == .null, "\(name)")
    }
    #expect(key?["sha256"] == "70d417e206335210c71c76beb93549cbf52be1b6592047085a1d45f21458cc00")
    #expect(key?["signature-strength"] == nil)
  }

  @Test("Decoys are no assets; broken blocks are problems with their place")
  func decoys() async throws {
    let observation = try await Fixture.inspect(Fixture.path("decoys"))
    #expect(observation.unavailable == nil)
    #expect(observation.facts["assets"] == [])
    let problems = observation.facts["assets.problems"]?.list ?? []
    #expect(
      problems.compactMap { $0["place"]?["path"]?.text } == [
        "decoy-b64.pem", "decoy-rand.pem", "decoy-short.pem", "decoy-trunc.pem",
      ])
    #expect(problems.allSatisfy { $0["place"]?["line"] == 1 })
  }

  @Test(
    "Every stated fact is declared, the evidence repeats them, and the same files give the same bytes"
  )
  func declared() async throws {
    let first = try await Fixture.inspect(Fixture.path("store"))
    let second = try await Fixture.inspect(Fixture.path("store"))
    #expect(first == second)
    #expect(Set(first.facts.keys) == Set(AlgorithmAssetsProbe.description.facts.keys))
    let evidence = try #require(first.evidence.first)
    #expect(first.evidence.count == 1 && evidence.strength == 2)
    #expect(evidence.bytes == Array(JSONText.pretty(.record(first.facts)).utf8))
    let secret = "MIIEv"  // how the base64 of every clear RSA key of these begins
    #expect(!String(decoding: evidence.bytes, as: UTF8.self).contains(secret))
  }

  @Test("Places are in order: path, then line or offset, then member")
  func order() async throws {
    let assets = try await Fixture.inspect(Fixture.path("store")).facts["assets"]?.list ?? []
    let places = assets.compactMap { $0["place"] }.map { place in
      (place["path"]?.text ?? "", place["line"]?.integer ?? place["offset"]?.integer ?? 0)
    }
    #expect(zip(places, places.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test("Unknown parameters and wrong values are refused")
  func parameters() {
    let refused: [[String: FactValue]] = [
      ["password": "x"], ["passwords": 1], ["passwords": ""], ["passwords": ["a"]],
    ]
    for parameters in refused {
      #expect(throws: ParameterError.self) { try AlgorithmAssetsProbe(parameters: parameters) }
    }
  }
}
