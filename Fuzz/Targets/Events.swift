import EventFile

/// An event file, plain or compressed: records, events, tensors, hyperparameters.
func fuzzEvents(_ bytes: RawSpan) {
  // Nothing before the framing decides over what an event may be: the bytes as one event.
  _ = Event(decoding: bytes)
  guard let path = FuzzFolder.write("events.out.tfevents.1", bytes) else { return }
  readEvents(path)
}

/// Reads an event file by each of the ways there are, which have to agree.
func readEvents(_ path: String) {
  guard let contents = try? EventFileContents(reading: path) else { return }
  var pointCount = 0
  let visited = try? EventFileContents.visitPoints(of: path) { _ in pointCount += 1 }
  precondition(visited?.faults == contents.faults)
  precondition(pointCount == contents.series.reduce(0) { $0 + $1.count })
  for series in contents.values.prefix(64) {
    var read = 0
    try? EventFileContents.visitValues(
      of: path, at: series.places, plugin: series.plugin, metadata: series.metadata
    ) { _, value in
      read += 1
      lookAt(value)
    }
    precondition(read == series.places.count)
  }
  _ = EventRun(name: "", path: "", files: [contents])
}
