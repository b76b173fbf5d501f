import FileSystem
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ChangeWatchTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func duration(of wait: () -> Void) -> Duration { ContinuousClock().measure(wait) }

  @Test func `Waiting ends by a write to a file in a watched folder`() throws {
    let file = try folder.write("file", "first")
    var watch = ChangeWatch()
    watch.add(folder.path)
    if !ChangeWatch.reachesIntoFolders { watch.add(file) }
    let isWhole = watch.isWhole
    try #require(isWhole)
    let idle = duration { watch.wait(milliseconds: 50) }
    #expect(idle >= .milliseconds(40))
    // What changed before the waiting began counts as well.
    try FileDescriptor(appending: file).write("second")
    let waited = duration { watch.wait(milliseconds: 30_000) }
    #expect(waited < .seconds(20))
  }

  @Test func `Waiting ends by a new file in a watched folder`() throws {
    var watch = ChangeWatch()
    watch.add(folder.path)
    let isWhole = watch.isWhole
    try #require(isWhole)
    _ = try folder.write("new", "")
    let waited = duration { watch.wait(milliseconds: 30_000) }
    #expect(waited < .seconds(20))
  }

  @Test func `What cannot be watched makes it less than whole`() throws {
    var watch = ChangeWatch()
    watch.add(folder.path)
    watch.add(Path.join(folder.path, "missing"))
    let isWhole = watch.isWhole
    #expect(!isWhole)
  }
}
