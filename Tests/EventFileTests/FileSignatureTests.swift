import TestSupport
import Testing

@testable import EventFile

struct FileSignatureTests {
  @Test func `a Git-LFS pointer is named with the size of the file`() throws {
    let pointer = """
      version https://git-lfs.github.com/spec/v1
      oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
      size 12345

      """
    let read = try contents(of: Array(pointer.utf8))
    #expect(read.faults.map(\.kind) == [.gitLFSPointer(size: 12345)])
    #expect(read.ending == .unreadable(offset: 0))
    #expect(
      read.faults.first?.description.hasSuffix(": 0: a Git-LFS pointer instead of the file of 12345 bytes")
        == true)
  }

  @Test func `an empty file is told`() throws {
    let read = try contents(of: [])
    #expect(read.faults.map(\.kind) == [.empty])
    #expect(read.recordCount == 0)
    #expect(read.byteCount == 0)
  }

  @Test(arguments: [
    (Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 0, count: 40), "a ZIP archive"),
    ([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49], "a PNG image"),
    ([0x80, 0x02, 0x7d, 0x71, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "a Python pickle"),
    (Array("<!DOCTYPE html><html></html>".utf8), "a web page"),
    (Array("step,loss\n1,0.5\n2,0.25\n".utf8), "text"),
    (Array("{\"a\": 1}".utf8), "text"),
    (
      [0x3c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0a, 0x05, 1, 2, 3],
      "records without checksums, as VisualDL writes them"
    ),
  ])
  func `other formats are named`(bytes: [UInt8], name: String) throws {
    let read = try contents(of: bytes)
    #expect(read.faults.map(\.kind) == [.foreignFormat(name)])
    #expect(read.faults.map(\.offset) == [0])
    #expect(read.ending == .unreadable(offset: 0))
    #expect(read.series.isEmpty)
  }

  @Test func `an event file that a conversion to UTF-8 destroyed is recognized`() throws {
    var file = EventWriter.begun(wallTime: 1_693_205_163.25)
    for step in 1...20 { file.scalar("train/loss", Int64(step), 0.1) }
    let mangled = Array(String(decoding: file.bytes, as: UTF8.self).utf8)
    #expect(mangled.count > file.bytes.count)
    let read = try contents(of: mangled)
    #expect(read.faults.map(\.kind) == [.foreignFormat("an event file that a conversion to UTF-8 destroyed")])
  }

  @Test func `a first record whose bytes look like ZLIB is a record`() throws {
    var file = EventWriter()
    // 0x5e78 bytes of payload: the length begins with 78 5e.
    file.add(WireMessage().double(1, 1).bytes(4, [UInt8](repeating: 1, count: 0x5e78 - 13)))
    file.scalar("loss", 1, 1)
    #expect(file.bytes.starts(with: [0x78, 0x5e]))
    let read = try contents(of: file.bytes)
    #expect(read.faults.isEmpty)
    #expect(read.recordCount == 2)
    #expect(read.tags.first == TagSummary(tag: "__run_graph__", plugin: "graphs", count: 1))
  }

  @Test func `bytes of nothing known are a bad length checksum`() throws {
    let read = try contents(of: [UInt8](repeating: 0xab, count: 30))
    guard case .lengthChecksum = read.faults.first?.kind else {
      Issue.record("\(read.faultList)")
      return
    }
  }
}
