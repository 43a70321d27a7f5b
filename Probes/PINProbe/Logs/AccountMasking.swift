import AssessmentModel

/// Text of the bank's, such as a file name or an id, made safe to show: account numbers in it are masked
/// (主账号掩码), and nothing in it acts on a reader's terminal.
func maskingAccounts(_ text: String) -> String {
  var shown: [UInt8] = []
  var digits: [UInt8] = []
  func flush() {
    if digits.count >= 13, let pan = PAN(digits: digits), pan.hasValidCheckDigit,
      let first = digits.first, first >= UInt8(ascii: "2")
    {
      shown += Array(pan.masked.utf8)
    } else {
      shown += digits
    }
    digits.removeAll()
  }
  for byte in text.utf8 {
    if isDigit(byte) {
      digits.append(byte)
    } else {
      flush()
      shown.append(byte)
    }
  }
  flush()
  return ActiveScalar.inert(String(decoding: shown, as: UTF8.self), limit: 1000)
}
