import RunFolder
import Testing

struct TrainingRunNamesTests {
  private func names(_ runs: [(name: String, path: String)]) -> [String] {
    var runs = runs.map { TrainingRun(name: $0.name, path: $0.path) }
    TrainingRun.tellApart(&runs)
    return runs.map(\.name)
  }

  @Test func `equal names get the shortest ends of their paths that differ`() {
    #expect(names([("x", "a/x"), ("x", "b/x"), ("y", "b/y")]) == ["a/x", "b/x", "y"])
    #expect(names([("x", "a/1/x"), ("x", "b/1/x"), ("x", "b/2/x")]) == ["a/1/x", "b/1/x", "2/x"])
  }

  @Test func `one path that is the end of another keeps all of itself`() {
    #expect(names([("x", "/nowhere/x"), ("x", "/nowhere/a/nowhere/x")]) == ["nowhere/x", "a/nowhere/x"])
  }

  @Test func `runs of one path keep one name`() {
    #expect(names([("x", "a/x"), ("x", "a/x")]) == ["x", "x"])
  }
}
