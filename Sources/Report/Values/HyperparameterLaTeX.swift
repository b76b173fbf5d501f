public import Analysis
internal import EventFile

/// The sessions of a search as a table for LaTeX, which needs no package.
public enum HyperparameterLaTeX {
  /// The `tabular` of `table`: a row a session, its hyperparameters, its metrics, and how it ended.
  ///
  /// - Parameter names: what the runs are called, one each.
  public static func text(_ table: HyperparameterTable, names: [String]) -> String {
    let section = HyperparameterSection(table: table, names: names)
    let columns = table.parameters + table.metrics
    var lines = [
      "\\begin{tabular}{l" + String(repeating: "r", count: columns.count) + "l}", "\\hline",
      row(["session"] + columns + ["status"]), "\\hline",
    ]
    for session in table.sessions {
      let parameters = table.parameters.map { name in
        session.parameter(name).map { HyperparameterSection.text($0) } ?? ""
      }
      let metrics = table.metrics.map { tag in
        session.metric(tag).map { NumberText.significant($0) } ?? ""
      }
      let status = session.status.map { ValueJSON.name($0) } ?? ""
      lines.append(row([section.name(session)] + parameters + metrics + [status]))
    }
    return (lines + ["\\hline", "\\end{tabular}"]).joined(separator: "\n") + "\n"
  }

  private static func row(_ cells: [String]) -> String {
    cells.map(escaped).joined(separator: " & ") + " \\\\"
  }

  /// `text` as LaTeX prints it, whatever is in it.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in ForeignText.visible(text).unicodeScalars {
      switch scalar {
      case "&", "%", "$", "#", "_", "{", "}": result += "\\\(scalar)"
      case "~": result += "\\textasciitilde{}"
      case "^": result += "\\textasciicircum{}"
      case "\\": result += "\\textbackslash{}"
      // What ends a row may be followed by a length in brackets, and an asterisk.
      case "[", "*": result += "{\(scalar)}"
      case "<": result += "\\textless{}"
      case ">": result += "\\textgreater{}"
      case "|": result += "\\textbar{}"
      case "\"": result += "\\textquotedbl{}"
      case "−": result += "$-$"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
