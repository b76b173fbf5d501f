import FileSystem
import JSON
import TestSupport
import Testing

@testable import Checkpoint

struct PickledFileTests {
  @Test func `the tree shows what a file holds`() throws {
    let file = try PickledFile(opening: TorchTruth.path("everything.pt"))
    #expect(file.container == .zip)
    let lines = file.tree()
    func text(_ key: String) -> String? { lines.first { $0.key == key }?.text }
    #expect(lines[0].text.hasPrefix("dictionary of "))
    #expect(text("plain") == "F32 [6, 4]")
    #expect(text("bfloat16") == "BF16 [2, 3]")
    #expect(text("note") == "\"text\"")
    #expect(text("flags") == "[true,false]" || text("flags") == "[true, false]")
    #expect(text("nothing") == "None")
  }

  @Test func `what would be called stands in the tree, uncalled`() throws {
    let file = try PickledFile(opening: TorchTruth.path("evil.pt"))
    #expect(file.unknownGlobals.map(\.name) == ["posix.system"])
    let lines = file.tree()
    #expect(lines.contains { $0.key == "run" && $0.text == "posix.system(…)" })
    #expect(lines.contains { $0.text.contains("ftreport must never run this") })
  }

  @Test func `a cycle ends`() throws {
    let path = Path.join(AttackTests.folder, "pickle/mutual-cycle.pkl")
    #expect(try PickledFile(opening: path).tree().count < 10)
    #expect(try PickledFile(opening: path).json.text.count < 10_000)
  }

  @Test func `many values are counted, not shown`() throws {
    let lines = try PickledFile(opening: TorchTruth.path("trainer/rng_state_0.pth")).tree(childLimit: 5)
    #expect(lines.contains { $0.text == "tuple of 625" })
    #expect(lines.contains { $0.text == "620 more" })
  }

  @Test func `the budget of the tree is kept`() throws {
    let path = Path.join(AttackTests.folder, "pickle/billion-laughs.pkl")
    #expect(try PickledFile(opening: path).tree(lineLimit: 100).count <= 120)
  }
}
