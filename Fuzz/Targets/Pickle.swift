import Bytes

@testable import Checkpoint

/// A pickle, and a walk over what it builds.
func fuzzPickle(_ bytes: RawSpan) {
  var reader = ByteReader(bytes)
  guard let graph = try? PickleReader.read(&reader) else { return }
  for index in graph.nodes.indices {
    let value = PickleValue(graph, PickleGraph.Index(index))
    _ = (value.bytes, value.extents, value.enumerationValue, value.keyText, value.attribute("a"))
    _ = value.children.count
  }
}
