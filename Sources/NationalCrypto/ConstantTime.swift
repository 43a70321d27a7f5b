internal import COpenSSL

/// Whether two byte strings are equal; how long the answer takes depends on their lengths alone.
package func isEqualInConstantTime(_ first: [UInt8], _ second: [UInt8]) -> Bool {
  first.count == second.count && CRYPTO_memcmp(first, second, first.count) == 0
}
