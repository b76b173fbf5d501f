extension SettingImportance {
  /// The levels of a setting over some runs: its values, or of a number most of whose values one run alone has, as in a
  /// random search, three to five ranges with as many runs each. With two an optimum in the middle would not show.
  struct Levels {
    let codes: [Int]
    private let values: [String?]

    init(_ setting: VaryingSetting, runs: [Int]) {
      values = runs.map { setting.values[$0] }
      let values = values
      let different = Set(values)
      let alone = different.count { value in values.count { $0 == value } == 1 }
      guard alone * 2 > different.count, let numbers = setting.numbers else {
        let order = [nil] + setting.levels.map(Optional.some)
        let present = order.filter(different.contains)
        let places = Dictionary(uniqueKeysWithValues: present.enumerated().map { ($1, $0) })
        codes = values.map { places[$0] ?? 0 }
        return
      }
      let sorted = runs.compactMap { numbers[$0] }.sorted()
      let rangeCount = max(3, min(5, runs.count / 4))
      codes = runs.map { run in
        guard let number = numbers[run] else { return 0 }
        // Equal numbers fall into one range: that of the first of them.
        let rank = sorted.firstIndex(of: number) ?? 0
        return 1 + rank * rangeCount / max(sorted.count, 1)
      }
    }

    /// What each level has come to.
    func levels(_ figures: [Double]) -> [Level] {
      Set(codes).sorted().map { code in
        let members = codes.indices.filter { codes[$0] == code }
        let told = members.compactMap { values[$0] }
        let ends = VaryingSetting(name: "", values: told).levels
        let first = members.first.map { figures[$0] } ?? 0
        let mean = first + members.reduce(0) { $0 + (figures[$1] - first) } / Double(max(members.count, 1))
        return Level(first: ends.first, last: ends.last, mean: mean, count: members.count)
      }
    }
  }

  /// Sums of squares of figures.
  struct Variance {
    private let figures: [Double]
    /// About their mean.
    let total: Double

    init(_ figures: [Double]) {
      let first = figures.first ?? 0
      let mean = first + figures.reduce(0) { $0 + ($1 - first) } / Double(max(figures.count, 1))
      self.figures = figures.map { $0 - mean }
      let centred = self.figures
      total = centred.reduce(0) { $0 + $1 * $1 }
    }

    /// The mean square within `cells`; nil where none has two figures.
    func error(within cells: [Int]) -> Double? {
      let freedom = figures.count - Set(cells).count
      return freedom > 0 ? squares(figures, about: means(figures, cells), cells) / Double(freedom) : nil
    }

    /// ε² of levels, by the mean square `error`, or where that is nil by the one within them; nil where every figure is a
    /// level of its own.
    func share(between codes: [Int], error: Double?) -> Double? {
      let count = Set(codes).count
      guard count < figures.count else { return nil }
      guard count > 1 else { return 0 }
      let within = squares(figures, about: means(figures, codes), codes)
      let chance = Double(count - 1) * (error ?? within / Double(figures.count - count))
      return max(0, (total - within - chance) / total)
    }

    /// The share of the cells of two settings beyond both; nil without repeats in the cells.
    func interaction(_ left: [Int], _ right: [Int], error: Double?) -> Double? {
      let cells = codes(of: zip(left, right).map { [$0, $1] })
      let cellCount = Set(cells).count
      let freedom = cellCount - Set(left).count - Set(right).count + 1
      guard cellCount < figures.count, freedom > 0 else { return nil }
      let within = squares(figures, about: means(figures, cells), cells)
      let noise = error ?? within / Double(figures.count - cellCount)
      let between = additiveResidual(left, right) - within
      return max(0, (between - Double(freedom) * noise) / total)
    }

    /// The sum of squares about the sum of two effects, fitted by least squares (by turns, which comes to the same).
    private func additiveResidual(_ left: [Int], _ right: [Int]) -> Double {
      var residual = figures
      var last = total
      for _ in 0..<1000 {
        for codes in [left, right] {
          let means = means(residual, codes)
          for index in residual.indices { residual[index] -= means[codes[index]] }
        }
        let squares = residual.reduce(0) { $0 + $1 * $1 }
        if last - squares <= 1e-14 * total { return squares }
        last = squares
      }
      return last
    }

    private func codes(of keys: [[Int]]) -> [Int] { SettingImportance.codes(of: keys) }

    private func means(_ values: [Double], _ codes: [Int]) -> [Double] {
      var sums = Array(repeating: 0.0, count: (codes.max() ?? -1) + 1)
      var counts = sums
      for (value, code) in zip(values, codes) {
        sums[code] += value
        counts[code] += 1
      }
      return zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
    }

    private func squares(_ values: [Double], about means: [Double], _ codes: [Int]) -> Double {
      zip(values, codes).reduce(0) { $0 + ($1.0 - means[$1.1]) * ($1.0 - means[$1.1]) }
    }
  }
}
