import Bytes
import EventFile
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

struct LogDirectoryTests {
  @Test func `runs are folders with event files, named from the log folder`() throws {
    let folder = try TemporaryFolder()
    for name in [
      "events.out.tfevents.2.h", "events.out.tfevents.10.h", "a/b/events.out.tfevents.1.h.99.v2",
      "a/notes.txt",
      "a/events.out.tfevents.1.profile-empty", "c/x.tfevents", "none/events.out", ".hidden/tfevents",
    ] { try folder.write(name, "") }
    let found = LogDirectory(searching: folder.path)
    #expect(found.runs.map(\.name) == [".", ".hidden", "a/b", "c"])
    #expect(
      found.runs.map(\.path) == [folder.path, folder.file(".hidden"), folder.file("a/b"), folder.file("c")])
    #expect(found.runs[0].files == ["events.out.tfevents.10.h", "events.out.tfevents.2.h"].map(folder.file))
    #expect(found.problems.isEmpty)
  }

  @Test func `links are followed once, and loops survived`() throws {
    let folder = try TemporaryFolder()
    let other = try TemporaryFolder()
    try folder.write("z/run/events.out.tfevents.1", "")
    try other.write("far/events.out.tfevents.1", "")
    for (target, name) in [
      (folder.path, "z/run/up"), (folder.file("z"), "a"), (folder.file("z/run"), "z/run/self"),
      (other.file("far"), "linked"), (folder.file("gone"), "broken"),
    ] { #expect(unsafe symlink(target, folder.file(name)) == 0) }
    let found = LogDirectory(searching: folder.path)
    #expect(found.runs.map(\.name) == ["linked", "z/run"])
    #expect(found.problems.isEmpty)
  }

  @Test func `an event file is a run of its own`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a/events.out.tfevents.1", "")
    let found = LogDirectory(searching: path)
    #expect(
      found.runs == [LogDirectory.Run(name: "events.out.tfevents.1", path: folder.file("a"), files: [path])])
  }

  @Test func `a path that is not there is told`() throws {
    let folder = try TemporaryFolder()
    let found = LogDirectory(searching: folder.file("none"))
    #expect(found.runs.isEmpty)
    #expect(found.problems.map(\.isMissing) == [true])
  }

  @Test(.disabled(if: geteuid() == 0, "the superuser can read every folder"))
  func `a folder that cannot be read is told`() throws {
    let folder = try TemporaryFolder()
    try folder.write("open/events.out.tfevents.1", "")
    try Files.makeDirectory(folder.file("shut"))
    #expect(unsafe chmod(folder.file("shut"), 0) == 0)
    let found = LogDirectory(searching: folder.path)
    #expect(found.runs.map(\.name) == ["open"])
    #expect(found.problems.map(\.path) == [folder.file("shut")])
    #expect(unsafe chmod(folder.file("shut"), 0o700) == 0)
  }
}
