import Experiment
import Report

/// The page on what changed between two saves, whichever is named first.
func page(onSaves first: String, _ second: String) throws -> String {
  CheckpointReport(try CheckpointAnalysis(comparing: first, with: second)).markdown
}
