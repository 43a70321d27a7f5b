import Bytes
import Foundation
import Synchronization
import TestSupport

@testable import TLSProbe

/// A TLS server that selects by a table, on `LoopbackListener`: its flights have no certificate and no
/// valid signature, but everything an inventory is made from.
struct ScriptedServer: Sendable {
  struct Version: Sendable {
    /// In the order of the server's preference.
    var suites: [UInt16] = []
    var groups: [UInt16] = []
    var schemes: [UInt16] = []
  }

  /// What it does instead of answering.
  enum Fault: Sendable {
    case close, reset, silence
    /// A suite that was not offered.
    case unoffered
  }

  var versions: [ProtocolVersion: Version]
  var followsClient = false
  /// Refuses by closing instead of by an alert.
  var refusesByClosing = false
  /// Answers SSL 2.0 with these kinds; nil: with an alert.
  var ssl2Ciphers: [UInt32]?
  /// Closes on hello messages of these lengths.
  var droppedLengths: ClosedRange<Int>?
  /// Closes on hellos with more suites.
  var mostSuites = Int.max
  /// What happens to the connection of that number, counted from 0.
  var fault: @Sendable (Int) -> Fault? = { _ in nil }

  /// A hello as far as the selection needs it.
  struct Hello {
    var version: ProtocolVersion
    var sessionID: [UInt8] = []
    var suites: [UInt16] = []
    var groups: [UInt16] = []
    var schemes: [UInt16] = []

    init(_ bytes: [UInt8]) throws(ByteError) {
      var reader = ByteReader(bytes)
      _ = try reader.take(9)
      version = ProtocolVersion(rawValue: try reader.uint16())
      _ = try reader.take(32)
      var session = try reader.vector(1)
      sessionID = session.rest()
      var list = try reader.vector(2)
      while !list.isAtEnd { suites.append(try list.uint16()) }
      _ = try reader.vector(1)
      guard !reader.isAtEnd else { return }
      var extensions = try reader.vector(2)
      while !extensions.isAtEnd {
        let number = try extensions.uint16()
        var body = try extensions.vector(2)
        switch number {
        case ExtensionNumber.supportedGroups, ExtensionNumber.signatureAlgorithms:
          var codes = try body.vector(2)
          while !codes.isAtEnd {
            let code = try codes.uint16()
            if number == ExtensionNumber.supportedGroups {
              groups.append(code)
            } else {
              schemes.append(code)
            }
          }
        case ExtensionNumber.supportedVersions: version = .tls13
        default: break
        }
      }
    }
  }

  /// Starts listening; `count` holds the number of connections.
  func listen(port: UInt16 = 0) throws -> LoopbackListener {
    let count = Mutex(0)
    return try LoopbackListener(port: port) { peer in
      let number = count.withLock { count in
        defer { count += 1 }
        return count
      }
      let bytes = peer.read()
      if bytes.first != 0x16 {
        peer.write(ssl2Ciphers.map(ssl2Hello) ?? [0x15, 3, 1, 0, 2, 2, 70])
        peer.waitForEnd()
        return
      }
      if droppedLengths?.contains(bytes.count - 5) == true { return }
      guard let hello = try? Hello(bytes) else { return }
      let fault = fault(number)
      switch fault {
      case .close: return
      case .reset:
        peer.resetOnClose()
        return
      case .silence: peer.waitForEnd()
      case .unoffered, nil:
        guard hello.suites.count <= mostSuites else { return }
        if let flight = answer(hello, isUnoffered: fault != nil) {
          peer.write(flight)
          peer.waitForEnd()
        } else if !refusesByClosing {
          peer.write([0x15, 3, 3, 0, 2, 2, versions[hello.version] == nil ? 70 : 40])
          peer.waitForEnd()
        }
      }
    }
  }

  private func ssl2Hello(_ ciphers: [UInt32]) -> [UInt8] {
    var body = ByteWriter()
    body.append([4, 0, 1, 0, 2, 0, 3])
    body.uint16(UInt16(ciphers.count * 3))
    body.append([0, 16, 0x30, 1, 0])
    for cipher in ciphers {
      body.uint8(UInt8(truncatingIfNeeded: cipher >> 16))
      body.uint16(UInt16(truncatingIfNeeded: cipher))
    }
    body.append([UInt8](repeating: 5, count: 16))
    var message = ByteWriter()
    message.uint16(0x8000 | UInt16(body.bytes.count))
    message.append(body.bytes)
    return message.bytes
  }

  private func select(_ own: [UInt16], _ offered: [UInt16]) -> UInt16? {
    followsClient ? offered.first { own.contains($0) } : own.first { offered.contains($0) }
  }

  /// The flight; `nil` is a refusal.
  private func answer(_ hello: Hello, isUnoffered: Bool) -> [UInt8]? {
    guard let version = versions[hello.version] else { return nil }
    let group = select(version.groups, hello.groups)
    let scheme = select(version.schemes, hello.schemes)
    let usable = version.suites.filter { code in
      guard let parts = CipherSuite(code).parts else { return false }
      let isTLS12 = hello.version == .tls12
      switch parts.keyExchange {
      case .any: return group != nil
      case .ecdhe: return group != nil && (!isTLS12 || scheme != nil)
      case .dhe: return !isTLS12 || scheme != nil
      default: return true
      }
    }
    guard let chosen = select(usable, hello.suites) else { return nil }
    let suite = isUnoffered ? 0x0A0A : chosen
    var message = ByteWriter()
    message.uint16(min(hello.version.rawValue, 0x0303))
    message.append(
      hello.version == .tls13 ? ServerHello.retryRandom : [UInt8](repeating: 7, count: 32))
    message.vector(1) { $0.append(hello.version == .tls13 ? hello.sessionID : []) }
    message.uint16(suite)
    message.uint8(0)
    if hello.version == .tls13, let group {
      message.vector(2) { list in
        list.uint16(ExtensionNumber.supportedVersions)
        list.vector(2) { $0.uint16(0x0304) }
        list.uint16(ExtensionNumber.keyShare)
        list.vector(2) { $0.uint16(group) }
      }
      return record(handshake(2, message.bytes))
    }
    var flight = handshake(2, message.bytes)
    if let exchange = keyExchange(chosen, group, hello.version == .tls12 ? scheme : nil) {
      flight += handshake(12, exchange)
    }
    return record(flight + handshake(14, []))
  }

  private func keyExchange(_ suite: UInt16, _ group: UInt16?, _ scheme: UInt16?) -> [UInt8]? {
    var body = ByteWriter()
    switch CipherSuite(suite).parts?.keyExchange {
    case .ecdhe:
      body.uint8(3)
      body.uint16(group ?? 0)
      body.vector(1) { $0.append([4, 1, 2]) }
    case .dhe: for _ in 0..<3 { body.vector(2) { $0.append([0x80, 1]) } }
    default: return nil
    }
    if let scheme { body.uint16(scheme) }
    body.vector(2) { $0.append([1, 2, 3]) }
    return body.bytes
  }

  private func handshake(_ kind: UInt8, _ body: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.uint8(kind)
    writer.vector(3) { $0.append(body) }
    return writer.bytes
  }

  private func record(_ fragment: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.append([0x16, 3, 3])
    writer.vector(2) { $0.append(fragment) }
    return writer.bytes
  }
}
