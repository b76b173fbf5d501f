import FileSystem
import Libc
import TestSupport
import Testing

struct FilesWritingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `A link stays, and what it leads to is replaced`() throws {
    try folder.write("below/real", "old")
    try Files.link(folder.file("link"), to: "below/real")
    try Files.write("new", to: folder.file("link"))
    #expect(Files.isSymbolicLink(folder.file("link")))
    #expect(try Files.read(folder.file("below/real")) == Array("new".utf8))
    #expect(try Files.names(in: folder.file("below")) == ["real"])
  }

  @Test func `A link that leads to nothing is written through`() throws {
    try Files.link(folder.file("link"), to: "missing")
    try Files.write("new", to: folder.file("link"))
    #expect(Files.isSymbolicLink(folder.file("link")))
    #expect(try Files.read(folder.file("missing")) == Array("new".utf8))
  }

  @Test func `A device stays a device`() throws {
    try Files.write("gone", to: "/dev/null")
    #expect(Files.kind(of: "/dev/null") == .other)
  }

  @Test(.timeLimit(.minutes(20))) func `A pipe is written through`() throws {
    let path = folder.file("pipe")
    #expect(unsafe mkfifo(path, 0o600) == 0)
    let read = bytes(throughPipe: path) { try? Files.write("text", to: path) }
    #expect(read == Array("text".utf8))
    #expect(Files.kind(of: path) == .pipe)
  }

  @Test func `Permissions stay`() throws {
    let path = try folder.write("script", "old")
    #expect(unsafe chmod(path, 0o740) == 0)
    try Files.write("new", to: path)
    var record = stat()
    #expect(unsafe stat(path, &record) == 0)
    #expect(record.st_mode & 0o777 == 0o740)
  }

  @Test func `Two folders change places`() throws {
    try folder.write("a/first", "")
    try folder.write("b/second", "")
    guard try Files.exchange(folder.file("a"), folder.file("b")) else { return }  // not on every file system
    #expect(try Files.names(in: folder.file("a")) == ["second"])
    #expect(try Files.names(in: folder.file("b")) == ["first"])
    #expect(throws: SystemError.self) { try Files.exchange(folder.file("a"), folder.file("c")) }
  }

  @Test func `What moves or gets a second name replaces nothing`() throws {
    try folder.write("a", "a")
    try folder.write("b", "b")
    let error = #expect(throws: SystemError.self) { try Files.move(folder.file("a"), to: folder.file("b")) }
    #expect(error?.code == EEXIST)
    #expect(throws: SystemError.self) { try Files.addName(folder.file("b"), to: folder.file("a")) }
    #expect(try Files.read(folder.file("b")) == Array("b".utf8))
    try Files.move(folder.file("a"), to: folder.file("c"))
    #expect(try Files.names(in: folder.path) == ["b", "c"])
    #expect(try Files.addName(folder.file("d"), to: folder.file("c")))
    #expect(try Files.entry(at: folder.file("d")) == Files.entry(at: folder.file("c")))
  }

  private var isFree: Bool {
    guard let lock = FolderLock(folder.path) else { return false }
    _ = consume lock
    return true
  }

  @Test func `A lock is held by one, until it goes`() throws {
    if let lock = FolderLock(folder.path) {
      #expect(!isFree)
      _ = consume lock
    } else {
      Issue.record("nobody else has it")
    }
    #expect(isFree)
  }
}
