import AssessmentModel
import Bytes
import NationalCrypto

/// Keys an attacker would try first (弱密钥).
enum WeakKeys {
  /// Why a key is weak; nil when nothing speaks against it. Nothing of the key is in the answer.
  static func weakness(of key: [UInt8], words: [String]) -> String? {
    if key.count < 16 { return "shorter-than-16-bytes" }
    if let first = key.first, key.allSatisfy({ $0 == first }) { return "all-bytes-equal" }
    for (name, candidate) in candidates(words) where candidate == key { return name }
    return nil
  }

  /// The name of the first candidate under which a record's stored value is right.
  static func trial(
    _ samples: [ValueSample], digest: ProtectionDigest, words: [String]
  ) -> String? {
    for (name, candidate) in candidates(words) {
      guard let hash = try? RecordHash(digest, key: candidate) else { continue }
      for sample in samples where sample.value.count >= 4 {
        guard (try? hash.compute(sample.message)) != nil else { continue }
        if hash.result.prefix(sample.value.count).elementsEqual(sample.value) { return name }
      }
    }
    return nil
  }

  private static func candidates(_ words: [String]) -> [(name: String, key: [UInt8])] {
    var candidates: [(name: String, key: [UInt8])] = [
      ("empty", []), ("zeros-16", [UInt8](repeating: 0, count: 16)),
      ("zeros-32", [UInt8](repeating: 0, count: 32)),
      ("ones-16", [UInt8](repeating: 0x11, count: 16)),
    ]
    for text in ["0123456789abcdef", "1234567812345678"] {
      candidates.append(("sample-\(text)", Array(text.utf8)))
      candidates.append(("sample-\(text)-hex", bytes(fromHexadecimal: text) ?? []))
    }
    for word in words {
      let text = Array(word.utf8)
      candidates.append(("word-of-the-model", text))
      for algorithm in [DigestAlgorithm.sm3, .sha256, .md5] {
        guard let digest = try? digest(text, algorithm) else { continue }
        candidates.append(("\(algorithm.rawValue)-of-a-word-of-the-model", digest))
      }
    }
    return candidates
  }
}
