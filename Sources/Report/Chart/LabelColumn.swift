/// Labels beside the ends of lines, one under the other.
enum LabelColumn {
  /// Places for labels that would like to stand at `wanted`, at least `gap` apart and within `range`, in the order of
  /// `wanted`; each as near to its wish as the others allow.
  ///
  /// Labels that touch form a block, which stands at the mean of its wishes (pool adjacent violators). Where even
  /// `range` is too short for all, they are spread over it evenly.
  static func places(_ wanted: [Double], gap: Double, in range: ClosedRange<Double>) -> [Double] {
    let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    let length = range.upperBound - range.lowerBound
    let gap = min(gap, order.count > 1 ? length / Double(order.count - 1) : gap)
    // A wish less what stands above it: the blocks of these must not decrease.
    var blocks: [(sum: Double, count: Int)] = []
    for (rank, index) in order.enumerated() {
      var block = (sum: wanted[index] - Double(rank) * gap, count: 1)
      while let above = blocks.last, above.sum * Double(block.count) >= block.sum * Double(above.count) {
        block = (above.sum + block.sum, above.count + block.count)
        blocks.removeLast()
      }
      blocks.append(block)
    }
    var places = wanted
    var rank = 0
    let highest = max(range.lowerBound, range.upperBound - Double(order.count - 1) * gap)
    for block in blocks {
      let base = min(max(block.sum / Double(block.count), range.lowerBound), highest)
      for _ in 0..<block.count {
        places[order[rank]] = base + Double(rank) * gap
        rank += 1
      }
    }
    return places
  }
}
