/// What a word of a field's name may say (字段名词性).
struct NameRoles: OptionSet {
  let rawValue: UInt32

  /// The PIN itself.
  static let pin = NameRoles(rawValue: 1)
  /// The word pin, which a block may be named after; the other words also name what is derived from passwords.
  static let pinItself = NameRoles(rawValue: 1 << 1)
  /// May stand behind a word for the PIN without changing what the value is.
  static let tail = NameRoles(rawValue: 1 << 3)
  /// May stand behind the words for a block or a key, too.
  static let blockTail = NameRoles(rawValue: 1 << 4)
  /// Says only that there is a value; the name may stand in front of it, or be the value before.
  static let value = NameRoles(rawValue: 1 << 5)
  /// Joins name and value as an equals sign does.
  static let link = NameRoles(rawValue: 1 << 6)
  /// A word for a block, which is a PIN block behind the word pin.
  static let block = NameRoles(rawValue: 1 << 7)
  /// The words pin and block in one.
  static let pinBlock = NameRoles(rawValue: 1 << 8)
  static let cipher = NameRoles(rawValue: 1 << 9)
  static let key = NameRoles(rawValue: 1 << 10)
  static let clear = NameRoles(rawValue: 1 << 11)
  static let component = NameRoles(rawValue: 1 << 12)
  /// Between a block and the key it is enciphered under.
  static let under = NameRoles(rawValue: 1 << 13)
  /// Stands in front of the number of a data element.
  static let element = NameRoles(rawValue: 1 << 14)
  /// May stand between such a word and the number.
  static let identifier = NameRoles(rawValue: 1 << 18)
  /// 域, which may also stand behind the number.
  static let wideElement = NameRoles(rawValue: 1 << 19)
  /// 分量, of a key only.
  static let wideComponent = NameRoles(rawValue: 1 << 20)
  /// Names a number that is no account.
  static let otherNumber = NameRoles(rawValue: 1 << 15)
  /// In front of the word pin it says that a PIN follows, even with nothing but a space between.
  static let spoken = NameRoles(rawValue: 1 << 16)
  /// A full-width bracket or quotation mark.
  static let mark = NameRoles(rawValue: 1 << 17)
}

/// The words that names of fields are made of (字段名词表). Longer words are compared by their last eight letters.
enum NameVocabulary {
  static let words: [(String, NameRoles)] = [
    ("pin", [.pin, .pinItself]),
    (
      "pwd passwd mima userpin cardpin atmpin custpin newpin oldpin mpin tpin upin ipin epin clearpin plainpin "
        + "pincode dpin pinno pinnum pinval pinvalue pintext pinstr pinbuf pinclear pinplain txnpin userpwd cardpwd "
        + "tradepwd paypwd newpwd oldpwd transpwd txnpwd loginpwd querypwd jiaoyimima zhifumima "
        + "qukuanmima", .pin
    ),
    ("pindata", [.pin, .pinBlock]),
    (
      "value val code no num number digits text input entered new old str string char varchar buf buffer",
      .tail
    ),
    (
      "clear plain cleartext plaintext cleartxt mingwen decrypted decoded deciphered",
      [.tail, .clear]
    ),
    ("unwrapped", .clear),
    ("value val v data s n d optional some just field string int char varchar", .value),
    ("id index nr num number no name type", .identifier),
    ("is was equals are", [.tail, .link]),
    ("data block blk blok", .block), ("data", .tail), ("pinblock pinblk epb", .pinBlock),
    (
      "enc encrypted encr encode encoded enciphered cipher ciphered ciphertext cryptogram crypt",
      .cipher
    ),
    (
      "key zpk tpk zmk tmk pvk pek pik mak bdk lmk zak tak kek dek cvk ipek miyao keybytes", .key
    ),
    ("component comp part share", .component), ("under with by", .under),
    (
      "de f df field fld bit bits bm bmp bitmap p s yu elem element dataelement isofield iso msg message "
        + "fields get set unset getfield setfield isomsg", .element
    ),
    (
      "in out of the a b c hex hexadecimal binary bin bytes byte raw received recv sent src dst source dest "
        + "destination result translated output text string str buf value val data code personal "
        + "identification format fmt type len length size ll llvar lllvar ans an var is was iso value n no num "
        + "number base input new old fixed bitstring", .blockTail
    ),
    (
      "clear plain decrypted decoded deciphered customer cardholder entered user got received card the cleartext "
        + "plaintext text", .spoken
    ),
    (
      "order orderno orderid txn trace traceid seq seqno serial rrn ref refno stan phone mobile tel batch "
        + "session request invoice", .otherNumber
    ),
  ]

  /// Words and marks of Chinese, in UTF-8 and in GB 18030, longer ones first.
  static let chinese: [(utf8: String, gb: UInt64, roles: NameRoles)] = [
    ("人识别码", 0xC8CB_CAB6_B1F0_C2EB, .pin), ("人标识码", 0xC8CB_B1EA_CAB6_C2EB, [.pin, .pinItself]),
    ("密码", 0xC3DC_C2EB, .pin),
    ("明文", 0xC3F7_CEC4, [.clear, .tail]), ("解密", 0xBDE2_C3DC, [.clear, .tail]),
    ("密文", 0xC3DC_CEC4, .cipher), ("加密", 0xBCD3_C3DC, .cipher), ("密钥", 0xC3DC_D4BF, .key),
    ("分量", 0xB7D6_C1BF, [.component, .wideComponent]), ("数据", 0xCAFD_BEDD, [.block, .blockTail]),
    ("内容", 0xC4DA_C8DD, [.tail, .blockTail]), ("字段", 0xD7D6_B6CE, [.element, .wideElement]),
    ("域", 0xD3F2, [.element, .wideElement, .blockTail]), ("号", 0xBAC5, .blockTail),
    ("块", 0xBFE9, .block),
    ("值", 0xD6B5, [.tail, .blockTail]), ("码", 0xC2EB, .tail), ("后", 0xBAF3, [.tail, .blockTail]),
    ("的", 0xB5C4, [.tail, .blockTail]), ("为", 0xCEAA, [.link, .tail, .blockTail]),
    ("是", 0xCAC7, [.link, .tail, .blockTail]), ("：", 0xA3BA, [.mark, .link]),
    ("＝", 0xA3BD, [.mark, .link]), ("【", 0xA1BE, [.mark, .link]), ("】", 0xA1BF, .mark),
    ("「", 0xA1B8, [.mark, .link]), ("」", 0xA1B9, .mark), ("（", 0xA3A8, [.mark, .link]),
    ("）", 0xA3A9, .mark), ("“", 0xA1B0, [.mark, .link]), ("”", 0xA1B1, .mark),
    ("→", 0xA1FA, [.mark, .link]),
  ]

  /// A word or mark by its bytes.
  struct Ending {
    let bytes: [UInt8]
    let roles: NameRoles
    /// The last eight bytes, or all where there are fewer, and where they stand in the integer.
    let value: UInt64
    let mask: UInt64

    var count: Int { bytes.count }

    fileprivate init(_ bytes: [UInt8], _ roles: NameRoles) {
      self.bytes = bytes
      self.roles = roles
      value = bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
      mask = bytes.count >= 8 ? .max : 1 << UInt64(8 * bytes.count) - 1
    }
  }

  /// By the last byte.
  static let endings: [[Ending]] = {
    var endings = [[Ending]](repeating: [], count: 256)
    for word in chinese {
      let gb = PINProbe.bytes(of: word.gb).drop { $0 == 0 }
      for bytes in [Array(word.utf8.utf8), Array(gb)] {
        if let last = bytes.last { endings[Int(last)].append(Ending(bytes, word.roles)) }
      }
    }
    return endings
  }()

  /// By the last two letters, five bits each: whether a word that may stand between a PIN and its name ends so.
  static let digitEndings: [Bool] = {
    var endings = [Bool](repeating: false, count: 1 << 10)
    let roles: NameRoles = [.pin, .tail, .value, .mark]
    for (names, role) in words where !role.isDisjoint(with: roles) {
      for name in names.split(separator: " ") {
        let letters = Array(name.utf8)
        guard let last = letters.last else { continue }
        // A word of one letter may stand behind anything.
        let before = letters.dropLast().last.map { [$0] } ?? Array(0x60...0x7F)
        for letter in before { endings[ending(letter, last)] = true }
      }
    }
    return endings
  }()

  @inline(__always)
  static func ending(_ first: UInt8, _ second: UInt8) -> Int {
    Int(first & 31) << 5 | Int(second & 31)
  }
}
