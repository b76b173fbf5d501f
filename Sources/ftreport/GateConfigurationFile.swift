import Analysis
import Experiment
import FileSystem
import GateConfiguration

/// The configuration that a gate goes by.
enum GateConfigurationFile {
  /// Reads the configuration at `path`; without one, the nearest of this folder and those above it.
  static func plan(at path: String?) throws(Failure) -> GatePlan {
    let file = path ?? GatePlan.nearestPath() ?? GatePlan.customaryName
    let text: [UInt8]
    do throws(SystemError) {
      // A pipe that somebody named is waited for; one that is only there is not.
      text = try Files.read(file, limit: 1 << 21, acceptsPipe: path != nil)
    } catch {
      let hint = Files.kind(of: file) == nil ? "; 'ftreport init' writes a configuration from a good run" : ""
      throw Failure(status: .usage, message: "\(error)\(hint)")
    }
    do throws(ConfigurationError) {
      return try GatePlan(parsing: text, path: file)
    } catch {
      throw Failure(status: .usage, lines: error.lines)
    }
  }
}
