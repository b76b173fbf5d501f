import TestSupport
import Testing

@testable import Analysis

@Suite struct SelectionTests {
  @Test(arguments: [1, 2, 3, 10, 101])
  func `every place gets the value of the sorted order`(count: Int) {
    var random = SeededRandom(seed: UInt64(count))
    let values = (0..<count).map { _ in Double(random.next() % 20) }
    let sorted = values.sorted()
    for index in 0..<count {
      var copy = values
      Selection.partition(&copy, at: index)
      #expect(copy[index] == sorted[index])
      #expect(copy[..<index].allSatisfy { $0 <= copy[index] })
      #expect(copy[index...].allSatisfy { $0 >= copy[index] })
      #expect(copy.sorted() == sorted)
    }
  }
}
