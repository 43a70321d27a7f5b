internal import COpenSSL

/// Names of object identifiers, asked of libcrypto.
package enum ObjectIdentifier {
  /// Dotted text of an OBJECT IDENTIFIER element; `nil` when its content is none.
  package static func dotted(_ element: DERElement) -> String? {
    withObject(element) { object in
      var text = [CChar](repeating: 0, count: 512)
      let length = OBJ_obj2txt(&text, Int32(text.count), object, 1)
      guard length > 0, Int(length) < text.count else { return nil }
      return String(decoding: text.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// libcrypto's long name of a dotted identifier, or the identifier itself when it knows none.
  package static func longName(_ dotted: String) -> String {
    let number = nid(dotted)
    guard number != NID_undef, let name = OBJ_nid2ln(number) else { return dotted }
    return String(cString: name)
  }

  /// libcrypto's number of a dotted identifier, `NID_undef` for one it does not know.
  static func nid(_ dotted: String) -> Int32 {
    defer { clearErrorQueue() }
    guard let object = OBJ_txt2obj(dotted, 1) else { return NID_undef }
    defer { ASN1_OBJECT_free(object) }
    return OBJ_obj2nid(object)
  }

  private static func withObject<Value>(
    _ element: DERElement, _ body: (OpaquePointer) -> Value?
  ) -> Value? {
    guard element.has(.objectIdentifier), (1...256).contains(element.content.count) else {
      return nil
    }
    defer { clearErrorQueue() }
    return element.encoded.withUnsafeBufferPointer { buffer in
      var next = buffer.baseAddress
      guard let object = d2i_ASN1_OBJECT(nil, &next, buffer.count) else { return nil }
      defer { ASN1_OBJECT_free(object) }
      return body(object)
    }
  }
}
