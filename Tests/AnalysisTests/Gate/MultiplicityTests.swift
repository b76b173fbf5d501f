import RunFolder
import Testing

@testable import Analysis

@Suite struct MultiplicityTests {
  /// A gate whose figure is so many standard errors above the baseline's, and so fails by itself from 1.645 on.
  private func result(_ id: String, errors: Double) -> GateResult {
    let effect = Effect(
      base: 1, new: 1 + 0.01 * errors, standardError: 0.01, confidence: 0.95, method: .welch)
    var check = GateCheck(
      subject: id, bound: .increase(.absolute(0)), status: errors > 1.645 ? .fail : .inconclusive,
      reason: errors > 1.645 ? .beyond : .undecided(.noise))
    check.effect = effect
    let gate = Gate(id: id, subject: .metric(.init(id)), statistic: .final, bounds: [.increase(.absolute(0))])
    return GateResult(gate: gate, checks: [check])
  }

  @Test func `one failure by a hair among ten is not one`() {
    let results = [result("a", errors: 2)] + (0..<9).map { result("\($0)", errors: 0.1) }
    #expect(Multiplicity.none.applied(to: results) == results)
    let held = Multiplicity.holm.applied(to: results)
    #expect(held[0].status == .inconclusive)
    #expect(held[0].checks[0].reason == .oneOfMany(10))
    #expect(Array(held.dropFirst()) == Array(results.dropFirst()))
  }

  /// The upper tails at 3.2, 2.6, 2.4 and 1.9 deviations are .00069, .0047, .0082 and .0287; Holm's bounds are .05
  /// divided by 4, 3, 2 and 1 (statsmodels' multipletests rejects all four), and with 1.6 (.0548) none of the last.
  @Test func `each failure is held to as many as are left`() {
    let all = [1.9, 3.2, 2.4, 2.6].map { result("\($0)", errors: $0) }
    #expect(Multiplicity.holm.applied(to: all).map(\.status) == [.fail, .fail, .fail, .fail])
    let some = [1.9, 3.2, 1.7, 2.6].map { result("\($0)", errors: $0) }
    #expect(
      Multiplicity.holm.applied(to: some).map(\.status) == [.inconclusive, .fail, .inconclusive, .fail])
  }

  @Test func `a single gate and what fails without a test stay as they are`() {
    let single = [result("a", errors: 1.7)]
    #expect(Multiplicity.holm.applied(to: single) == single)
    var dead = result("dead", errors: 1.7)
    dead.checks[0].effect = nil
    dead.checks[0].reason = .nonFinite(step: 10)
    let results = [dead, result("a", errors: 1.7)]
    #expect(Multiplicity.holm.applied(to: results) == results)
  }

  @Test func `a floor is as good as a ceiling`() {
    var floor = result("floor", errors: -2)
    floor.checks[0].bound = .decrease(.absolute(0))
    (floor.checks[0].status, floor.checks[0].reason) = (.fail, .beyond)
    let results = [floor] + (0..<9).map { result("\($0)", errors: 0) }
    #expect(Multiplicity.holm.applied(to: results)[0].status == .inconclusive)
    #expect(Multiplicity.holm.applied(to: [floor, result("a", errors: 0)])[0].status == .fail)
  }
}
