import EventFile
import FileSystem
import Libc
import TestSupport
import Testing

@testable import RunFolder

struct FolderScanTests {
  @Test func `runs are folders with event files, named from the folder that is searched`() throws {
    let folder = try TemporaryFolder()
    for name in [
      "events.out.tfevents.2.h", "events.out.tfevents.10.h", "a/b/events.out.tfevents.1.h.99.v2",
      "a/notes.txt", "a/events.out.tfevents.1.profile-empty", "c/x.tfevents", "none/events.out",
      "a/.events.out.tfevents.1.h.Xq3vT1",
    ] { try folder.write(name, "") }
    let found = FoundEventFolders(at: folder.path)
    #expect(found.folders.map(\.name) == [".", "a/b", "c"])
    #expect(found.folders.map(\.path) == [folder.path, folder.file("a/b"), folder.file("c")])
    #expect(
      found.folders[0].files == ["events.out.tfevents.10.h", "events.out.tfevents.2.h"].map(folder.file))
    #expect(found.problems.isEmpty)
  }

  @Test func `hidden folders are left out and told, unless they are named themselves`() throws {
    let folder = try TemporaryFolder()
    try folder.write("w/ok/events.out.tfevents.1", "")
    try folder.write("w/.cache/events.out.tfevents.1", "")
    try folder.write("w/.cache/old/model.safetensors", "")
    let scan = FolderScan(path: folder.file("w"))
    #expect(scan.folders.map(\.relative) == ["ok"])
    #expect(scan.hidden == [folder.file("w/.cache")])
    #expect(FolderScan(path: folder.file("w/.cache")).folders.map(\.relative) == ["", "old"])
  }

  @Test func `links are followed once, behind all real folders, and loops survived`() throws {
    let folder = try TemporaryFolder()
    let other = try TemporaryFolder()
    try folder.write("z/run/events.out.tfevents.1", "")
    try other.write("far/events.out.tfevents.1", "")
    for (target, name) in [
      (folder.path, "z/run/up"), (folder.file("z"), "a"), (folder.file("z/run"), "z/run/self"),
      (other.file("far"), "linked"), (folder.file("gone"), "broken"),
    ] { try Files.link(folder.file(name), to: target) }
    let found = FoundEventFolders(at: folder.path)
    #expect(found.folders.map(\.name) == ["z/run", "linked"])
    #expect(found.problems.isEmpty)
  }

  @Test func `a link of a known name that leads nowhere, and a pipe of one, are problems`() throws {
    let folder = try TemporaryFolder()
    try folder.write("a/events.out.tfevents.1", "")
    try Files.link(folder.file("a/trainer_state.json"), to: folder.file("gone"))
    #expect(unsafe mkfifo(folder.file("a/events.out.tfevents.2"), 0o600) == 0)
    #expect(unsafe mkfifo(folder.file("a/model.safetensors"), 0o600) == 0)
    #expect(unsafe mkfifo(folder.file("a/control"), 0o600) == 0)
    let scan = FolderScan(path: folder.path)
    #expect(scan.folders.map(\.eventFiles) == [["events.out.tfevents.1"]])
    #expect(
      scan.problems == [
        "\(folder.file("a/events.out.tfevents.2")): a pipe, socket or device, not a file: not opened",
        "\(folder.file("a/model.safetensors")): a pipe, socket or device, not a file: not opened",
        "\(folder.file("a/trainer_state.json")): a link that leads nowhere",
      ])
  }

  @Test func `a file is a folder of its own, and a path that is not there is told`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a/events.out.tfevents.1", "")
    #expect(FoundEventFolders(at: path).folders.map(\.files) == [[path]])
    #expect(FoundEventFolders(at: folder.file("none")).problems.count == 1)
  }

  @Test(.disabled(if: geteuid() == 0, "the superuser can read every folder"))
  func `a folder that cannot be read is told`() throws {
    let folder = try TemporaryFolder()
    try folder.write("open/events.out.tfevents.1", "")
    try Files.makeDirectory(folder.file("shut"))
    #expect(unsafe chmod(folder.file("shut"), 0) == 0)
    let found = FoundEventFolders(at: folder.path)
    #expect(found.folders.map(\.name) == ["open"])
    #expect(found.problems.count == 1 && found.problems[0].hasPrefix(folder.file("shut")))
    #expect(unsafe chmod(folder.file("shut"), 0o700) == 0)
  }

  @Test func `folders of any depth are found, in order`() throws {
    let folder = try TemporaryFolder()
    let deep = (0..<60).map { "d\($0)" }.joined(separator: "/")
    try folder.write("\(deep)/events.out.tfevents.1", "")
    try folder.write("d0/b/events.out.tfevents.1", "")
    try folder.write("d0/a/trainer_state.json", "")
    #expect(FolderScan(path: folder.path).folders.map(\.relative) == ["d0/a", "d0/b", deep])
    #expect(VerifiableFiles(at: folder.path).events.count == 2)
  }

  @Test func `logs in a save are no runs of the folder, and told`() throws {
    let folder = try TemporaryFolder()
    var file = EventWriter.begun(wallTime: 1)
    file.scalar("train/loss", 1, 2, wallTime: 2)
    try folder.write("out/runs/x/events.out.tfevents.1", file.bytes)
    try folder.write("out/checkpoint-5/runs/x/events.out.tfevents.1", file.bytes)
    try folder.write("out/checkpoint-5/trainer_state.json", "{\"log_history\": []}")
    let opened = try OpenedFolder(opening: folder.path)
    #expect(opened.runs.map(\.path) == [folder.file("out")])
    #expect(
      opened.problems == [
        "\(folder.file("out/checkpoint-5/runs/x")): an event file in a save, not read: "
          + "name this folder itself to report on it"
      ])
    #expect(VerifiableFiles(at: folder.path).events.count == 2)
  }
}
