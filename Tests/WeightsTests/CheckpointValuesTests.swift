import Checkpoint
import TestSupport
import Testing
import Weights

struct CheckpointValuesTests {
  /// A safetensors file with one tensor of two elements: 1.5 and −2, in 16 bits.
  private func file(_ type: String, _ bytes: [UInt8]) throws -> (TemporaryFolder, Checkpoint) {
    let header = Array(
      "{\"t\":{\"dtype\":\"\(type)\",\"shape\":[2],\"data_offsets\":[0,\(bytes.count)]}}".utf8)
    let folder = try TemporaryFolder()
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return (folder, try Checkpoint(opening: folder.write("a.safetensors", length + header + bytes)))
  }

  @Test(
    arguments: [
      ("F16", [0x00, 0x3e, 0x00, 0xc0]), ("BF16", [0xc0, 0x3f, 0x00, 0xc0]),
      ("F32", [0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0]),
    ] as [(String, [UInt8])])
  func `values come as floats or doubles, whatever they are stored in`(_ type: String, _ bytes: [UInt8])
    throws
  {
    let (folder, checkpoint) = try file(type, bytes)
    defer { _ = folder }
    #expect(try checkpoint.values(of: "t") == [1.5, -2])
    #expect(try checkpoint.values(of: "t", as: Double.self) == [1.5, -2])
  }

  @Test func `a closure may throw its own error, and a missing tensor is one`() throws {
    struct Mine: Error {}
    let (folder, checkpoint) = try file("F32", [UInt8](repeating: 0, count: 8))
    defer { _ = folder }
    #expect(throws: Mine.self) { try checkpoint.withBytes(of: "t") { _ in throw Mine() } }
    #expect(try checkpoint.withBytes(of: "t") { $0.byteCount } == 8)
    #expect(throws: CheckpointError.self) { try checkpoint.values(of: "u") as [Float] }
  }
}
