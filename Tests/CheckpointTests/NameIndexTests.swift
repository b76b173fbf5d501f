import Testing

@testable import Checkpoint

struct NameIndexTests {
  @Test(arguments: [0, 1, 2, 3, 1000])
  func `Every name is found at its place, and no other`(count: Int) {
    let names = (0..<count).map { "model.layers.\($0).weight" }
    let index = NameIndex(count: count) { names[$0] }
    for (place, name) in names.enumerated() { #expect(index.place(of: name) { names[$0] } == place) }
    #expect(index.place(of: "model.layers.\(count).weight") { names[$0] } == nil)
    #expect(index.place(of: "") { names[$0] } == nil)
  }

  @Test func `Of names that stand twice the first is found`() {
    let names = ["a", "b", "a"]
    let index = NameIndex(count: 3) { names[$0] }
    #expect(index.place(of: "a") { names[$0] } == 0)
  }
}
