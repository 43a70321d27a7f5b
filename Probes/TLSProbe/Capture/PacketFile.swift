import CPcap
import Glibc

/// One packet as it was captured.
struct CapturedPacket: Sendable, Hashable {
  /// The bytes kept, from the link layer's header on.
  var bytes: [UInt8]
  /// From 0.
  var number: Int
}

/// The packets of a pcap or pcapng file in their order; the file formats are libpcap's work.
struct PacketFile: ~Copyable {
  private let handle: OpaquePointer
  private var count = 0
  let linkType: LinkType

  /// - Parameter file: an open file at its start; closed with the packet file, and on failure.
  init(_ file: UnsafeMutablePointer<FILE>, path: String) throws(CaptureError) {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = pcap_fopen_offline(file, &message) else {
      fclose(file)
      throw .notACapture(path: path, reason: Self.text(message))
    }
    let number = pcap_datalink(handle)
    guard let linkType = LinkType(number) else {
      let name = pcap_datalink_val_to_name(number).map { String(cString: $0) } ?? "\(number)"
      pcap_close(handle)
      throw .unknownLinkType(path: path, name: name)
    }
    self.handle = handle
    self.linkType = linkType
  }

  deinit { pcap_close(handle) }

  /// The next packet, `nil` at the end of the file.
  mutating func next() throws(CaptureFault) -> CapturedPacket? {
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var data: UnsafePointer<UInt8>?
    switch pcap_next_ex(handle, &header, &data) {
    case 1:
      guard let header, let data else { return nil }
      let bytes = Array(UnsafeBufferPointer(start: data, count: Int(header.pointee.caplen)))
      defer { count += 1 }
      return CapturedPacket(bytes: bytes, number: count)
    case PCAP_ERROR_BREAK:
      return nil
    default:
      let reason = pcap_geterr(handle).map { String(cString: $0) } ?? "unknown error"
      let offset = pcap_file(handle).map { ftell($0) } ?? 0
      throw CaptureFault(packet: count, offset: max(0, offset), reason: reason)
    }
  }

  private static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
