import TestSupport
import Testing

@Suite("Help of the command line")
struct HelpTests {
  @Test(
    "every verb has help with examples",
    arguments: [
      ["demo"], ["init"], ["catalog"], ["plan"], ["assess"], ["report"], ["score"], ["probe"],
      ["probe", "run"], ["explain"], ["verify"], [],
    ])
  func help(verb: [String]) async throws {
    let folder = try Folder()
    for language in ["en", "zh-CN", "both"] {
      let run = try await Miping.run(verb + ["--help", "--lang", language], in: folder)
      #expect(run.code == 0)
      #expect(run.outText.contains("EXAMPLES") || run.outText.contains("示例"), "\(verb)")
      #expect(run.err.isEmpty)
    }
  }

  @Test("without a verb help is shown; the version is a number")
  func bare() async throws {
    let folder = try Folder()
    let bare = try await Miping.run([], in: folder)
    #expect(bare.code == 0)
    #expect(bare.outText.contains("assess"))
    let version = try await Miping.run(["--version"], in: folder)
    #expect(version.code == 0)
    #expect(version.outText.split(separator: ".").count == 3)
  }

  @Test("completion scripts are made for each shell", arguments: ["bash", "zsh", "fish"])
  func completion(shell: String) async throws {
    let folder = try Folder()
    let run = try await Miping.run(["--generate-completion-script", shell], in: folder)
    #expect(run.code == 0)
    #expect(run.outText.contains("miping"))
    #expect(run.outText.contains("assess"))
    #expect(run.err.isEmpty)
    if shell == "bash" {
      try folder.write(run.out, to: "miping.bash")
      let check = try await Program.run("/bin/bash", ["-n", folder.path("miping.bash")])
      #expect(check.code == 0, "\(check.errText)")
    }
  }
}
