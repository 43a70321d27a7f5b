import NationalCrypto
import Testing

@testable import TLSProbe

@Suite("Protected TLCP records")
struct TLCPProtectionTests {
  private static let iv = [UInt8](0..<16)
  private static let cbc = TLCPKeys.Side(
    mac: [UInt8](repeating: 1, count: 32), key: [UInt8](repeating: 2, count: 16),
    iv: [UInt8](repeating: 0, count: 16))
  private static let gcm = TLCPKeys.Side(
    mac: [], key: [UInt8](repeating: 2, count: 16), iv: [1, 2, 3, 4])

  private static func side(_ mode: TLCPMode) -> TLCPKeys.Side { mode == .cbc ? cbc : gcm }

  private func record(_ fragment: [UInt8], _ type: Record.ContentType = .handshake) -> Record {
    Record(type: type, version: .tlcp, fragment: fragment, place: 0)
  }

  @Test("what is sealed opens, at every length", arguments: [TLCPMode.cbc, .gcm])
  func lengths(mode: TLCPMode) throws {
    var sender = try TLCPProtection(mode, Self.side(mode))
    var receiver = try TLCPProtection(mode, Self.side(mode))
    for length in Array(0...130) + [1000, 16_384] {
      let content = [UInt8](repeating: 5, count: length)
      let sealed = try sender.seal(content, .applicationData, iv: Self.iv)
      #expect(try receiver.open(record(sealed, .applicationData)) == content)
    }
  }

  @Test(
    "any flipped bit, a cut, another type and a repetition are noticed",
    arguments: [TLCPMode.cbc, .gcm])
  func changes(mode: TLCPMode) throws {
    var sender = try TLCPProtection(mode, Self.side(mode))
    let sealed = try sender.seal(Array("twenty bytes of text".utf8), .handshake, iv: Self.iv)
    func opened(_ fragment: [UInt8], _ type: Record.ContentType = .handshake) throws -> [UInt8]? {
      var receiver = try TLCPProtection(mode, Self.side(mode))
      return try receiver.open(record(fragment, type))
    }
    #expect(try opened(sealed) != nil)
    for index in sealed.indices {
      for bit in 0..<8 as Range<UInt8> {
        var changed = sealed
        changed[index] ^= 1 << bit
        #expect(try opened(changed) == nil)
      }
      #expect(try opened(Array(sealed[..<index])) == nil)
    }
    #expect(try opened(sealed, .applicationData) == nil)
    var receiver = try TLCPProtection(mode, Self.side(mode))
    #expect(try receiver.open(record(sealed)) != nil)
    #expect(try receiver.open(record(sealed)) == nil)
  }

  @Test("faults made on purpose are faults")
  func damage() throws {
    for (mode, damage) in [
      (TLCPMode.cbc, TLCPProtection.Damage.mac), (.cbc, .padding), (.gcm, .mac),
    ] {
      var sender = try TLCPProtection(mode, Self.side(mode))
      var receiver = try TLCPProtection(mode, Self.side(mode))
      let sealed = try sender.seal([1, 2, 3], .handshake, iv: Self.iv, damage: damage)
      #expect(try receiver.open(record(sealed)) == nil)
    }
  }

  /// A CBC record with padding chosen here.
  private func sealed(_ content: [UInt8], padding: [UInt8]) throws -> [UInt8] {
    var mac = try HMACSM3(key: Self.cbc.mac)
    let header: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 22, 1, 1, 0, UInt8(content.count)]
    let plain = content + (try mac.code(of: header + content)) + padding
    return Self.iv + (try SM4CBC.encrypt(plain, key: Self.cbc.key, iv: Self.iv))
  }

  @Test("padding may be a block or fifteen longer than needed, and every byte of it counts")
  func padding() throws {
    let content = [UInt8](repeating: 9, count: 16)
    for last in stride(from: 15, through: 255, by: 16) {
      let right = [UInt8](repeating: UInt8(last), count: last + 1)
      var receiver = try TLCPProtection(.cbc, Self.cbc)
      #expect(try receiver.open(record(try sealed(content, padding: right))) == content)
      for index in right.indices {
        var wrong = right
        wrong[index] ^= 0x40
        var receiver = try TLCPProtection(.cbc, Self.cbc)
        #expect(try receiver.open(record(try sealed(content, padding: wrong))) == nil)
      }
    }
    // Longer than the record itself.
    var receiver = try TLCPProtection(.cbc, Self.cbc)
    let long = [UInt8](repeating: 255, count: 16)
    #expect(try receiver.open(record(try sealed(content, padding: long))) == nil)
  }
}
