import Analysis

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What other rules say to the same curves: each fails a run whose rise is above a margin of 1 %, by its own test.
enum Peers {
  /// The rule of many pipelines: the last value alone.
  static func lastValue(_ base: [Double], _ new: [Double]) -> Bool {
    guard let old = base.last, let last = new.last else { return false }
    return last - old > 0.01 * abs(old)
  }

  /// Welch's test over the last tenth of the points, at least twenty, each taken for independent.
  static func welch(_ base: [Double], _ new: [Double]) -> Bool {
    let (left, right) = (window(base), window(new))
    let (meanL, partL) = moments(left)
    let (meanR, partR) = moments(right)
    let error = (partL + partR).squareRoot()
    let freedom =
      (partL + partR) * (partL + partR)
      / (partL * partL / Double(left.count - 1) + partR * partR / Double(right.count - 1))
    guard error > 0, let student = StudentT(degreesOfFreedom: freedom) else { return false }
    return (meanR - meanL) / error > student.quantile(0.95) && meanR - meanL > 0.01 * abs(meanL)
  }

  /// Mann and Whitney's test over the same points, by its normal limit.
  static func mannWhitney(_ base: [Double], _ new: [Double]) -> Bool {
    let (left, right) = (window(base), window(new))
    var ranks = 0.0
    let all = (left.map { ($0, 0) } + right.map { ($0, 1) }).sorted { $0.0 < $1.0 }
    for (index, entry) in all.enumerated() where entry.1 == 1 { ranks += Double(index + 1) }
    let (m, n) = (Double(left.count), Double(right.count))
    let statistic = ranks - n * (n + 1) / 2
    let z = (statistic - m * n / 2) / (m * n * (m + n + 1) / 12).squareRoot()
    let (meanL, meanR) = (moments(left).mean, moments(right).mean)
    return z > 1.6448536269514722 && meanR - meanL > 0.01 * abs(meanL)
  }

  private static func window(_ values: [Double]) -> ArraySlice<Double> {
    values.suffix(max(20, (values.count + 9) / 10))
  }

  /// The mean and its variance, were the points independent.
  private static func moments(_ values: ArraySlice<Double>) -> (mean: Double, part: Double) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1) / n)
  }
}
