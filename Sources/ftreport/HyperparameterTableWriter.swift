import Analysis
import EventFile
import Experiment
import FileSystem
import JSON
import Report
import RunFolder

/// Writes the sessions of the plugin `hparams` as one table: settings, metrics, status.
enum HyperparameterTableWriter {
  /// The table as CSV, every value as it is.
  static func csv(_ runs: [TrainingRun], keepsFormulas: Bool) -> String {
    func name(_ text: String) -> String { CSVField.text(text, keepsFormulas: keepsFormulas) }
    guard let table = HyperparameterTable(of: runs) else { return "run,folder,group,status\n" }
    let columns = table.parameters + table.metrics
    var text = (["run", "folder", "group", "status"] + columns.map(name)).joined(separator: ",") + "\n"
    for session in table.sessions {
      let parameters = table.parameters.map { parameter in
        session.parameter(parameter).map { value in
          let json = ValueJSON.hyperparameter(value)
          if case .text(let text) = value { return name(text) }
          return json == .null ? "" : json.string ?? json.text
        } ?? ""
      }
      let metrics = table.metrics.map { tag in
        session.metric(tag).map { JSONValue.number($0) }.map { $0.string ?? $0.text } ?? ""
      }
      let own = [name(runs[session.run].name), name(session.folder), name(session.group)]
      let status = session.status.map { ValueJSON.name($0) } ?? ""
      text += (own + [status] + parameters + metrics).joined(separator: ",") + "\n"
    }
    return text
  }

  /// The table for LaTeX; empty where there is no session.
  static func latex(_ runs: [TrainingRun]) -> String {
    HyperparameterTable(of: runs).map { HyperparameterLaTeX.text($0, names: runs.map(\.name)) } ?? ""
  }
}
