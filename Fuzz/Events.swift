import EventFile

/// An event file, plain or compressed: records, events, tensors, hyperparameters.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count).bytes
  guard let path = FuzzFolder.write("events.out.tfevents.1", bytes),
    let contents = try? EventFileContents(reading: path)
  else { return 0 }
  var pointCount = 0
  let visited = try? EventFileContents.visitPoints(of: path) { _ in pointCount += 1 }
  precondition(visited?.faults == contents.faults)
  precondition(pointCount == contents.series.reduce(0) { $0 + $1.count })
  for series in contents.values.prefix(64) {
    var read = 0
    try? EventFileContents.visitValues(
      of: path, at: series.places, plugin: series.plugin, metadata: series.metadata
    ) { _, _ in read += 1 }
    precondition(read == series.places.count)
  }
  _ = EventRun(name: "", path: "", files: [contents])
  // Nothing before the framing decides over what an event may be: the bytes as one event.
  _ = Event(decoding: bytes)
  return 0
}
