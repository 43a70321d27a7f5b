package import NationalCrypto

/// Why no PIN came out of an enciphered block.
package enum PINBlockFailure: Error, Sendable, Hashable {
  /// The block is not what it was announced as.
  case defect(PINBlockDefect)
  /// The format binds a PAN and none was given.
  case panMissing
  /// The format cannot stand under this cipher: its blocks have another length.
  case cipherUnfit
  case crypto(CryptoError)
}

extension PINKeyCipher {
  /// The clear PIN field of a format 4 block: deciphered, XOR the PAN field, deciphered (10.4.2).
  package func openExtended(_ block: UInt128, pan: PAN) throws(CryptoError) -> UInt128 {
    try decipher(try decipher(block) ^ pan.panField)
  }

  /// A format 4 block: the PIN field enciphered, XOR the PAN field, enciphered. `a` and `b` are the
  /// values between the two, as secret as the PIN.
  package func sealExtended(
    _ field: UInt128, pan: PAN
  ) throws(CryptoError) -> (a: UInt128, b: UInt128, block: UInt128) {
    let a = try encipher(field)
    let b = a ^ pan.panField
    return (a, b, try encipher(b))
  }

  /// The PIN of an enciphered block.
  package func pin(
    ofEnciphered block: [UInt8], format: PINBlockFormat, pan: PAN?
  ) throws(PINBlockFailure) -> PIN {
    guard block.count == format.length else { throw .defect(.blockLength) }
    guard algorithm.blockLength == format.length else { throw .cipherUnfit }
    guard pan != nil || !format.bindsPAN else { throw .panMissing }
    if let pan, let wide = word(UInt128.self, of: block) {
      let field: UInt128
      do throws(CryptoError) { field = try openExtended(wide, pan: pan) } catch {
        throw .crypto(error)
      }
      do throws(PINBlockDefect) { return try ExtendedBlock.pin(ofField: field) } catch {
        throw .defect(error)
      }
    }
    guard let compact = word(UInt64.self, of: block) else { throw .defect(.blockLength) }
    let clear: UInt64
    do throws(CryptoError) { clear = try decipher(compact) } catch { throw .crypto(error) }
    do throws(PINBlockDefect) {
      return try CompactBlock.pin(ofClearBlock: clear, format: format, pan: pan)
    } catch { throw .defect(error) }
  }
}
