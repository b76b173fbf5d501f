import Testing

@testable import EventFile

struct HyperparameterTextTests {
  private static let singles: [(Float, String)] = [
    (0.3, "0.3"), (2e-5, "2e-05"), (0.5, "0.5"), (0.33333334, "0.33333334"), (8, "8"), (-0.7, "-0.7"),
  ]
  private static let doubles: [(Double, String)] = [
    (0.3, "0.3"), (0.30000000000000004, "0.3"), (-0.30000000000000004, "-0.3"), (1e-4, "0.0001"),
    (1_099_511_627_776, "1099511627776"), (0.3333333333333333, "0.333333333333333"), (1e300, "1e+300"),
    (.nan, "nan"), (.infinity, "inf"),
  ]

  @Test func `a number has the digits that tell it, and none that a widening or a sum left`() {
    for (number, text) in Self.singles { #expect(Hyperparameter.Value.text(of: Double(number)) == text) }
    for (number, text) in Self.doubles { #expect(Hyperparameter.Value.text(of: number) == text) }
  }
}
