import Checkpoint
import FileSystem
import JSON
import TestSupport
import Testing

@testable import Report

/// What a wide terminal shows.
private func lines(_ listing: some Presentable) -> String { listing.terminalText(TerminalStyle(width: 240)) }

struct PickleListingTests {
  private static let folder = Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/torch")

  @Test func `a file that would run code is marked`() throws {
    let listing = PickleListing(try PickledFile(opening: Path.join(Self.folder, "evil.pt")))
    #expect(lines(listing).contains("names 1 thing that no checkpoint needs"))
    #expect(lines(listing).contains("\nposix.system"))
    #expect(lines(listing).contains("no     called or built 1 time\n"))
    #expect(listing.terminalText(TerminalStyle(isColoured: true)).contains("\u{1b}[31;1mno"))
    #expect(listing.markdown.contains("| `posix.system`"))
    #expect(listing.html.contains("<span class=\"bad\"><strong>no</strong></span>"))
    #expect(try JSONSchema.faults(inText: listing.json) == [])
    let global = listing.value["globals"]?.array?.first { $0["name"]?.string == "posix.system" }
    #expect(global?["known"]?.bool == false)
  }

  @Test func `the arguments of a trainer are told by name`() throws {
    let path = Path.join(Self.folder, "trainer/training_args.bin")
    let listing = PickleListing(try PickledFile(opening: path))
    #expect(lines(listing).contains("· lr_scheduler_type"))
    #expect(lines(listing).contains("transformers.trainer_utils.SchedulerType cosine"))
    #expect(try JSONSchema.faults(inText: listing.json) == [])
    #expect(listing.value["value"]?["lr_scheduler_type"]?.string == "cosine")
    #expect(lines(listing).contains("names only what checkpoints need"))
  }
}

struct OptimizerListingTests {
  private static let folder = Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/torch")

  @Test func `steps, groups and untouched parameters are told`() throws {
    let state = try OptimizerState(opening: Path.join(Self.folder, "zero2"))
    let listing = try OptimizerListing(state)
    #expect(lines(listing).contains("optimizer state of 4 parameters, step 12"))
    #expect(lines(listing).contains("2 parameters: lr 0.0001"))
    #expect(lines(listing).contains("1 parameter never got a gradient"))
    #expect(lines(listing).contains("model.norm.weight [7]"))
    #expect(try JSONSchema.faults(inText: listing.json) == [])
    #expect(listing.value["without_gradient"]?.array?.compactMap(\.string) == ["model.norm.weight"])
    #expect(listing.markdown.contains("- `model.norm.weight [7]`"))
  }
}
