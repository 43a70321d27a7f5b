import AssessmentModel
import FoundationEssentials
import Sealing
import Testing

@Suite("Sealing a run folder")
struct SealTests {
  /// A sealed run with two pieces of evidence and a result.
  static func sealed(in out: String, key: String? = nil) async throws -> String {
    let folder = try RunFolder.open(try await makeRun(in: out, inspections: 2), runID: "run-1")
    try await folder.write(name: "result.json", Array("{}\n".utf8))
    let pem = try key.map { try fixture($0) }
    let manifest = try await folder.seal(
      toolVersion: "0.1.0", catalogDigest: "cafe", signingKeyPEM: pem)
    #expect(manifest.files.count == 4)
    return folder.path
  }

  static func signer(_ name: String = "signer-public.pem") throws -> ManifestSignature.Signer {
    try ManifestSignature.Signer(pem: try fixture(name))
  }

  @Test("the manifest names every file, in order, and reads back as it was")
  func manifest() async throws {
    let out = try TemporaryFolder()
    let path = try await Self.sealed(in: out.path)
    let bytes = try bytes(of: path + "/manifest.json")
    let manifest = try Manifest(bytes, path: path)
    #expect(manifest.bytes == bytes)
    #expect(
      manifest.files.map(\.path) == [
        "evidence.jsonl", "evidence/0000-tls.endpoint-gw-0/1-seen.txt",
        "evidence/0001-tls.endpoint-gw-1/1-seen.txt", "result.json",
      ])
    #expect(manifest.runID == "run-1" && manifest.catalogDigest == "cafe")
    #expect(manifest.toolVersion == "0.1.0" && manifest.chainLength == 2)
    let check = try SealCheck(folder: path)
    #expect(check.manifest == manifest && check.signature == .none && check.faults == [])
  }

  @Test("the same run seals to the same bytes wherever it stands")
  func determinism() async throws {
    let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
    let one = try await Self.sealed(in: first.path)
    let two = try await Self.sealed(in: second.path)
    #expect(try bytes(of: one + "/manifest.json") == (try bytes(of: two + "/manifest.json")))
  }

  @Test("a file that is missing, changed or added after sealing is named")
  func files() async throws {
    let out = try TemporaryFolder()
    let path = try await Self.sealed(in: out.path)
    try put(Array("[]\n".utf8), at: path + "/result.json")
    try put([], at: path + "/added.txt")
    let gone = "evidence/0000-tls.endpoint-gw-0/1-seen.txt"
    try FileManager.default.removeItem(atPath: path + "/" + gone)
    let faults = try SealCheck(folder: path).faults
    #expect(
      faults == [
        .evidence(EvidenceFault(line: 1, file: gone, reason: .missing)),
        .file(.extra(path: "added.txt")), .file(.missing(path: gone)),
        .file(.changed(path: "result.json")),
      ])
    #expect(faults.allSatisfy { !$0.message.zh.isEmpty && !$0.message.en.isEmpty })
  }

  @Test("cutting the last line off the list is noticed by the chain head")
  func chainHead() async throws {
    let out = try TemporaryFolder()
    let path = try await Self.sealed(in: out.path)
    let list = path + "/evidence.jsonl"
    let whole = try bytes(of: list)
    let end = try #require(whole.dropLast().lastIndex(of: UInt8(ascii: "\n")))
    let first = Array(whole[...end])
    try put(first, at: list)
    let head = try EvidenceChain.verify(first).chain.head
    let stated = try Manifest(try bytes(of: path + "/manifest.json"), path: path).chainHead
    let faults = try SealCheck(folder: path).faults
    #expect(faults.contains(.chainHead(found: head, expected: stated)))
    #expect(faults.contains(.file(.changed(path: "evidence.jsonl"))))
    try put(Array(whole.dropLast()), at: list)
    #expect(
      try SealCheck(folder: path).faults.contains {
        if case .chain(let fault) = $0 { fault.line == 2 } else { false }
      })
  }

  @Test("a manifest that is absent, damaged or false does not verify")
  func manifestFaults() async throws {
    let out = try TemporaryFolder()
    let path = try await Self.sealed(in: out.path)
    let place = path + "/manifest.json"
    let whole = try bytes(of: place)
    try FileManager.default.removeItem(atPath: place)
    #expect(try SealCheck(folder: path).faults == [.noManifest])
    for damage in ["", "{}", "[]", "\u{0}", String(repeating: "[", count: 5000)] {
      try put(Array(damage.utf8), at: place)
      let faults = try SealCheck(folder: path).faults
      guard case .unreadable(.manifest) = faults.first else {
        Issue.record("an unreadable manifest is expected, not \(faults)")
        continue
      }
    }
    let text = String(decoding: whole, as: UTF8.self)
    let other = text.replacing("result.json", with: "../../etc/passwd")
    try put(Array(other.utf8), at: place)
    #expect(
      try SealCheck(folder: path).faults == [
        .file(.missing(path: "../../etc/passwd")), .file(.extra(path: "result.json")),
      ])
  }

  @Test("a link in the folder is neither sealed nor followed")
  func links() async throws {
    let out = try TemporaryFolder()
    let path = try await Self.sealed(in: out.path)
    let link = path + "/report.html"
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: "/etc/hostname")
    #expect(
      try SealCheck(folder: path).faults == [.unreadable(.foreignEntry(path: link))])
    let folder = try RunFolder.open(path, runID: "run-1")
    await #expect(throws: SealingError.foreignEntry(path: link)) {
      try await folder.seal(toolVersion: "1", catalogDigest: "c")
    }
  }

  @Test("evidence altered while the run was going on is not sealed")
  func alteredBeforeSealing() async throws {
    let out = try TemporaryFolder()
    let folder = try RunFolder.create(in: out.path, runID: "r")
    _ = try await folder.keep([piece("a", "b")], plan: 0, probe: "p", object: "o", at: noon)
    let list = folder.path + "/evidence.jsonl"
    let whole = try bytes(of: list)
    try put([], at: list)
    await #expect(throws: SealingError.self) {
      try await folder.seal(toolVersion: "1", catalogDigest: "c")
    }
    try put(whole, at: list)
    try put([0], at: folder.path + "/evidence/0000-p-o/1-a")
    let error = await #expect(throws: SealingError.self) {
      try await folder.seal(toolVersion: "1", catalogDigest: "c")
    }
    #expect(error?.isIntegrity == true)
    #expect(!exists(folder.path + "/manifest.json"))
  }

  @Test("going on with a sealed run takes the seal off first")
  func goingOn() async throws {
    let out = try TemporaryFolder()
    let path = try await Self.sealed(in: out.path, key: "signer-key.pem")
    let folder = try RunFolder.open(path, runID: "run-1")
    #expect(exists(path + "/manifest.sig"))
    _ = try await folder.keep([piece("a", "b")], plan: 2, probe: "p", object: "o", at: noon)
    #expect(!exists(path + "/manifest.json") && !exists(path + "/manifest.sig"))
    _ = try await folder.seal(toolVersion: "0.1.0", catalogDigest: "cafe")
    #expect(try SealCheck(folder: path).faults == [])
  }

  @Test("a signed manifest verifies with the signer's key or certificate and with no other")
  func signature() async throws {
    let out = try TemporaryFolder()
    let path = try await Self.sealed(in: out.path, key: "signer-key.pem")
    #expect(try SealCheck(folder: path).signature == .unchecked)
    for name in ["signer-public.pem", "signer-certificate.pem"] {
      let check = try SealCheck(folder: path, signer: try Self.signer(name))
      #expect(check.signature == .valid && check.faults == [])
    }
    let other = try SealCheck(folder: path, signer: try Self.signer("other-public.pem"))
    #expect(other.signature == .invalid && other.faults == [.signature])
    var stranger = try Self.signer()
    stranger.identity = "someone else"
    #expect(try SealCheck(folder: path, signer: stranger).faults == [.signature])
  }

  @Test("a signature does not hold for an altered manifest, nor an altered signature for it")
  func alteredSignature() async throws {
    let out = try TemporaryFolder()
    let path = try await Self.sealed(in: out.path, key: "signer-key.pem")
    let signer = try Self.signer()
    let manifest = try bytes(of: path + "/manifest.json")
    let signature = try bytes(of: path + "/manifest.sig")
    #expect(try ManifestSignature.verify(signature, of: manifest, by: signer))
    for index in stride(from: 0, to: manifest.count, by: 37) {
      var altered = manifest
      altered[index] ^= 1
      #expect(try !ManifestSignature.verify(signature, of: altered, by: signer))
    }
    for index in signature.indices {
      var altered = signature
      altered[index] ^= 1
      #expect(try !ManifestSignature.verify(altered, of: manifest, by: signer))
    }
    for altered in [[], Array(signature.dropLast()), signature + [0], [0x30, 0x80]] {
      #expect(try !ManifestSignature.verify(altered, of: manifest, by: signer))
    }
    try FileManager.default.removeItem(atPath: path + "/manifest.sig")
    #expect(try SealCheck(folder: path, signer: signer).faults == [.unsigned])
  }

  @Test("a key that is not SM2, or no key, seals nothing")
  func badKeys() async throws {
    let out = try TemporaryFolder()
    let folder = try RunFolder.create(in: out.path, runID: "r")
    for key in [try fixture("p256-key.pem"), try fixture("signer-public.pem"), [], [0, 1, 2]] {
      let error = await #expect(throws: SealingError.self) {
        try await folder.seal(toolVersion: "1", catalogDigest: "c", signingKeyPEM: key)
      }
      guard case .crypto = error else {
        Issue.record("a refused key is expected, not \(String(describing: error))")
        continue
      }
      #expect(!exists(folder.path + "/manifest.json"))
    }
    #expect(throws: SealingError.self) {
      try ManifestSignature.Signer(pem: try fixture("p256-key.pem"))
    }
  }

  @Test("a sealed run is signed later; one that does not verify is not")
  func laterSignature() async throws {
    let out = try TemporaryFolder()
    let path = try await Self.sealed(in: out.path)
    let key = try fixture("signer-key.pem")
    try Seal.sign(folder: path, keyPEM: key)
    #expect(try SealCheck(folder: path, signer: try Self.signer()).faults == [])
    try FileManager.default.removeItem(atPath: path + "/manifest.sig")
    try put([], at: path + "/result.json")
    let error = #expect(throws: SealingError.self) { try Seal.sign(folder: path, keyPEM: key) }
    #expect(error?.isIntegrity == true)
    #expect(!exists(path + "/manifest.sig"))
  }

  @Test("what an interrupted sealing left does not count against the seal")
  func interruptedSealing() async throws {
    let out = try TemporaryFolder()
    let path = try await Self.sealed(in: out.path)
    try put([1], at: path + "/manifest.sig.part")
    #expect(try SealCheck(folder: path).faults == [])
  }
}
