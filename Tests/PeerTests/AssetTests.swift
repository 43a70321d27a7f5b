import Foundation
import TestSupport
import Testing

@Suite("A folder of keys and certificates", .enabled(if: peersAreWanted), .timeLimit(.minutes(3)))
struct AssetTests {
  @Test("everything openssl made is listed with its algorithm, size and protection; decoys are not")
  func exact() async throws {
    let store = try await AssetStore()
    #expect(store.expected.count >= 40)
    let run = try await Miping.run(
      ["probe", "run", "algorithm.assets", "store", "-f", "json"], in: store.folder)
    #expect(run.code == 0, "\(run.errText)")
    let facts = try JSON(reading: run.out)["facts"]
    var stated: [String: [AssetStore.Expected]] = [:]
    for asset in facts["assets"].items {
      stated[asset["place"]["path"].string ?? "?", default: []].append(.init(stated: asset))
    }
    for file in Set(stated.keys).union(store.expected.keys).sorted() {
      #expect(stated[file]?.sorted() == store.expected[file]?.sorted(), "\(file)")
    }
    for (file, digest) in store.digests {
      let assets = facts["assets"].items.filter { $0["place"]["path"].string == file }
      #expect(assets.map { $0["sha256"].string } == [digest], "\(file)")
    }
    #expect(facts["assets.expired"] == 1)
    let clear = store.expected.values.joined().count { $0.protection == "clear" }
    #expect(facts["assets.private-keys-in-clear"] == .number(Double(clear)))
    #expect(
      facts["assets.signature-digests"].texts.sorted() == [
        "MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512", "SM3",
      ])
    let broken = Set(facts["assets.problems"].items.compactMap { $0["place"]["path"].string })
    #expect(broken.isSuperset(of: ["cut.pem", "words.pem"]))
    // Nothing of a key is stated but its algorithm, size, curve and digest.
    let secret = try store.folder.text("store/p256.key").split(separator: "\n").dropFirst().first
    #expect(!run.outText.contains(try #require(secret).prefix(40)))
    #expect(!run.outText.contains(AssetStore.password))
  }

  @Test("passwords open what is locked, and are not stated")
  func passwords() async throws {
    let store = try await AssetStore()
    try store.folder.write("wrong\n\(AssetStore.password)\n", to: "passwords.txt")
    let run = try await Miping.run(
      ["probe", "run", "algorithm.assets", "store", "-f", "json"]
        + ["--param", "passwords=passwords.txt"], in: store.folder)
    #expect(run.code == 0, "\(run.errText)")
    let assets = try JSON(reading: run.out)["facts"]["assets"].items
    for (file, algorithm) in [
      ("rsa2048-locked.key", "RSA"), ("sm2-locked.key", "SM2"), ("p256-locked.key", "EC"),
      ("dek-info.key", "RSA"),
    ] {
      let found = assets.filter { $0["place"]["path"].string == file }
      #expect(found.map { $0["algorithm"] } == [.text(algorithm)], "\(file)")
      #expect(found.map { $0["protection"] } == ["encrypted"], "\(file)")
    }
    let members = assets.filter { $0["place"]["path"] == "locked.p12" }.map { $0["kind"] }
    #expect(Set(members).isSuperset(of: ["certificate", "private-key"]))
    #expect(!run.outText.contains(AssetStore.password))
  }
}
