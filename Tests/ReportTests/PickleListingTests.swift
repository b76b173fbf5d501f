import Bytes
import Checkpoint
import JSON
import Report
import TestSupport
import Testing

struct PickleListingTests {
  private static let folder = Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/torch")

  @Test func `a file that would run code is marked`() throws {
    let listing = PickleListing(try PickledFile(opening: Path.join(Self.folder, "evil.pt")))
    #expect(listing.terminal.contains("names 1 thing that no checkpoint needs"))
    #expect(listing.terminal.contains("\n  ! posix.system  called or built 1 time\n"))
    #expect(listing.terminal.contains("weight: F32 [2]"))
    #expect(listing.markdown.contains("| `posix.system`"))
    let global = listing.json["globals"]?.array?.first { $0["name"]?.string == "posix.system" }
    #expect(global?["known"]?.bool == false)
  }

  @Test func `the arguments of a trainer are told by name`() throws {
    let path = Path.join(Self.folder, "trainer/training_args.bin")
    let listing = PickleListing(try PickledFile(opening: path))
    #expect(listing.terminal.contains("lr_scheduler_type: transformers.trainer_utils.SchedulerType cosine"))
    #expect(listing.json["value"]?["lr_scheduler_type"]?.string == "cosine")
    #expect(listing.terminal.contains("names only what checkpoints need"))
  }
}

struct OptimizerListingTests {
  private static let folder = Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/torch")

  @Test func `steps, groups and untouched parameters are told`() throws {
    let state = try OptimizerState(opening: Path.join(Self.folder, "zero2"))
    let listing = try OptimizerListing(state)
    #expect(listing.terminal.contains("optimizer state of 4 parameters, step 12"))
    #expect(listing.terminal.contains("group 0: 2 parameters: lr 0.0001"))
    #expect(listing.terminal.contains("1 parameter never got a gradient"))
    #expect(listing.terminal.contains("model.norm.weight [7]"))
    #expect(listing.json["without_gradient"]?.array?.compactMap(\.string) == ["model.norm.weight"])
    #expect(listing.markdown.contains("- `model.norm.weight [7]`"))
  }
}
