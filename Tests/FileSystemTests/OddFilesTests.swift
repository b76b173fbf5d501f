import FileSystem
import Libc
import TestSupport
import Testing

struct OddFilesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func pipe() -> String {
    let path = folder.file("pipe")
    #expect(unsafe mkfifo(path, 0o600) == 0)
    return path
  }

  @Test(.timeLimit(.minutes(20))) func `A pipe that nobody writes to is refused, not waited for`() throws {
    let path = pipe()
    #expect(Files.kind(of: path) == .pipe)
    let error = #expect(throws: SystemError.self) { try Files.read(path) }
    #expect(error?.description == "\(path): cannot read: it is a pipe, a socket or a device, not a file")
    #expect(throws: SystemError.self) { try MappedFile(path: path) }
    #expect(throws: SystemError.self) { try FileDescriptor(reading: path) }
  }

  @Test(.timeLimit(.minutes(20))) func `A device, and a link to one, is refused`() throws {
    try Files.link(folder.file("link"), to: "/dev/zero")
    for path in ["/dev/zero", folder.file("link")] {
      #expect(Files.kind(of: path) == .other)
      #expect(throws: SystemError.self) { try Files.read(path) }
      #expect(throws: SystemError.self) { try FileDescriptor(reading: path, acceptsPipe: true) }
    }
  }

  @Test(.timeLimit(.minutes(20))) func `A pipe is read where that is wanted`() throws {
    let path = pipe()
    let read = bytes(throughPipe: path) {
      try? FileDescriptor(writingThrough: path).write("through the pipe")
    }
    #expect(read == Array("through the pipe".utf8))
  }

  @Test func `A name that is not UTF-8 comes back as its bytes`() throws {
    let names: [[UInt8]] = [
      [0xff], Array("caf".utf8) + [0xe9], [0xf4, 0x8f, 0xba, 0x80], [0xc3, 0x28], Array("é🙂".utf8),
      [0xed, 0xa0, 0x80],
    ]
    for name in names { try folder.write(PathBytes.text(name), "here") }
    let found = try Files.names(in: folder.path)
    #expect(Set(found.map(PathBytes.bytes)) == Set(names))
    for name in found {
      #expect(try Files.read(folder.file(name)) == Array("here".utf8))
      #expect(Files.kind(of: folder.file(name)) == .file)
    }
    #expect(PathBytes.text(Array("é🙂".utf8)) == "é🙂")
  }

  @Test func `Every two bytes have a text that leads back to them`() {
    for first in UInt8.min...UInt8.max {
      for second in UInt8.min...UInt8.max {
        let bytes = [first, second, 0x41]
        #expect(PathBytes.bytes(PathBytes.text(bytes)) == bytes)
      }
    }
  }

  @Test func `A path with a zero in it leads nowhere`() throws {
    try folder.write("a", "")
    #expect(Files.kind(of: folder.file("a")) == .file)
    #expect(Files.kind(of: folder.file("a\0b")) == nil)
    #expect(throws: SystemError.self) { try Files.read(folder.file("a\0b")) }
    #expect(throws: SystemError.self) { try Files.rename(folder.file("a"), to: folder.file("b\0c")) }
  }

  @Test func `A file that becomes shorter while it is mapped reads as zeros, and says so`() throws {
    let path = try folder.write("data", [UInt8](repeating: 7, count: 100_000))
    let file = try MappedFile(path: path)
    try file.checkUnchanged()
    #expect(unsafe truncate(path, 10) == 0)
    let sum = unsafe file.bytes.withUnsafeBytes { unsafe $0.reduce(0) { $0 + Int($1) } }
    #expect(sum <= 70)
    let error = #expect(throws: SystemError.self) { try file.checkUnchanged() }
    #expect(error?.code == SystemError.changed)
    // Other mappings are none the wiser.
    let other = try MappedFile(path: folder.write("other", [UInt8](repeating: 1, count: 5000)))
    let rest = unsafe other.bytes.withUnsafeBytes { unsafe $0.reduce(0) { $0 + Int($1) } }
    #expect(rest == 5000)
    try other.checkUnchanged()
  }

  @Test func `A file that is written again is told, one that is replaced is not`() throws {
    let path = try folder.write("data", [UInt8](repeating: 7, count: 5000))
    let file = try MappedFile(path: path)
    try folder.write("new", [UInt8](repeating: 8, count: 10))
    try Files.rename(folder.file("new"), to: path)
    try file.checkUnchanged()
    let again = try MappedFile(path: path)
    try FileDescriptor(appending: path).write("more")
    #expect(throws: SystemError.self) { try again.checkUnchanged() }
  }
}
