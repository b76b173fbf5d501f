import Testing

@testable import Checkpoint

struct NamePatternTests {
  @Test(arguments: [
    ("^layers\\.0\\.norm\\.weight$", "layers.0.norm.weight", true),
    ("^layers\\.0\\.norm\\.weight$", "layers.0.norm.weights", false),
    ("^layers\\.0\\.norm\\.weight$", "layersx0.norm.weight", false),
    ("\\d+.mlp.dense_4h_to_h.weight", "12.mlp.dense_4h_to_h.weight", true),
    ("\\d+.mlp.dense_4h_to_h.weight", "x.mlp.dense_4h_to_h.weight", false),
    ("\\d+.mlp", "3.mlp.dense.weight", true), ("mlp", "3.mlp", false), (".*mlp", "3.mlp.x", true),
    (".*experts\\.w[123]$", "", false), ("a?b*c", "c", true), ("a?b*c", "abbbc", true),
    ("a?b*c", "aac", false),
    ("", "anything", true), ("$", "", true), ("$", "a", false),
    ("a.*a.*a.*b$", "aaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
  ])
  func `patterns fit as Python's do`(_ pattern: String, _ name: String, _ fits: Bool) {
    #expect((NamePattern(pattern)?.matches(name) ?? false) == fits)
  }

  @Test(arguments: [
    "(a)", "[ab]", "a|b", "a{2}", "a+?", "a**", "\\w", "a$b", "\\", String(repeating: "a", count: 2000),
  ])
  func `what is beyond them is refused`(_ pattern: String) {
    #expect(NamePattern(pattern) == nil)
  }

  @Test func `a pattern of one name alone is that name`() {
    #expect(NamePattern("^head\\.bias$")?.literal == "head.bias")
    #expect(NamePattern("^head.bias$")?.literal == nil)
    #expect(NamePattern("^head\\.bias")?.literal == nil)
  }
}

struct TensorParallelRulesTests {
  @Test func `names of linear layers tell the axis`() {
    var rules = TensorParallelRules(nil)
    #expect(rules.join(of: "model.layers.0.self_attn.q_proj.weight") == .axis(0))
    #expect(rules.join(of: "model.layers.0.self_attn.q_proj.bias") == .axis(0))
    #expect(rules.join(of: "model.layers.0.mlp.down_proj.weight") == .axis(1))
    #expect(rules.join(of: "model.layers.0.mlp.down_proj.bias") == .whole)
    #expect(rules.join(of: "3.mlp.dense_4h_to_h.weight") == .axis(1))
    #expect(rules.join(of: "model.unfamiliar") == .unknown)
  }
}
