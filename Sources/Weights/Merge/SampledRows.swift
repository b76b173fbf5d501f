internal import Checkpoint

/// Rows of the ΔW that several adapters make of one module, the same of each.
struct SampledRows {
  /// The elements of each adapter, row after row.
  var values: [[Double]] = []
  /// How many elements each of these stands for.
  var weight: Double

  /// The rows of `modules`, each in its own checkpoint: all where they hold few elements, else as many as the limit
  /// allows and at least eight, spread evenly.
  init(_ modules: [LowRankModule], _ checkpoints: [Checkpoint]) throws(CheckpointError) {
    let count = modules[0].b.length, length = modules[0].a.length
    let wanted = min(count, max(8, AdapterMerge.elementLimit / max(length, 1)))
    let rows = (0..<wanted).map { ($0 * count + count / 2) / wanted }
    weight = Double(count) / Double(max(wanted, 1))
    for (module, checkpoint) in zip(modules, checkpoints) {
      let a = try checkpoint.doubles(ofTensorAt: module.a.tensor)
      let b = try checkpoint.doubles(ofTensorAt: module.b.tensor)
      var diagonal: [Double]?
      if let index = module.diagonal { diagonal = try checkpoint.doubles(ofTensorAt: index) }
      var elements = [Double](repeating: 0, count: wanted * length)
      let scale = module.scaling ?? 1
      for (place, row) in rows.enumerated() {
        let start = place * length
        for i in 0..<module.rank {
          let factor =
            scale * (diagonal?[i] ?? 1) * b[module.b.offset + row * module.b.stepK + i * module.b.stepI]
          guard factor != 0 else { continue }
          let offset = module.a.offset + i * module.a.stepI, step = module.a.stepK
          for k in 0..<length { elements[start + k] += factor * a[offset + k * step] }
        }
      }
      for index in module.tensorIndices { checkpoint.release(tensorAt: index) }
      values.append(elements)
    }
  }
}
