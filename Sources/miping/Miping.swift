import ArgumentParser
import NationalCrypto

/// The command line (命令行): parse, call, print, exit code; one file a verb.
struct MipingCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "miping",
      abstract: Language.current.pick(
        zh: "密评：按 GM/T 0077-2019 测评银行核心信息系统的密码应用",
        en: "Miping assesses core banking systems against GM/T 0077-2019"),
      discussion: Language.current.pick(
        zh: """
          示例：
            miping demo                      先看一份完整报告
            miping init --level 3 my-bank    写出带注释的范围文件
            miping assess my-bank/scope.yaml 测评、判定、量化、出报告

          退出码：\(ExitMeaning.listing(.chinese))
          只有具备资格的机构才能出具有效的密评报告；密评工具不代替其结论。
          """,
        en: """
          EXAMPLES:
            miping demo                      see a full report first
            miping init --level 3 my-bank    write a commented scope
            miping assess my-bank/scope.yaml inspect, judge, score, report

          EXIT CODES: \(ExitMeaning.listing(.english))
          Only a qualified institution issues a valid 密评 report; Miping never claims to.
          """),
      version: Tool.version,
      subcommands: [
        DemoVerb.self, InitVerb.self, CatalogVerb.self, PlanVerb.self, AssessVerb.self,
        ReportVerb.self, ScoreVerb.self, ProbeVerb.self, ExplainVerb.self, VerifyVerb.self,
      ])
  }

  func run() async throws {
    Terminal.out(MipingCommand.helpMessage())
  }
}

enum Tool {
  static let version = "0.1.0"
}

@main
enum Main {
  static func main() async {
    do {
      var command = try MipingCommand.parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      end(error)
    }
  }

  /// Ends with our codes: the parser's own code for wrong use becomes 2, anything unforeseen 5.
  private static func end(_ error: any Error) -> Never {
    let code = MipingCommand.exitCode(for: error)
    if error is ExitCode { leave(code.rawValue) }
    let message = MipingCommand.fullMessage(for: error)
    if code == .success {
      if !message.isEmpty { Terminal.out(message) }
      leave(0)
    }
    if code == .validationFailure {
      Terminal.note(message)
      leave(ExitMeaning.wrongUse.rawValue)
    }
    Terminal.note(
      Language.current.pick(
        zh: "错误：\(error)。这是工具自身的问题，请附上命令报告。",
        en: "error: \(error). This is a fault of the tool; please report it with the command."))
    leave(ExitMeaning.toolFailed.rawValue)
  }

  private static func leave(_ code: Int32) -> Never {
    MipingCommand.exit(withError: ExitCode(code))
  }
}
