import Bytes

@testable import Checkpoint

/// A pickle, and a walk over what it builds.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var reader = ByteReader(unsafe UnsafeRawBufferPointer(start: start, count: count).bytes)
  guard let graph = try? PickleReader.read(&reader) else { return 0 }
  for index in graph.nodes.indices {
    let value = PickleValue(graph, PickleGraph.Index(index))
    _ = (value.bytes, value.extents, value.enumerationValue, value.keyText, value.attribute("a"))
    _ = value.children.count
  }
  return 0
}
