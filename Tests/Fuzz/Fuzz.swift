import Foundation

/// `miping-fuzz TARGET [OPTIONS OF LIBFUZZER]` looks for bytes that trap, hang or eat memory; ``FuzzTarget`` names the
/// targets. `miping-fuzz seeds FOLDER` writes what they begin with. Built and run by `make fuzz` only: with
/// `-sanitize=fuzzer`, and the variable MIPING_FUZZ for Package.swift.
@main
enum Fuzz {
  static func main() throws {
    var arguments = CommandLine.arguments
    guard arguments.count > 1 else { stop("usage: miping-fuzz TARGET [OPTION…]") }
    let name = arguments.remove(at: 1)
    if name == "seeds", arguments.count == 2 { return try Seeds.write(to: arguments[1]) }
    guard let target = FuzzTarget(rawValue: name) else {
      stop("no target \(name): " + FuzzTarget.allCases.map(\.rawValue).joined(separator: " "))
    }
    FuzzTarget.chosen = target
    var count = Int32(arguments.count)
    let copies = arguments.map { strdup($0) }
    let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
      capacity: copies.count + 1)
    for (place, copy) in (copies + [nil]).enumerated() { list[place] = copy }
    var start: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = list
    exit(
      runDriver(&count, &start) { data, size in
        FuzzTarget.chosen.take(Array(UnsafeBufferPointer(start: data, count: size)))
        return 0
      })
  }

  private static func stop(_ text: String) -> Never {
    FileHandle.standardError.write(Data((text + "\n").utf8))
    exit(2)
  }
}

/// Of libFuzzer: keeps calling back with bytes of its own making until it is done.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
