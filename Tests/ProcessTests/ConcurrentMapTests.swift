import Process
import Testing

struct ConcurrentMapTests {
  @Test(arguments: [0, 1, 2, 1000], [1, 2, 4])
  func `Results stand in the order of their indices`(count: Int, threads: Int) {
    #expect(concurrentMap(count: count, threads: threads) { $0 * $0 } == (0..<count).map { $0 * $0 })
  }

  @Test(arguments: [0, 1, 2, 1000], [1, 2, 4])
  func `Each result is combined once, with its own index`(count: Int, threads: Int) {
    let found = concurrentFold(count: count, threads: threads, into: [Int: Int]()) {
      2 * $0
    } _: { sums, index, element in
      sums[index, default: 0] += element
    }
    #expect(found == Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, 2 * $0) }))
  }
}
