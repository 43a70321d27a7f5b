import AssessmentModel
import YAMLDocument

/// The part `tls` of a service's description: whom to trust, the name expected, the certificate to show.
struct TLSSection {
  private static let keys = ["trust", "server-name", "certificate", "key", "password"]

  let file: String
  let faults: Faults

  /// nil with a fault for what is not right, and without one where the place is spoken to in clear.
  func settings(_ reader: MappingReader, _ place: ServicePlace?) -> TLSSettings? {
    guard let place else { return nil }
    guard let node = reader.node("tls") else {
      if place.isSecure {
        faults.report(
          reader.node("at")?.place ?? reader.place,
          "\(place.scheme):// needs \"tls\" with \"trust\", the file of certificates to trust")
      }
      return nil
    }
    guard place.isSecure else {
      faults.report(node.place, "\"tls\" belongs to https://HOST:PORT and tls://HOST:PORT")
      return nil
    }
    guard let section = MappingReader(node, of: "tls", keys: Self.keys, faults: faults),
      let trust = section.required("trust").flatMap({ contents($0, "\"trust\" of tls") })
    else { return nil }
    let certificate = section.node("certificate").flatMap { contents($0, "\"certificate\" of tls") }
    let key = section.node("key").flatMap { secret($0, "\"key\" of tls") }
    let password = section.node("password").flatMap { secret($0, "\"password\" of tls") }
    if (section.node("certificate") == nil) != (section.node("key") == nil) {
      faults.report(node.place, "\"certificate\" and \"key\" of tls belong together")
    }
    guard faults.isEmpty else { return nil }
    let description = TLSSettings.Description(
      trust: trust, serverName: section.text("server-name") ?? place.host,
      certificate: certificate, key: key.map { Array($0.utf8) }, password: password)
    do throws(TLSSettings.Unusable) {
      return try TLSSettings(description)
    } catch {
      let key =
        switch error {
        case .setUp: "tls"
        case .trust: "trust"
        case .certificate: "certificate"
        case .key: "key"
        }
      faults.report(section.node(key)?.place ?? node.place, "in tls: \(error.words)")
      return nil
    }
  }

  /// The bytes of a file beside the description, with `file:` in front or without.
  private func contents(_ node: YAMLNode, _ what: String) -> [UInt8]? {
    guard let text = node.text(of: what, faults: faults) else { return nil }
    return resolved(text.hasPrefix("file:") ? text : "file:" + text, node, what)
      .map { Array($0.utf8) }
  }

  /// By reference, never by value.
  private func secret(_ node: YAMLNode, _ what: String) -> String? {
    guard let text = node.text(of: what, faults: faults) else { return nil }
    guard text.hasPrefix("env:") || text.hasPrefix("file:") else {
      faults.report(node.place, "\(what) must be a reference, env:NAME or file:PATH")
      return nil
    }
    return resolved(text, node, what)
  }

  private func resolved(_ text: String, _ node: YAMLNode, _ what: String) -> String? {
    do throws(SecretReference.Unreadable) {
      return try SecretReference.resolve(text, from: file)
    } catch {
      faults.report(node.place, "\(what) cannot be read: \(error.reason)")
      return nil
    }
  }
}
