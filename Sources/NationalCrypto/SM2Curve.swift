internal import COpenSSL

/// Arithmetic on the SM2 curve (GB/T 32918.5), which libcrypto 3.0 offers no key agreement for.
///
/// Points go in and out as 65 bytes `04 X Y`, scalars as 32 bytes. One value serves one computation.
struct SM2Curve: ~Copyable {
  static let pointLength = 65

  private let group: OpaquePointer
  private let context: OpaquePointer
  let operation: String

  init(_ operation: String) throws(CryptoError) {
    clearErrorQueue()
    guard let group = EC_GROUP_new_by_curve_name(NID_sm2) else {
      throw CryptoError.drained(operation)
    }
    guard let context = BN_CTX_secure_new() else {
      EC_GROUP_free(group)
      throw CryptoError.drained(operation)
    }
    self.group = group
    self.context = context
    self.operation = operation
  }

  deinit {
    BN_CTX_free(context)
    EC_GROUP_free(group)
  }

  /// A number; wiped when it goes.
  struct Number: ~Copyable {
    let pointer: OpaquePointer

    init(_ operation: String) throws(CryptoError) {
      guard let pointer = BN_secure_new() else { throw CryptoError.drained(operation) }
      self.pointer = pointer
    }

    init(_ bytes: [UInt8], _ operation: String) throws(CryptoError) {
      guard let pointer = BN_secure_new() else { throw CryptoError.drained(operation) }
      guard BN_bin2bn(bytes, Int32(clamping: bytes.count), pointer) != nil else {
        BN_clear_free(pointer)
        throw CryptoError.drained(operation)
      }
      self.pointer = pointer
    }

    deinit { BN_clear_free(pointer) }

    /// 32 bytes, the most significant first.
    func bytes(_ operation: String) throws(CryptoError) -> [UInt8] {
      var bytes = [UInt8](repeating: 0, count: 32)
      guard BN_bn2binpad(pointer, &bytes, Int32(bytes.count)) == 32 else {
        throw CryptoError.drained(operation)
      }
      return bytes
    }
  }

  /// A point on the curve.
  struct Point: ~Copyable {
    let pointer: OpaquePointer

    deinit { EC_POINT_clear_free(pointer) }
  }

  private func emptyPoint() throws(CryptoError) -> Point {
    guard let pointer = EC_POINT_new(group) else { throw CryptoError.drained(operation) }
    return Point(pointer: pointer)
  }

  /// Reads `04 X Y`; refuses anything that is no point of the curve.
  func point(_ bytes: [UInt8]) throws(CryptoError) -> Point {
    guard bytes.count == Self.pointLength, bytes.first == 4 else {
      throw CryptoError(
        operation: operation,
        detail: "a point of \(bytes.count) bytes, 65 uncompressed ones expected")
    }
    let point = try emptyPoint()
    try require(
      EC_POINT_oct2point(group, point.pointer, bytes, bytes.count, context), operation)
    return point
  }

  func bytes(of point: borrowing Point) throws(CryptoError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.pointLength)
    let length = EC_POINT_point2oct(
      group, point.pointer, POINT_CONVERSION_UNCOMPRESSED, &bytes, bytes.count, context)
    // The point at infinity is a single byte.
    guard length == Self.pointLength else {
      throw CryptoError(operation: operation, detail: "the point at infinity")
    }
    return bytes
  }

  /// `scalar` times the base point.
  func base(times scalar: borrowing Number) throws(CryptoError) -> Point {
    let result = try emptyPoint()
    try require(
      EC_POINT_mul(group, result.pointer, scalar.pointer, nil, nil, context), operation)
    return result
  }

  func product(_ point: borrowing Point, _ scalar: borrowing Number) throws(CryptoError) -> Point {
    let result = try emptyPoint()
    try require(
      EC_POINT_mul(group, result.pointer, nil, point.pointer, scalar.pointer, context), operation)
    return result
  }

  func sum(_ first: borrowing Point, _ second: borrowing Point) throws(CryptoError) -> Point {
    let result = try emptyPoint()
    try require(
      EC_POINT_add(group, result.pointer, first.pointer, second.pointer, context), operation)
    return result
  }

  /// `summand + first * second`, modulo the order of the group.
  func combined(
    _ summand: borrowing Number, _ first: borrowing Number, _ second: borrowing Number
  ) throws(CryptoError) -> Number {
    guard let order = EC_GROUP_get0_order(group) else { throw CryptoError.drained(operation) }
    let product = try Number(operation)
    try require(
      BN_mod_mul(product.pointer, first.pointer, second.pointer, order, context), operation)
    let result = try Number(operation)
    try require(
      BN_mod_add(result.pointer, summand.pointer, product.pointer, order, context), operation)
    return result
  }

  /// A random scalar from 1 to one less than the order.
  func randomScalar() throws(CryptoError) -> Number {
    guard let order = EC_GROUP_get0_order(group) else { throw CryptoError.drained(operation) }
    let scalar = try Number(operation)
    repeat {
      try require(BN_priv_rand_range(scalar.pointer, order), operation)
    } while BN_is_zero(scalar.pointer) == 1
    return scalar
  }

  /// The curve's a, b and base point: 128 bytes, as they stand in Z (GB/T 32918.2 5.5).
  func parameters() throws(CryptoError) -> [UInt8] {
    let a = try Number(operation)
    let b = try Number(operation)
    let x = try Number(operation)
    let y = try Number(operation)
    try require(EC_GROUP_get_curve(group, nil, a.pointer, b.pointer, context), operation)
    try require(
      EC_POINT_get_affine_coordinates(
        group, EC_GROUP_get0_generator(group), x.pointer, y.pointer, context), operation)
    var bytes = try a.bytes(operation)
    bytes += try b.bytes(operation)
    bytes += try x.bytes(operation)
    bytes += try y.bytes(operation)
    return bytes
  }
}
