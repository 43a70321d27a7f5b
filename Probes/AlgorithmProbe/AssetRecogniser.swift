import Bytes
import NationalCrypto

/// Recognises the assets in the contents of one file, by content and never by name.
package struct AssetRecogniser: Sendable {
  /// Tried in turn on what is encrypted.
  private var passwords: [[UInt8]]
  /// Asked between steps; when it says so, the rest is left.
  private let isTimeUp: @Sendable () -> Bool

  package init(
    passwords: [[UInt8]] = [], isTimeUp: @escaping @Sendable () -> Bool = { false }
  ) {
    self.passwords = passwords
    self.isTimeUp = isTimeUp
  }

  /// Overwrites the passwords; nothing is opened from here on.
  package mutating func forgetPasswords() {
    for index in passwords.indices { wipe(&passwords[index]) }
    passwords.removeAll()
  }

  /// Adds to `findings` what `content`, the bytes of the file `path`, holds.
  package func recognise(
    _ content: [UInt8], path: String, into findings: inout AssetFindings
  ) {
    if readKeyStore(content, path: path, into: &findings) { return }
    if readDER(content, path: path, into: &findings) { return }
    var document = PEMDocument(content)
    defer { document.wipeBlocks() }
    for problem in document.problems {
      findings.problem(Asset.Place(path, line: problem.line), problem.message)
    }
    for block in document.blocks {
      if isTimeUp() { return }
      read(block, path: path, into: &findings)
    }
    readOpenSSHLines(content, path: path, into: &findings)
  }

  /// Java key stores: JKS and JCEKS say so in their first four bytes, a version 1 or 2 follows.
  private func readKeyStore(
    _ content: [UInt8], path: String, into findings: inout AssetFindings
  ) -> Bool {
    let isStore = [[0xFE, 0xED, 0xFE, 0xED], [0xCE, 0xCE, 0xCE, 0xCE]].contains { magic in
      content.starts(with: magic + [0, 0, 0, 1]) || content.starts(with: magic + [0, 0, 0, 2])
    }
    // Magic, version, number of entries, and the digest of 20 bytes at the end.
    guard isStore, content.count >= 32 else { return false }
    add(.container, content, protection: .encrypted, Asset.Place(path, offset: 0), &findings)
    return true
  }

  /// A file that is one DER value, or several one after the other.
  private func readDER(
    _ content: [UInt8], path: String, into findings: inout AssetFindings
  ) -> Bool {
    guard content.first == DERTag.sequence.rawValue else { return false }
    var reader = DERReader(content)
    var found = false
    while !reader.isAtEnd, !isTimeUp() {
      let place = Asset.Place(path, offset: reader.offset)
      guard let element = try? reader.next() else {
        if found { findings.problem(place, "bytes after the last DER value that are none") }
        break
      }
      let isAsset = read(element, place, into: &findings)
      guard isAsset || found else { break }
      found = true
    }
    return found
  }

  private func read(
    _ block: PEMDocument.Block, path: String, into findings: inout AssetFindings
  ) {
    let place = Asset.Place(path, line: block.line)
    if block.headers["Proc-Type"]?.hasSuffix("ENCRYPTED") == true {
      addLegacyKey(block, place, &findings)
      return
    }
    switch block.label {
    case "OPENSSH PRIVATE KEY":
      guard let (key, isEncrypted) = OpenSSHKeys.privateKey(block.der) else {
        findings.problem(place, "PEM block \(block.label): no key inside")
        return
      }
      add(
        .privateKey, block.der, key: key, protection: isEncrypted ? .encrypted : .clear, place,
        &findings)
    case "EC PARAMETERS", "SM2 PARAMETERS", "DH PARAMETERS", "X9.42 DH PARAMETERS",
      "DSA PARAMETERS":
      addParameters(block, place, &findings)
    default:
      var reader = DERReader(block.der)
      guard let element = try? reader.next() else {
        findings.problem(place, "PEM block \(block.label): no DER inside")
        return
      }
      // OpenSSL's trusted certificates have settings of its own behind the certificate.
      guard reader.isAtEnd || block.label == "TRUSTED CERTIFICATE" else {
        findings.problem(place, "PEM block \(block.label): bytes after the DER value")
        return
      }
      let count = findings.problems.count
      if !read(element, place, into: &findings), findings.problems.count == count {
        findings.problem(place, "PEM block \(block.label): nothing known inside")
      }
    }
  }

  /// Whether `element` is an asset, or would be if it were whole.
  private func read(
    _ element: DERElement, _ place: Asset.Place, into findings: inout AssetFindings
  ) -> Bool {
    switch DERAssets(place: place).recognise(element) {
    case .assets(let assets):
      for asset in assets { findings.add(asset) }
    case .encryptedKey:
      let der = Array(element.encoded)
      let key = firstOpened {
        ProtectedKey.describe(encryptedPrivateKeyInfo: der, password: $0)
      }
      add(.privateKey, der, key: key, protection: .encrypted, place, &findings)
    case .container:
      readContainer(Array(element.encoded), place, &findings)
    case .broken(let what, let reason):
      findings.problem(place, "a broken \(what): \(reason)")
      return false
    case .nothing:
      return false
    }
    return true
  }

  private func addLegacyKey(
    _ block: PEMDocument.Block, _ place: Asset.Place, _ findings: inout AssetFindings
  ) {
    guard block.label.hasSuffix("PRIVATE KEY"), let information = block.headers["DEK-Info"] else {
      findings.problem(place, "PEM block \(block.label): encrypted in no known way")
      return
    }
    let key = firstOpened {
      ProtectedKey.describe(legacy: block.der, information: information, password: $0)
    }
    add(.privateKey, block.der, key: key, protection: .encrypted, place, &findings)
  }

  private func addParameters(
    _ block: PEMDocument.Block, _ place: Asset.Place, _ findings: inout AssetFindings
  ) {
    var reader = DERReader(block.der)
    do throws(DERError) {
      let element = try reader.next()
      try reader.requireEnd()
      let key: KeyDescription
      switch block.label {
      case "DH PARAMETERS", "X9.42 DH PARAMETERS":
        key = try KeyDescription(domainParameters: element, of: "DH")
      case "DSA PARAMETERS": key = try KeyDescription(domainParameters: element, of: "DSA")
      default: key = try KeyDescription(curveParameters: element)
      }
      add(.parameters, block.der, key: key, place, &findings)
    } catch { findings.problem(place, "PEM block \(block.label): \(error)") }
  }

  /// A PKCS#12 container: its members when it opens, else itself. No password and the empty one need no
  /// secret, so what they open is in clear.
  private func readContainer(
    _ der: [UInt8], _ place: Asset.Place, _ findings: inout AssetFindings
  ) {
    let container = PKCS12Container(der: der)
    let withoutSecret = container.members(password: [])
    guard let members = withoutSecret ?? firstOpened({ container.members(password: $0) }),
      !members.isEmpty
    else {
      add(.container, der, protection: .encrypted, place, &findings)
      return
    }
    for (index, member) in members.enumerated() {
      var place = place
      place.member = index
      switch member {
      case .certificate(let der), .revocationList(let der):
        var reader = DERReader(der)
        guard let element = try? reader.next(), read(element, place, into: &findings) else {
          findings.problem(place, "a member of the container that cannot be read")
          continue
        }
      case .privateKey(let key, let isEncrypted, let sha256):
        let isProtected = isEncrypted && withoutSecret == nil
        findings.add(
          Asset(
            .privateKey, key: key, protection: isProtected ? .encrypted : .clear,
            sha256: sha256, place: place))
      case .secret(let sha256):
        findings.add(
          Asset(
            .secretKey, protection: withoutSecret == nil ? .encrypted : .clear, sha256: sha256,
            place: place))
      }
    }
  }

  private func readOpenSSHLines(
    _ content: [UInt8], path: String, into findings: inout AssetFindings
  ) {
    var start = 0
    var line = 0
    while start < content.count {
      if line.isMultiple(of: 4096), isTimeUp() { return }
      let end = content[start...].firstIndex(of: UInt8(ascii: "\n")) ?? content.count
      line += 1
      if let blob = OpenSSHKeys.blob(ofLine: PEMDocument.trimmed(content[start..<end])),
        let key = OpenSSHKeys.publicKey(blob)
      {
        add(.publicKey, blob, key: key, Asset.Place(path, line: line), &findings)
      }
      start = end + 1
    }
  }

  private func firstOpened<Value>(_ open: ([UInt8]) -> Value?) -> Value? {
    for password in passwords {
      if isTimeUp() { return nil }
      if let value = open(password) { return value }
    }
    return nil
  }

  private func add(
    _ kind: Asset.Kind, _ bytes: [UInt8], key: KeyDescription? = nil,
    protection: Asset.Protection? = nil, _ place: Asset.Place, _ findings: inout AssetFindings
  ) {
    do throws(CryptoError) {
      let sha256 = hexadecimal(try SHA256.digest(bytes))
      findings.add(
        Asset(kind, key: key, protection: protection, sha256: sha256, place: place))
    } catch { findings.unreadableAt(place, error.description) }
  }
}
