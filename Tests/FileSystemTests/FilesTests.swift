import FileSystem
import TestSupport
import Testing

struct FilesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `A file comes back as it was written`() throws {
    let path = try folder.write("a/b/c.txt", "zwölf\n")
    #expect(try Files.read(path) == Array("zwölf\n".utf8))
    #expect(Files.kind(of: path) == .file)
    #expect(Files.kind(of: folder.file("a/b")) == .directory)
    #expect(Files.kind(of: folder.file("a/x")) == nil)
    #expect(try Files.status(of: path).size == 7)
  }

  @Test func `Writing replaces the file and leaves no other`() throws {
    let path = folder.file("page.md")
    try Files.write("first, and longer", to: path)
    try Files.write("second", to: path)
    #expect(try Files.read(path) == Array("second".utf8))
    #expect(try Files.names(in: folder.path) == ["page.md"])
  }

  @Test func `A failed write leaves nothing behind`() throws {
    // A folder stands where the file should go, so that the rename fails after the text was written.
    try Files.makeDirectory(folder.file("taken"))
    #expect(throws: SystemError.self) { try Files.write("text", to: folder.file("taken")) }
    #expect(try Files.names(in: folder.path) == ["taken"])
  }

  @Test func `A file over the limit is refused`() throws {
    let path = try folder.write("big", [UInt8](repeating: 7, count: 100))
    #expect(try Files.read(path, limit: 100).count == 100)
    let error = #expect(throws: SystemError.self) { try Files.read(path, limit: 99) }
    #expect(error?.path == path)
  }

  @Test func `A file without a size of its own is read to its end`() throws {
    guard Files.kind(of: "/proc/self/status") == .file else { return }  // Linux only
    #expect(try Files.read("/proc/self/status").count > 100)
  }

  @Test func `Names come sorted byte by byte`() throws {
    for name in ["b", "a10", "B", "a9", "ä"] { try folder.write(name, "") }
    #expect(try Files.names(in: folder.path) == ["B", "a10", "a9", "b", "ä"])
  }

  @Test func `Removing a folder takes everything in it, and nothing that links lead to`() throws {
    try folder.write("kept/file", "still here")
    try folder.write("gone/deep/file", "")
    try Files.link(folder.file("gone/link"), to: folder.file("kept"))
    try Files.remove(folder.file("gone"))
    #expect(try Files.names(in: folder.path) == ["kept"])
    #expect(try Files.names(in: folder.file("kept")) == ["file"])
  }

  @Test func `A path through a file is missing, and says so`() throws {
    let path = try folder.write("file", "")
    let error = #expect(throws: SystemError.self) { try Files.read(path + "/below") }
    #expect(error?.isMissing == true)
    #expect(error?.description == "\(path)/below: cannot open: Not a directory")
  }
}

struct PathTests {
  @Test(arguments: [
    ("a/b/c", "a/b", "c"), ("a/b/c//", "a/b", "c"), ("a", "", "a"), ("/a", "/", "a"), ("/", "/", "/"),
    ("a//b", "a", "b"), ("", "", ""), ("//", "/", "/"),
  ])
  func `Paths come apart`(path: String, parent: String, name: String) {
    #expect(Path.parent(of: path) == parent)
    #expect(Path.name(of: path) == name)
  }

  @Test func `Paths go together`() {
    #expect(Path.join("a", "b") == "a/b")
    #expect(Path.join("a/", "b") == "a/b")
    #expect(Path.join("", "b") == "b")
    #expect(Path.join("a", "/b") == "/b")
  }

  @Test func `A slash with a combining mark behind it is a slash`() {
    let mark = "\u{301}x"
    #expect(Path.join("a", "/" + mark) == "/" + mark)
    #expect(Path.join("a/", mark) == "a/" + mark)
    #expect(Path.name(of: "a/" + mark) == mark)
    #expect(Path.parent(of: "a/" + mark) == "a")
    #expect(Path.components(of: "/a/" + mark + "//b") == ["a", mark, "b"])
  }
}
