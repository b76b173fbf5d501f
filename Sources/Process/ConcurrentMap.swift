internal import Libc
internal import Synchronization

/// The results of `body` for 0, 1, … `count - 1`, in this order, computed on as many threads as there are processors.
///
/// The caller waits; it takes part in the work, so that one processor needs no thread.
public func concurrentMap<Element: Sendable>(
  count: Int, threads: Int? = nil, _ body: @Sendable (Int) -> Element
) -> [Element] {
  if min(count, threads ?? processorCount) <= 1 { return (0..<max(0, count)).map(body) }
  let none = [Element?](repeating: nil, count: count)
  return concurrentFold(count: count, threads: threads, into: none, body) { results, index, element in
    results[index] = element
  }.compactMap(\.self)
}

/// What `combine` makes of `initial` and the results of `body` for 0, 1, … `count - 1`, which are computed on as many
/// threads as there are processors and come in as they are ready, one at a time: none is kept but by `combine`.
public func concurrentFold<Element: Sendable, Result: Sendable>(
  count: Int, threads: Int? = nil, into initial: Result, _ body: @Sendable (Int) -> Element,
  _ combine: @Sendable (inout Result, Int, Element) -> Void
) -> Result {
  let threads = min(count, max(1, threads ?? processorCount))
  if threads <= 1 {
    var result = initial
    for index in 0..<max(0, count) { combine(&result, index, body(index)) }
    return result
  }
  return withoutActuallyEscaping(body) { body in
    withoutActuallyEscaping(combine) { combine in
      let work = ConcurrentWork(count: count, into: initial) { result, index in
        let element = body(index)
        result.withLock { combine(&$0, index, element) }
      }
      let helpers = (1..<threads).compactMap { _ in ConcurrentThread { work.run() } }
      work.run()
      for helper in helpers { helper.join() }
      return work.result
    }
  }
}

/// The number of processors that are online.
public var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

/// The indices that are left, and what came of the others.
private final class ConcurrentWork<Result: Sendable>: Sendable {
  private let count: Int
  private let body: @Sendable (borrowing Mutex<Result>, Int) -> Void
  private let next = Atomic<Int>(0)
  private let gathered: Mutex<Result>

  init(count: Int, into initial: Result, _ body: @escaping @Sendable (borrowing Mutex<Result>, Int) -> Void) {
    self.count = count
    self.body = body
    gathered = Mutex(initial)
  }

  func run() {
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      body(gathered, index)
    }
  }

  var result: Result { gathered.withLock { $0 } }
}

/// A thread of the system that runs one closure.
@safe private struct ConcurrentThread {
  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private let thread: pthread_t

  /// Starts a thread, or returns nil where the system has none left.
  init?(_ run: @escaping @Sendable () -> Void) {
    let body = unsafe Unmanaged.passRetained(Body(run)).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let status = unsafe pthread_create(
      &thread, nil,
      { argument in
        #if !canImport(Darwin)
          guard let argument = unsafe argument else { return nil }
        #endif
        unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, body)
    guard status == 0 else {
      unsafe Unmanaged<Body>.fromOpaque(body).release()
      return nil
    }
    #if canImport(Darwin)
      guard let thread = unsafe thread else { return nil }
    #endif
    self.thread = thread
  }

  func join() { pthread_join(thread, nil) }
}
