import EventFile
import Report
import RunFolder
import Testing

struct RedactionTests {
  private static let redaction: Redaction = {
    var run = TrainingRun(
      name: "Jan08_02-43-26_gpu-box7", path: "/home/alice/saves/a/runs/Jan08_02-43-26_gpu-box7")
    run.eventFiles = [
      EventFileContents(path: "/home/alice/saves/a/events.out.tfevents.1704678206.node.cluster.local.4711.0")
    ]
    run.configuration = [
      ConfigurationSection(source: "x", settings: [Setting(name: "output_dir", value: #"C:\Users\Bob\out"#)])
    ]
    return Redaction([run])
  }()

  @Test(arguments: [
    ("saved to /home/alice/saves/a.", "saved to …/a."),
    ("`/mnt/data/model-7b` and \"/opt/x/y\"", "`…/model-7b` and \"…/y\""),
    ("[page](/srv/a/b/)", "[page](…/b)"),
    (#"{"path": "C:\\Users\\Bob\\out"}"#, #"{"path": "…/out"}"#),
    (#"in D:\work\run 3"#, "in …/run 3"),
    (#"a line\n/home/alice/b"#, #"a line\n…/b"#),
    ("Jan08_02-43-26_gpu-box7/report.md", "Jan08_02-43-26_host1/report.md"),
    (
      "events.out.tfevents.1704678206.node.cluster.local.4711.0",
      "events.out.tfevents.1704678206.host2.4711.0"
    ),
    ("by alice, not malice or alices", "by user1, not malice or alices"),
    (
      "saves/a/b, 1/2, and/or, </text></g>, /step, https://hf.co/a/b",
      "saves/a/b, 1/2, and/or, </text></g>, /step, https://hf.co/a/b"
    ),
  ])
  func `Paths, hosts and users go, everything else stays`(text: String, expected: String) {
    #expect(Self.redaction.text(text) == expected)
  }
}
