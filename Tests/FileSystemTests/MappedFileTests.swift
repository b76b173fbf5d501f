import FileSystem
import TestSupport
import Testing

struct MappedFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `A mapped file has the bytes of the file`() throws {
    let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let file = try MappedFile(path: folder.write("data", bytes))
    #expect(file.count == bytes.count)
    let same = unsafe file.bytes.withUnsafeBytes { unsafe $0.elementsEqual(bytes) }
    #expect(same)
  }

  @Test func `Released pages are read again`() throws {
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 17) }
    let file = try MappedFile(path: folder.write("data", bytes))
    file.release(0..<100_000)
    file.release(-5..<Int.max / 2)
    let same = unsafe file.bytes.withUnsafeBytes { unsafe $0.elementsEqual(bytes) }
    #expect(same)
  }

  @Test func `An empty file maps to no bytes`() throws {
    let file = try MappedFile(path: folder.write("empty", ""))
    #expect(file.count == 0)
    #expect(file.bytes.byteCount == 0)
    file.release(0..<1)
  }

  @Test func `Folders, devices and missing files are refused`() {
    for path in [folder.path, "/dev/null", folder.file("missing")] {
      let error = #expect(throws: SystemError.self) { try MappedFile(path: path) }
      #expect(error?.path == path)
    }
  }
}
