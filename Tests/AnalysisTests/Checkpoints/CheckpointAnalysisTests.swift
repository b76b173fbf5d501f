import Analysis
import Checkpoint
import EventFile
import RunFolder
import TestSupport
import Testing
import Weights

@Suite struct CheckpointAnalysisTests {
  /// A tensor of an adapter or a model.
  private struct Tensor {
    var name: String
    var shape: [Int]
    var values: [Float]
  }

  private func file(_ tensors: [Tensor]) -> [UInt8] {
    var data: [UInt8] = []
    var entries: [String] = []
    for tensor in tensors {
      let start = data.count
      for value in tensor.values {
        for byte in 0..<4 { data.append(UInt8(truncatingIfNeeded: value.bitPattern >> (8 * byte))) }
      }
      entries.append(
        #""\#(tensor.name)":{"dtype":"F32","shape":\#(tensor.shape),"data_offsets":[\#(start),\#(data.count)]}"#
      )
    }
    let header = Array("{\(entries.joined(separator: ","))}".utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + data
  }

  private static let configuration = #"{"peft_type":"LORA","r":4,"lora_alpha":4}"#

  @Test func `what the saves tell is among the findings of the run`() throws {
    func entry(_ step: Int64, nonFinite: Int = 0, identical: Bool = false) throws -> CheckpointHistory.Entry {
      var entry = CheckpointHistory.Entry(
        step: step, path: "checkpoint-\(step)", training: nil, nonFiniteCount: nonFinite)
      if identical {
        let weight = [Tensor(name: "w", shape: [1], values: [1])]
        entry.change = .init(try analyse(weight, weight, configuration: nil))
      }
      return entry
    }
    let run = RunAnalysis(of: TrainingRun(name: "r", path: "r"))
    func findings(_ entries: [CheckpointHistory.Entry]) -> [Finding] {
      run.considering(CheckpointHistory(entries: entries, last: nil)).findings
    }
    let broken = findings([try entry(10), try entry(20, nonFinite: 3), try entry(30, nonFinite: 1)])
    #expect(broken.map(\.severity) == [.failure])
    #expect(broken.map(\.cause) == [.savedWeights(lasts: true)])
    #expect(broken.map(\.step) == [20])
    #expect(findings([try entry(10, nonFinite: 3), try entry(20)]).map(\.severity) == [.warning])
    let same = findings([try entry(10), try entry(20, identical: true), try entry(30, identical: true)])
    #expect(same.map(\.kind) == [.identicalSaves])
    #expect(same.map(\.severity) == [.warning])
    let once = findings([try entry(10), try entry(20, identical: true), try entry(30)])
    #expect(once.map(\.severity) == [.note])
    #expect(findings([try entry(10), try entry(20)]).isEmpty)
  }

  /// Eight layers of q and v, r 4: A the identity on four of six inputs, B `scale` times a diagonal.
  private func adapter(_ scale: (_ type: String, _ layer: Int) -> [Float]) -> [Tensor] {
    var tensors: [Tensor] = []
    for layer in 0..<8 {
      for type in ["q_proj", "v_proj"] {
        let name = "base_model.model.model.layers.\(layer).self_attn.\(type)"
        var a = [Float](repeating: 0, count: 24), b = a
        let diagonal = scale(type, layer)
        for i in 0..<4 {
          a[i * 6 + i] = 1
          b[i * 4 + i] = diagonal[i]
        }
        tensors.append(Tensor(name: name + ".lora_A.weight", shape: [4, 6], values: a))
        tensors.append(Tensor(name: name + ".lora_B.weight", shape: [6, 4], values: b))
      }
    }
    return tensors
  }

  private func analyse(
    _ before: [Tensor], _ after: [Tensor], configuration: String? = configuration,
    training: Pair<CheckpointTraining?> = Pair(nil, nil)
  ) throws -> CheckpointAnalysis {
    let folder = try TemporaryFolder()
    if let configuration {
      try folder.write("a/adapter_config.json", configuration)
      try folder.write("b/adapter_config.json", configuration)
    }
    try folder.write("a/adapter_model.safetensors", file(before))
    try folder.write("b/adapter_model.safetensors", file(after))
    let comparison = try CheckpointComparison(
      Checkpoint(opening: folder.file("a")), Checkpoint(opening: folder.file("b")))
    return CheckpointAnalysis(comparison, training: training)
  }

  private func finding(_ kind: CheckpointFinding.Kind, in analysis: CheckpointAnalysis) -> CheckpointFinding?
  {
    analysis.findings.first { $0.kind == kind }
  }

  private let even: [Float] = [1, 0.9, 0.8, 0.7]

  @Test func `the same weights twice are identical, and nothing else is found`() throws {
    let tensors = adapter { _, _ in even }
    let found = try analyse(tensors, tensors)
    #expect(found.movement == .identical)
    #expect(found.findings.map(\.kind) == [.identical])
    #expect(found.choice == .init(isAfter: false, reason: .identical))
    #expect(found.concentration == nil)
  }

  @Test func `twice the strength in the same directions is growth`() throws {
    let found = try analyse(adapter { _, _ in even }, adapter { _, _ in even.map { $0 * 2 } })
    #expect(found.movement == .growing)
    #expect(abs((finding(.growing, in: found)?.value ?? 0) - 1) < 1e-9)
  }

  @Test func `a hundredth of change is hardly a movement, a new direction is one`() throws {
    let small = try analyse(adapter { _, _ in even }, adapter { _, _ in even.map { $0 * 1.01 } })
    #expect(small.movement == .still)
    let turned = try analyse(adapter { _, _ in even }, adapter { _, _ in [1, -0.9, 0.8, -0.7] })
    #expect(turned.movement == .moving)
    #expect(finding(.still, in: turned) == nil && finding(.growing, in: turned) == nil)
  }

  /// A history with a save at each of `steps`, all changes but the first `moving` ones hardly a movement.
  private func history(_ steps: [Int64], moving: Int, _ analysis: CheckpointAnalysis) -> CheckpointHistory {
    let turned = try? analyse(adapter { _, _ in even }, adapter { _, _ in [1, -0.9, 0.8, -0.7] })
    let entries = steps.enumerated().map { index, step in
      CheckpointHistory.Entry(
        step: step, path: "", training: nil,
        change: index == 0 ? nil : .init(index <= moving ? turned ?? analysis : analysis))
    }
    return CheckpointHistory(entries: entries, last: analysis)
  }

  @Test func `an adapter has settled after several small changes over a part of the training, not before`()
    throws
  {
    let small = try analyse(adapter { _, _ in even }, adapter { _, _ in even.map { $0 * 1.01 } })
    #expect(history([100, 200, 300, 400], moving: 1, small).settled == 200...400)
    #expect(history([2, 4], moving: 0, small).settled == nil, "two saves")
    #expect(history([100, 200, 300], moving: 1, small).settled == nil, "one small change")
    #expect(history([990, 995, 1000], moving: 0, small).settled == nil, "a hundredth of the training")
    #expect(history([100, 200, 300], moving: 2, small).settled == nil)
  }

  @Test func `the place of the change is found by type and layer`() throws {
    let found = try analyse(
      adapter { _, _ in even },
      adapter { type, layer in type == "v_proj" && layer >= 6 ? [1, -0.9, 0.8, -0.7] : even })
    let place = try #require(found.concentration)
    #expect(place.type == "self_attn.v_proj")
    #expect(place.layers == 6...7)
    #expect(abs(place.typeShare - 1) < 1e-9 && abs(place.layerShare - 1) < 1e-9)
    #expect(finding(.frozen, in: found)?.names.count == 30)
  }

  @Test func `a change spread over everything names no place`() throws {
    let found = try analyse(adapter { _, _ in even }, adapter { _, _ in [1, -0.9, 0.8, -0.7] })
    #expect(found.concentration?.type == nil || (found.concentration?.typeShare ?? 0) <= 0.5 + 1e-9)
    #expect(found.concentration?.layers == nil)
  }

  @Test func `weights in no layer are the place where they hold the most of the change`() throws {
    // Squares of the changes: 4 in the embedding, 0.5 in each of twelve weights of the layers.
    func model(embedding: Float, layers: Float) -> [Tensor] {
      let names = (0..<4).flatMap { layer in
        ["q_proj", "k_proj", "v_proj"].map { "model.layers.\(layer).self_attn.\($0).weight" }
      }
      return [Tensor(name: "model.embed_tokens.weight", shape: [2, 1], values: [embedding, 0])]
        + names.map { Tensor(name: $0, shape: [2, 1], values: [layers, layers]) }
    }
    let found = try analyse(
      model(embedding: 10, layers: 1), model(embedding: 12, layers: 1.5), configuration: nil)
    let place = try #require(found.concentration)
    #expect(place.type == "model.embed_tokens" && place.layers == nil)
    #expect(abs(place.typeShare - 0.4) < 1e-6)
  }

  @Test func `dead modules are listed by name`() throws {
    let found = try analyse(
      adapter { _, _ in even },
      adapter { type, layer in type == "q_proj" && layer == 3 ? [0, 0, 0, 0] : even })
    let dead = try #require(finding(.deadModule, in: found))
    #expect(dead.names == ["model.layers.3.self_attn.q_proj"])
    #expect(dead.side == .after && dead.reference == 16)
  }

  @Test func `a norm a thousand times its type's is an outlier, a little more is none`() throws {
    let found = try analyse(
      adapter { _, layer in even.map { $0 * (1 + 0.02 * Float(layer)) } },
      adapter { type, layer in
        even.map { $0 * (type == "v_proj" && layer == 5 ? 1000 : 1 + 0.02 * Float(layer)) }
      })
    let outliers = found.findings.filter { $0.kind == .outlierNorm }
    #expect(outliers.map(\.names) == [["model.layers.5.self_attn.v_proj"]])
    #expect(outliers[0].side == .after)
  }

  @Test func `values that are not finite are the gravest, and decide which to keep`() throws {
    let found = try analyse(
      adapter { _, _ in even },
      adapter { type, layer in type == "q_proj" && layer == 1 ? [.nan, 1, .infinity, 1] : even })
    let first = try #require(found.findings.first)
    #expect(first.kind == .nonFinite && first.severity == .failure)
    #expect(first.value == 2 && first.index == 0 && first.detail == "NaN and infinite")
    #expect(found.choice == .init(isAfter: false, reason: .finite))
  }

  @Test func `one strong direction of four wastes the rank`() throws {
    let strong: [Float] = [1, 0.01, 0.01, 0.01]
    let found = try analyse(adapter { _, _ in strong }, adapter { _, _ in strong.map { $0 * 1.5 } })
    let wasted = try #require(finding(.rankWasted, in: found))
    #expect(wasted.value == 1 && wasted.reference == 4 && wasted.names.count == 16)
    #expect(finding(.rankWasted, in: try analyse(adapter { _, _ in even }, adapter { _, _ in even })) == nil)
  }

  @Test func `ranks that the configuration does not give are told`() throws {
    let found = try analyse(
      adapter { _, _ in even }, adapter { _, _ in even }, configuration: #"{"r":8,"lora_alpha":8}"#)
    let mismatch = try #require(finding(.rankMismatch, in: found))
    #expect(mismatch.value == 4 && mismatch.reference == 8 && mismatch.severity == .failure)
  }

  @Test func `what the optimizer keeps beside the weights is neither compared nor summed`() throws {
    func weights(_ moment: Float) -> [Tensor] {
      [
        Tensor(name: "decoder.w", shape: [2], values: [3, 4]),
        Tensor(name: "optimizer.state.exp_avg.decoder.w", shape: [2], values: [moment, 0]),
      ]
    }
    let found = try analyse(weights(100), weights(200), configuration: nil)
    #expect(found.comparison.tensors.map(\.name) == ["decoder.w"])
    #expect(found.comparison.total.norm == Pair(5, 5))
    #expect(found.comparison.onlyAfter.isEmpty && found.comparison.onlyBefore.isEmpty)
    #expect(finding(.remark, in: found)?.detail == "1 tensor of the optimizer's state left out")
    #expect(found.movement == .identical)
  }

  @Test func `a loss that was logged as 0 in the place of NaN is NaN beside a checkpoint`() {
    func loss(gradient: Double) -> Double? {
      var losses = Series(tag: "train/loss"), norms = Series(tag: "train/grad_norm")
      for (step, value) in [(10, 2.0), (20, 0)] {
        losses.append(Point(step: Int64(step), wallTime: 0, value: value))
        norms.append(Point(step: Int64(step), wallTime: 0, value: step == 20 ? gradient : 1))
      }
      let merged = SeriesMerge([SeriesMerge.Segment(series: [losses, norms])])
      let run = TrainingRun(name: "", path: "", metrics: merged.metrics)
      return CheckpointTraining(run, step: 25).loss
    }
    #expect(loss(gradient: .nan)?.isNaN == true)
    #expect(loss(gradient: 1) == 0, "a loss can be 0")
  }

  @Test func `without a configuration the scaling is not known`() throws {
    let found = try analyse(
      adapter { _, _ in even }, adapter { _, _ in even.map { $0 * 2 } }, configuration: nil)
    let findings = found.findings.filter { $0.kind == .scalingUnknown }
    #expect(findings.count == 1 && findings[0].side == nil, "both sides at once")
  }

  @Test func `modules that AdaLoRA pruned away are no failure`() throws {
    let empty = [
      Tensor(name: "model.q_proj.lora_A", shape: [0, 6], values: []),
      Tensor(name: "model.q_proj.lora_B", shape: [6, 0], values: []),
    ]
    let pruned = try analyse(
      empty, empty, configuration: #"{"peft_type":"ADALORA","init_r":4,"lora_alpha":4}"#)
    #expect(finding(.emptyTensor, in: pruned)?.severity == .note)
    let lost = try analyse(empty, empty)
    #expect(finding(.emptyTensor, in: lost)?.severity == .failure)
  }

  @Test func `tensors without elements are told`() throws {
    let empty = [Tensor(name: "model.w", shape: [0], values: [])]
    let found = try analyse(empty, empty)
    #expect(found.findings.filter { $0.kind == .emptyTensor }.map(\.names) == [["model.w"], ["model.w"]])
  }

  @Test func `an initialisation that changes the base model is told`() throws {
    let text = #"{"r":4,"lora_alpha":4,"init_lora_weights":"pissa_niter_4"}"#
    let found = try analyse(adapter { _, _ in even }, adapter { _, _ in even }, configuration: text)
    #expect(finding(.initialisation, in: found)?.detail == "pissa_niter_4")
  }

  @Test(arguments: [
    (4.0, 3.9, true, true), (3.9, 4.0, false, true), (4.0, 4.001, false, false),
  ])
  func `the lower evaluation loss decides, and at equal ones the earlier`(
    before: Double, after: Double, isAfter: Bool, decides: Bool
  ) throws {
    func training(_ step: Int64, _ value: Double) -> CheckpointTraining {
      CheckpointTraining(step: step, loss: nil, evaluation: value, evaluations: [])
    }
    let found = try analyse(
      adapter { _, _ in even }, adapter { _, _ in even.map { $0 * 2 } },
      training: Pair(training(1, before), training(2, after)))
    let choice = try #require(found.choice)
    #expect(choice.isAfter == isAfter)
    if case .lowerEvaluation = choice.reason { #expect(decides) } else { #expect(!decides) }
  }

  @Test func `groups and stacks sum up to the whole`() throws {
    let found = try analyse(
      adapter { _, _ in even }, adapter { _, layer in even.map { $0 * Float(layer + 1) } })
    #expect(found.groups.map(\.type) == ["self_attn.q_proj", "self_attn.v_proj"])
    #expect(found.groups.map(\.count) == [8, 8])
    #expect(abs(found.groups.reduce(0) { $0 + $1.changeShare } - 1) < 1e-12)
    let stack = try #require(found.stacks.first)
    #expect(stack.name == "model.layers" && stack.layers == Array(0..<8))
    let squares = stack.totals.reduce(0) { $0 + $1.differenceNorm * $1.differenceNorm }
    let total = found.comparison.total.differenceNorm
    #expect(abs(squares - total * total) < 1e-9 * total * total)
    #expect(stack.cells.flatMap { $0 }.allSatisfy { $0 != nil })
  }

  @Test func `a history's best is the earliest least evaluation among the sound`() {
    func entry(_ step: Int64, _ value: Double?, broken: Int = 0) -> CheckpointHistory.Entry {
      .init(
        step: step, path: "",
        training: .init(step: step, loss: nil, evaluation: value, evaluations: []), nonFiniteCount: broken)
    }
    let entries = [
      entry(1, 3), entry(2, 2), entry(3, 2), entry(4, 1, broken: 1), entry(5, .nan), entry(6, nil),
    ]
    #expect(CheckpointHistory(entries: entries, last: nil).best == 1)
    #expect(CheckpointHistory(entries: [], last: nil).best == nil)
  }

  @Test
  func `layers stand in their order, whatever the order of the tensors, with gaps where a type has none`()
    throws
  {
    func model(_ scale: Float) -> [Tensor] {
      [(10, "mlp"), (2, "attn"), (2, "mlp"), (0, "attn"), (10, "attn")].map { layer, type in
        Tensor(name: "model.layers.\(layer).\(type).weight", shape: [1], values: [Float(layer + 1) * scale])
      }
    }
    let found = try analyse(model(1), model(2), configuration: nil)
    let stack = try #require(found.stacks.first)
    #expect(found.stacks.count == 1)
    #expect(stack.layers == [0, 2, 10])
    #expect(stack.types == ["mlp", "attn"])
    #expect(stack.cells[0].map { $0?.norm.before } == [nil, 3, 11])
    #expect(stack.cells[1].map { $0?.norm.before } == [1, 3, 11])
    let totals = stack.totals.map(\.norm.before)
    let wanted = [1, 18.0.squareRoot(), 242.0.squareRoot()]
    #expect(zip(totals, wanted).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(found.groups.map(\.count) == [2, 3])
  }
}
