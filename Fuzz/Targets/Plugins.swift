import Analysis
import Bytes
import EventFile
import Experiment
import Media
import Report
import RunFolder

/// A value of each plugin, the input as its tensor or its message: no checksum stands between the fuzzer and the decoder.
/// The first byte chooses the plugin and the field, the next the number of steps.
func fuzzPlugins(_ bytes: RawSpan) {
  let input = bytes.copied()
  guard input.count > 2 else { return }
  let plugins = [
    "histograms", "images", "audio", "text", "pr_curves", "hparams", "custom_scalars", "mesh", "graphs",
    "scalars",
    "graph_run_metadata", "others", "",
  ]
  let plugin = plugins[Int(input[0]) % plugins.count]
  let body = Array(input.dropFirst(2))
  var writer = EventWriter.begun()
  for step in 0..<Int64(input[1] % 4) + 1 {
    // The tensor, the histogram, the picture, the sound; the plugin's own bytes; the graph and the whole event.
    switch Int(input[0]) / plugins.count % 6 {
    case 0: writer.add(EventWriter.event(step, 1000, [value(plugin).bytes(8, body)]))
    case 1: writer.add(EventWriter.event(step, 1000, [value(plugin).bytes(5, body)]))
    case 2: writer.add(EventWriter.event(step, 1000, [value(plugin).bytes(4, body)]))
    case 3: writer.add(EventWriter.event(step, 1000, [value(plugin).bytes(6, body)]))
    case 4:
      let metadata = WireMessage().message(1, WireMessage().text(1, plugin).bytes(2, body))
      writer.add(EventWriter.event(step, 1000, [WireMessage().text(1, "tag").message(9, metadata)]))
    default: writer.add(WireMessage().double(1, 1).varint(2, UInt64(step)).bytes(step % 2 == 0 ? 4 : 9, body))
    }
  }
  guard let path = unsafe FuzzFolder.write("events.out.tfevents.1", writer.bytes.span.bytes) else { return }
  readEvents(path)
  guard let opened = try? OpenedFolder(opening: path) else { return }
  for run in opened.runs {
    let values = RunValues(of: run)
    let report = RunReport(RunAnalysis(of: run), values: values)
    _ = report.files.reduce(0) { $0 + $1.text.utf8.count } + report.mimeBundle.utf8.count
    _ = report.terminalText(TerminalStyle())
    _ = ValueComparison(run, run)
  }
}

private func value(_ plugin: String) -> WireMessage {
  let value = WireMessage().text(1, "tag")
  return plugin.isEmpty ? value : value.message(9, EventWriter.metadata(plugin))
}

/// Does with a value what pages and exports do.
func lookAt(_ value: EventValue) {
  switch value {
  case .images(let images): for image in images.prefix(4) { lookAt(media: image.bytes) }
  case .sounds(let sounds): for sound in sounds.prefix(4) { lookAt(media: sound.bytes) }
  default: break
  }
}

func lookAt(media bytes: [UInt8]) {
  let header = MediaHeader(bytes)
  // Small pictures alone: it is the decoder that is tried, not the patience.
  if let width = header.width, let height = header.height, width < 4096, height < 4096,
    width * height < 1 << 16
  {
    if let bitmap = Bitmap(png: bytes) { precondition(bitmap.meanSquaredDifference(from: bitmap) == 0) }
  }
  if let wave = header.wave {
    for (least, greatest) in wave.envelope(of: bytes, count: 100) { precondition(least <= greatest) }
  }
}
