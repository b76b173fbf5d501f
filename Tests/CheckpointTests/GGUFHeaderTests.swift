import Bytes
import TestSupport
import Testing

@testable import Checkpoint

@Suite struct GGUFHeaderTests {
  private func text(_ text: String) -> [UInt8] { littleEndian(UInt64(text.utf8.count)) + Array(text.utf8) }

  /// A file as convert_lora_to_gguf.py begins one.
  private var adapter: [UInt8] {
    var bytes =
      Array("GGUF".utf8) + littleEndian(UInt32(3)) + littleEndian(UInt64(4)) + littleEndian(UInt64(5))
    bytes += text("general.architecture") + littleEndian(UInt32(8)) + text("qwen3")
    bytes +=
      text("tags") + littleEndian(UInt32(9)) + littleEndian(UInt32(8)) + littleEndian(UInt64(2)) + text("a")
      + text("b")
    bytes +=
      text("ids") + littleEndian(UInt32(9)) + littleEndian(UInt32(4)) + littleEndian(UInt64(2))
      + [UInt8](repeating: 0, count: 8)
    bytes += text("general.type") + littleEndian(UInt32(8)) + text("adapter")
    bytes += text("adapter.lora.alpha") + littleEndian(UInt32(6)) + littleEndian(Float(16).bitPattern)
    return bytes
  }

  private func header(_ bytes: [UInt8]) -> GGUFHeader? { unsafe GGUFHeader(bytes.span.bytes) }

  @Test func `an adapter of llama.cpp's is refused by name`() throws {
    let header = try #require(self.header(adapter))
    #expect(header.kind == "adapter" && header.architecture == "qwen3" && header.alpha == 16)
    #expect(header.tensorCount == 4)
    let folder = try TemporaryFolder()
    try folder.write("lora.gguf", adapter)
    #expect {
      try Checkpoint(opening: folder.file("lora.gguf"))
    } throws: { error in
      "\(error)".contains("a LoRA adapter for qwen3 in GGUF, llama.cpp's format, which is not read")
    }
  }

  @Test func `no length in it is believed, and any other file is none`() {
    for count in 0..<adapter.count { _ = header(Array(adapter.prefix(count))) }
    var wide = adapter
    for index in wide.indices.dropFirst(4) {
      let kept = wide[index]
      wide[index] = 0xff
      _ = header(wide)
      wide[index] = kept
    }
    #expect(header(Array("GGML and more than eight bytes".utf8)) == nil)
  }
}
