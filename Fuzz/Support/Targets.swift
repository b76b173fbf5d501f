import Process

/// What an input is given to.
typealias FuzzTarget = (RawSpan) -> Void

/// The targets by their names. All are in one program, which is linked once: `FTREPORT_FUZZ_TARGET` names the one that runs.
let targets: [String: FuzzTarget] = [
  "Adapters": fuzzAdapters, "Archive": fuzzArchive, "DistributedMetadata": fuzzDistributedMetadata,
  "Events": fuzzEvents, "Folders": fuzzFolders, "Media": fuzzMedia, "Pickle": fuzzPickle,
  "Plugins": fuzzPlugins,
  "Safetensors": fuzzSafetensors, "TensorParallelRules": fuzzTensorParallelRules, "Texts": fuzzTexts,
  "Trackers": fuzzTrackers, "TrainerFiles": fuzzTrainerFiles, "Values": fuzzValues, "Zip": fuzzZip,
]

private let target: FuzzTarget = {
  guard let name = Environment["FTREPORT_FUZZ_TARGET"], let target = targets[name] else {
    fatalError("FTREPORT_FUZZ_TARGET has to be one of \(targets.keys.sorted())")
  }
  return target
}()

/// libFuzzer's door (https://llvm.org/docs/LibFuzzer.html).
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  target(unsafe UnsafeRawBufferPointer(start: start, count: count).bytes)
  return 0
}
