import Checkpoint
import JSON
import TestSupport
import Testing

@testable import Weights

/// Adapters of other writers than PEFT, and what stands in an adapter beside its factors.
struct AdapterKindTests {
  private typealias Tensor = SafetensorsBytes.Tensor

  /// Opens a folder with an adapter and what else is given.
  private func comparison(
    _ tensors: [Tensor], configuration: String? = nil, name: String = "adapter_model.safetensors",
    metadata: [(key: String, value: String)] = [], others: [(String, [Tensor])] = []
  ) throws -> CheckpointComparison {
    let folder = try TemporaryFolder()
    try folder.write(name, SafetensorsBytes.file(tensors, metadata: metadata))
    if let configuration { try folder.write("adapter_config.json", configuration) }
    for (name, tensors) in others { try folder.write(name, SafetensorsBytes.file(tensors)) }
    return try CheckpointComparison(examining: Checkpoint(opening: folder.path))
  }

  // A = [1 2 3], B = [2, 0]ᵀ: ‖B·A‖ = 2·√14.
  private let a: [Float] = [1, 2, 3], b: [Float] = [2, 0]
  private let norm = 2 * 14.0.squareRoot()

  private func expect(_ found: CheckpointComparison, norm: Double, _ name: String, scaling: Double?) throws {
    let module = try #require(found.modules.first)
    #expect(found.modules.count == 1)
    #expect(module.name.name == name)
    #expect(module.scaling.after == scaling)
    #expect(module.rows == 2 && module.columns == 3)
    #expect(abs((module.deltaNorm.after ?? 0) - norm) < 1e-12)
    #expect(found.wholeTensors.isEmpty)
  }

  @Test(arguments: [("lora_down", "lora_up"), ("lora_A", "lora_B")], ["transformer.b.0.q", "lycoris_b_0_q"])
  func `α beside factors counts, whatever the module is called`(
    factors: (String, String), module: String
  ) throws {
    let alpha = Tensor("\(module).alpha", [], [0.5])
    let found = try comparison(
      [
        alpha, Tensor("\(module).\(factors.0).weight", [1, 3], a),
        Tensor("\(module).\(factors.1).weight", [2, 1], b),
      ], name: "lora.safetensors")
    try expect(found, norm: norm / 2, module, scaling: 0.5)
  }

  @Test(arguments: ["dora_scale", "m", "magnitude"])
  func `magnitudes of other writers make ΔW a part of the change`(name: String) throws {
    let found = try comparison(
      [
        Tensor("b.0.q.lora_down.weight", [1, 3], a), Tensor("b.0.q.lora_up.weight", [2, 1], b),
        Tensor("b.0.q.\(name)", [2, 1], [1, 1]),
      ], name: "lora.safetensors")
    #expect(found.modules.map(\.extent) == [.part])
  }

  @Test func `of several adapters the configuration is that of the one called default`() throws {
    let tensors = ["default", "other"].flatMap { name in
      [
        Tensor("m.0.q.lora_A.\(name).weight", [1, 3], a), Tensor("m.0.q.lora_B.\(name).weight", [2, 1], b),
      ]
    }
    let found = try comparison(tensors, configuration: #"{"peft_type":"LORA","r":1,"lora_alpha":4}"#)
    #expect(found.modules.map(\.scaling.after) == [4, nil])
    #expect(found.modules.map(\.configuredRank.after) == [1, nil])
  }

  @Test func `an audit and a merge say that magnitudes are left out`() throws {
    let folder = try TemporaryFolder()
    for name in ["one", "two"] {
      try folder.write(
        "\(name)/lora.safetensors",
        SafetensorsBytes.file([
          Tensor("b.0.q.lora_down.weight", [1, 3], a), Tensor("b.0.q.lora_up.weight", [2, 1], b),
          Tensor("b.0.q.dora_scale", [2, 1], [1, 1]),
        ]))
    }
    let both = try ["one", "two"].map { try Checkpoint(opening: folder.file("\($0)/lora.safetensors")) }
    #expect(try AdapterAudit(both[0]).isPart)
    #expect(try AdapterMerge(of: both).remarks.count == 2)
  }

  @Test func `no ΔW is made of a convolution with a core`() throws {
    let found = try comparison(
      [
        Tensor("lora_unet_conv.lora_down.weight", [1, 3, 1, 1], a),
        Tensor("lora_unet_conv.lora_mid.weight", [1, 1, 3, 3], .init(repeating: 1, count: 9)),
        Tensor("lora_unet_conv.lora_up.weight", [2, 1, 1, 1], b),
        Tensor("lora_unet_conv.alpha", [], [1]),
      ], name: "lora.safetensors")
    #expect(found.modules.isEmpty)
    #expect(found.sides.after?.remarks.contains { $0.contains("lora_mid") } == true)
    #expect(found.tensors.first { $0.name.hasSuffix(".alpha") }?.role == .fixed)
  }

  @Test func `the scale of MLX's older versions is times α over the rank`() throws {
    let found = try comparison(
      [Tensor("m.0.q.lora_a", [3, 1], a), Tensor("m.0.q.lora_b", [1, 2], b)],
      configuration: #"{"fine_tune_type":"lora","lora_parameters":{"rank":1,"alpha":4,"scale":10.0}}"#,
      name: "adapters.safetensors")
    #expect(found.modules.first?.scaling.after == 40)
  }

  @Test func `AdaLoRA without α scales by the rank that it began with`() throws {
    let json = #"{"peft_type":"ADALORA","r":8,"init_r":6,"lora_alpha":-1}"#
    let configuration = AdapterConfiguration(try JSONValue(parsing: json))
    #expect(configuration.rank == 6)
    #expect(abs((configuration.scaling(of: "q", rank: 3) ?? 0) - 6 / 3.00001) < 1e-12)
  }

  @Test(arguments: ["[[0, 1]]", "null"])
  func `nothing is held against a base whose layers are other ones, and a base that lacks modules is told`(
    replication: String
  ) throws {
    let folder = try TemporaryFolder()
    let name = "base_model.model.m.0.q"
    try folder.write(
      "a/adapter_model.safetensors",
      SafetensorsBytes.file([
        Tensor(name + ".lora_A.weight", [1, 3], a), Tensor(name + ".lora_B.weight", [2, 1], b),
      ]))
    try folder.write(
      "a/adapter_config.json", #"{"r":1,"lora_alpha":1,"layer_replication":\#(replication)}"#)
    let isReplicated = replication != "null"
    let base = isReplicated ? "m.0.q.weight" : "m.1.q.weight"
    try folder.write(
      "base/model.safetensors",
      SafetensorsBytes.file([Tensor(base, [2, 3], .init(repeating: 1, count: 6))]))
    let adapter = try Checkpoint(opening: folder.file("a"))
    let found = try CheckpointComparison(adapter, adapter, base: Checkpoint(opening: folder.file("base")))
    #expect(found.modules.first?.base == nil)
    let words = isReplicated ? "layer_replication" : "1 of 1 module of the adapter has no weight"
    #expect(found.sides.after?.remarks.contains { $0.hasPrefix(words) } == true)
  }

  @Test func `MLX keeps the factors the other way round, and the scale in its configuration`() throws {
    let found = try comparison(
      [Tensor("m.0.q.lora_a", [3, 1], a), Tensor("m.0.q.lora_b", [1, 2], b)],
      configuration: #"{"fine_tune_type":"lora","lora_parameters":{"rank":1,"scale":20.0}}"#,
      name: "adapters.safetensors")
    try expect(found, norm: 20 * norm, "m.0.q", scaling: 20)
  }

  @Test func `kohya keeps α as a tensor and flattens names`() throws {
    let found = try comparison(
      [
        Tensor("lora_unet_down_0_to_q.lora_down.weight", [1, 3], a),
        Tensor("lora_unet_down_0_to_q.lora_up.weight", [2, 1], b),
        Tensor("lora_unet_down_0_to_q.alpha", [], [0.5]),
      ], name: "lora.safetensors")
    try expect(found, norm: norm / 2, "lora_unet_down.0.to_q", scaling: 0.5)
    #expect(found.modules.first?.name.layer == 0)
  }

  @Test func `diffusers' older names scale by 1, its newer by the header`() throws {
    let old = try comparison(
      [
        Tensor("unet.0.attn1.processor.to_q_lora.down.weight", [1, 3], a),
        Tensor("unet.0.attn1.processor.to_q_lora.up.weight", [2, 1], b),
      ], name: "pytorch_lora_weights.safetensors")
    try expect(old, norm: norm, "unet.0.attn1.to_q", scaling: 1)
    let new = try comparison(
      [Tensor("unet.0.to_q.lora_A.weight", [1, 3], a), Tensor("unet.0.to_q.lora_B.weight", [2, 1], b)],
      name: "pytorch_lora_weights.safetensors",
      metadata: [("lora_adapter_metadata", #"{\"unet.r\": 1, \"unet.lora_alpha\": 3}"#)])
    try expect(new, norm: 3 * norm, "unet.0.to_q", scaling: 3)
  }

  @Test func `KaSA's diagonal stands between the factors`() throws {
    let found = try comparison(
      [
        Tensor("base_model.model.q.lora_A.weight", [1, 3], a),
        Tensor("base_model.model.q.lora_B.weight", [2, 1], b),
        Tensor("base_model.model.q.lora_diag", [1], [0.25]),
      ], configuration: #"{"peft_type":"LORA","r":1,"lora_alpha":2,"kasa_config":{"beta":1e-4}}"#)
    try expect(found, norm: norm / 2, "q", scaling: 2)
    #expect(found.sides.after?.configuration?.initialisation == "KaSA")
  }

  @Test func `BD-LoRA, QA-LoRA and kinds that only share the names are declined by name`() throws {
    for (keys, name) in [
      (#""peft_type":"LORA","use_bdlora":{}"#, "BD-LoRA"),
      (#""peft_type":"LORA","use_qalora":true"#, "QA-LoRA"), (#""peft_type":"XLORA""#, "XLORA"),
    ] {
      let found = try comparison(
        [Tensor("q.lora_A.weight", [1, 3], a), Tensor("q.lora_B.weight", [2, 1], b)],
        configuration: "{\"r\":1,\"lora_alpha\":2,\(keys)}")
      #expect(found.modules.isEmpty && found.tensors.count == 2)
      #expect(
        found.sides.after?.remarks == ["\(name): no ΔW is made of its factors, which are compared one by one"]
      )
    }
  }

  @Test func `a convolution in groups is declined, its groups counted`() throws {
    let found = try comparison(
      [
        Tensor("conv.lora_A.weight", [4, 2, 1, 1], [1, 2, 3, 4, 5, 6, 7, 8]),
        Tensor("conv.lora_B.weight", [2, 2, 1, 1], [1, 2, 3, 4]),
      ], configuration: #"{"peft_type":"LORA","r":4,"lora_alpha":4}"#)
    #expect(found.modules.isEmpty && found.tensors.count == 2)
    #expect(
      found.sides.after?.remarks
        == ["conv: no ΔW is made of a convolution in 2 groups: its factors are compared one by one"])
  }

  @Test func `patterns of ranks are held against the name of a parameter of experts`() throws {
    // Two experts of rank 1, where the configuration's own rank is 4.
    let found = try comparison(
      [
        Tensor("m.experts.lora_A.weight", [2, 3], [1, 2, 3, 0, 0, 1]),
        Tensor("m.experts.lora_B.weight", [2, 2], [2, 0, 0, 5]),
      ],
      configuration: """
        {"peft_type":"LORA","r":4,"lora_alpha":8,"target_modules":[],"target_parameters":["experts.down_proj"],
        "rank_pattern":{"experts.down_proj":1},"alpha_pattern":{"experts.down_proj":3}}
        """)
    #expect(found.modules.map(\.expert) == [0, 1])
    #expect(found.modules.map(\.scaling.after) == [3, 3])
    #expect(abs((found.modules[0].deltaNorm.after ?? 0) - 3 * norm) < 1e-12)
    #expect(abs((found.modules[1].deltaNorm.after ?? 0) - 15) < 1e-12)
  }

  @Test func `what stands beside the adapter counts, and what is fixed does not`() throws {
    let factors = [
      Tensor("base_model.model.q.lora_A.weight", [1, 3], a),
      Tensor("base_model.model.q.lora_B.weight", [2, 1], b),
    ]
    let found = try comparison(
      factors + [
        Tensor("base_model.model.q.base_layer.weight", [2, 3], [1, 2, 3, 4, 5, 6]),
        Tensor("base_model.model.lm_head.original_module.weight", [1, 3], a),
        Tensor("base_model.model.lm_head.weight", [1, 3], a),
      ], configuration: #"{"peft_type":"LORA","r":1,"lora_alpha":1}"#,
      others: [("value_head.safetensors", [Tensor("v_head.summary.weight", [1, 2], [3, 4])])])
    #expect(found.wholeTensors.map(\.name) == ["lm_head.weight", "v_head.summary.weight"])
    #expect(abs((found.wholeTotal?.norm.after ?? 0) - (14.0 + 25).squareRoot()) < 1e-12)
    #expect(found.sides.after?.remarks == ["with 1 tensor of value_head.safetensors beside the adapter"])
  }

  @Test func `a whole state matches the adapter's own file, and its frozen originals are no loss`() throws {
    let folder = try TemporaryFolder()
    let small = SafetensorsBytes.file([
      Tensor("base_model.model.q.lora_A.weight", [1, 3], a),
      Tensor("base_model.model.q.lora_B.weight", [2, 1], b),
      Tensor("base_model.model.lm_head.weight", [1, 3], a),
    ])
    let whole = SafetensorsBytes.file([
      Tensor("base_model.model.q._checkpoint_wrapped_module.lora_A.default.weight", [1, 3], a),
      Tensor("base_model.model.q.lora_B.default.weight", [2, 1], b),
      Tensor("base_model.model.q.base_layer.weight", [2, 3], [1, 2, 3, 4, 5, 6]),
      Tensor("base_model.model.lm_head.original_module.weight", [1, 3], [9, 9, 9]),
      Tensor("base_model.model.lm_head.modules_to_save.default.weight", [1, 3], a),
    ])
    let found = try CheckpointComparison(
      Checkpoint(opening: folder.write("a.safetensors", small)),
      Checkpoint(opening: folder.write("b.safetensors", whole)))
    #expect(found.onlyBefore.isEmpty && found.onlyAfter.isEmpty)
    #expect(found.hasSameTensors)
  }

  @Test(arguments: [
    (#"{"peft_type":"LORA","r":1,"lora_alpha":1}"#, #"{"peft_type":"LORA","r":1,"lora_alpha":2}"#),
    (
      #"{"peft_type":"LORA","r":1,"lora_alpha":1}"#,
      #"{"peft_type":"LORA","r":1,"lora_alpha":1,"fan_in_fan_out":true}"#
    ),
    (
      #"{"peft_type":"LORA","r":1,"lora_alpha":1}"#,
      #"{"peft_type":"LORA","r":1,"lora_alpha":1,"use_dora":true}"#
    ),
  ])
  func `the same bits under another configuration are not the same weights`(before: String, after: String)
    throws
  {
    func open(_ configuration: String) throws -> (Checkpoint, TemporaryFolder) {
      let folder = try TemporaryFolder()
      try folder.write(
        "adapter_model.safetensors",
        SafetensorsBytes.file([
          Tensor("q.lora_A.weight", [1, 3], a), Tensor("q.lora_B.weight", [2, 1], b),
        ]))
      try folder.write("adapter_config.json", configuration)
      return (try Checkpoint(opening: folder.path), folder)
    }
    let (first, one) = try open(before), (second, two) = try open(after)
    let found = try CheckpointComparison(first, second)
    #expect(found.hasSameTensors && !found.isIdentical)
    #expect(try CheckpointComparison(first, first).isIdentical)
    _ = (one, two)
  }
}
