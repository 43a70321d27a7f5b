/// Keys, accounts and files of one start of the PIN service, and the description that names them.
struct ServiceMaterial: Sendable {
  private(set) var keys: ServiceKeys
  private(set) var accounts: [ServiceAccounts.Account] = []
  /// Contents by name: what the description refers to.
  private(set) var files: [(name: String, text: String)] = []
  private(set) var secrets: [String] = []
  private let wide: PINService.WideAlgorithm
  private var texts: [String: String] = [:]
  private var weakTexts: [String: String] = [:]
  private static let table = "0123456789012345"

  init(faults: Set<PINServiceFault>, wide: PINService.WideAlgorithm) throws(DemoError) {
    keys = ServiceKeys(takesWeakKeys: faults.contains(.weakKeys))
    self.wide = wide
    let wideCipher: ServiceCipher.Algorithm = wide == .sm4 ? .sm4 : .aes
    for (name, algorithm) in [
      ("source", .tdea), ("destination", .tdea), ("source-extended", wideCipher),
      ("destination-extended", wideCipher),
    ] as [(String, ServiceCipher.Algorithm)] {
      let made = try keys.make(algorithm, .pin)
      keep(name, made.text, made.cipher)
    }
    let reference = try keys.make(.tdea, .pinVerification)
    keep("pvk", reference.text, reference.cipher)
    let half = Array(reference.cipher.key.prefix(8))
    weakTexts["single-des"] = try keys.text(of: half, .tdea)
    weakTexts["equal-halves"] = try keys.text(of: half + half, .tdea)
    weakTexts["zero"] = try keys.text(of: [UInt8](repeating: 0, count: 16), .tdea)
    weakTexts["wrong-parity"] = try keys.text(of: reference.cipher.key.map { $0 ^ 1 }, .tdea)
    for (number, pan) in ["6200005627553195", "6200001234560004"].enumerated() {
      try addAccount(number, pan, reference.cipher)
    }
  }

  private mutating func keep(_ name: String, _ text: String, _ cipher: ServiceCipher) {
    texts[name] = text
    let clear = Hexadecimal.text(cipher.key)
    files.append((name: "\(name).hex", text: clear + "\n"))
    secrets.append(clear)
  }

  private mutating func addAccount(
    _ number: Int, _ pan: String, _ reference: ServiceCipher
  ) throws(DemoError) {
    let digits = (0..<6).map { _ in UInt8.random(in: 0...9) }
    let pin = PINReference.text(digits)
    let pvv = try PINReference.pvv(pan: pan, index: "1", digits: digits, under: reference)
    let twelve = String(pan.dropLast().suffix(12))
    let natural = try PINReference.natural(
      validation: twelve, table: Self.table, under: reference)
    accounts.append(
      ServiceAccounts.Account(
        pan: pan, pin: pin, pvv: pvv,
        offset: PINReference.offset(pin: digits, natural: natural)))
    files.append((name: "pin-\(number).txt", text: pin + "\n"))
    secrets += [pan, pin]
  }

  func description(_ front: PINService.Front, port: Int, rate: Int) -> String {
    let scheme = front == .http ? "http" : "tcp"
    var text = """
      service: demo-pin
      production: false
      adapter: \(front == .http ? "http" : "payshield")
      at: \(scheme)://127.0.0.1:\(port)
      timeout-ms: 2000
      reconnect-wait-ms: 1000
      rate: \(rate)
      max-attempts: 10
      keys:

      """
    let algorithms = [
      ("source", "TDES-2K"), ("destination", "TDES-2K"), ("source-extended", wide.rawValue),
      ("destination-extended", wide.rawValue), ("pvk", "TDES-2K"),
    ]
    for (name, algorithm) in algorithms {
      text += "  \(name): {algorithm: \(algorithm), clear: \"file:\(name).hex\", "
      text += "device: \"\(texts[name] ?? "")\"}\n"
    }
    text += "formats: {\"01\": 0, \"05\": 1, \"34\": 2, \"47\": 3, \"48\": 4, "
    text += "\"02\": non-iso, \"03\": non-iso}\n"
    text += "decimalisation-table: \"\(Self.table)\"\nlogs: [service.log]\n"
    text += "captures: [wire.bin]\nweak-keys:\n"
    for (name, device) in weakTexts.sorted(by: { $0.key < $1.key }) {
      text += "  \(name): \"\(device)\"\n"
    }
    text += "accounts:\n"
    for (number, account) in accounts.enumerated() {
      text += "  - {pan: \"\(account.pan)\", pin: \"file:pin-\(number).txt\", "
      text += "pvv: \"\(account.pvv)\", offset: \"\(account.offset)\"}\n"
    }
    switch front {
    case .payshield, .domestic:
      text += "header: \(HostCommandFront.header)\n"
      text += "commands: {translate: \(front == .domestic ? "W8" : "CA"), verify: DC, "
      text += "verify-offset: DA, diagnose: NC, decrypt-data: M2, clear-pin: BA}\n"
    case .http: text += Self.httpCommands
    }
    return text
  }

  private static let httpCommands = #"""
    request:
      method: POST
      path: /pin/translate
      body: '{"id": "{call-id}", "block": "{block}", "pan": "{pan}", "pan2": "{pan2}",
        "source-format": "{source-format}", "destination-format": "{destination-format}",
        "source-key": "{source-key}", "destination-key": "{destination-key}"}'
    response: {code: /code, ok: ["00"], block: /block, call-id: /id}
    commands:
      verify:
        request: {path: /pin/verify, body: {id: "{call-id}", block: "{block}", pan: "{pan}",
          source-format: "{source-format}", source-key: "{source-key}", pvk: "{pvk}", pvki: "{pvki}",
          pvv: "{pvv}"}}
        response: {code: /code, ok: ["00"], call-id: /id}
      verify-offset:
        request: {path: /pin/verify-offset, body: {id: "{call-id}", block: "{block}", pan: "{pan}",
          source-format: "{source-format}", source-key: "{source-key}", pvk: "{pvk}", table: "{table}",
          validation: "{validation}", offset: "{offset}"}}
        response: {code: /code, ok: ["00"], call-id: /id}
      decrypt-data:
        request: {path: /data/decrypt, body: {block: "{block}", source-key: "{source-key}"}}
        response: {code: /code, ok: ["00"], block: /block}
      clear-pin:
        request: {path: /pin/clear, body: {pin: "{clear-pin}", pan: "{pan}"}}
        response: {code: /code, ok: ["00"]}
    transaction:
      request: {path: /transactions, body: {id: "{call-id}", block: "{block}", pan: "{pan}",
        source-format: "{source-format}", source-key: "{source-key}", amount: "{amount}",
        sequence: "{sequence}"}}
      response: {code: /code, ok: ["00"], call-id: /id}

    """#
}
