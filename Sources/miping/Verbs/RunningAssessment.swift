import ArgumentParser
import Assessment
import AssessmentModel
import NationalCrypto

/// Runs an assessment with progress; Ctrl-C cancels it and keeps what was gathered.
enum RunningAssessment {
  static func run(
    _ request: AssessmentRequest, isQuiet: Bool, language: Language
  ) async throws -> AssessmentOutcome {
    do throws(CryptoError) {
      try SelfTest.run()
    } catch {
      Terminal.note(
        language.pick(
          zh: "密码自检未通过，停止：\(error)", en: "the cryptographic self-test failed, stopping: \(error)"))
      throw ExitMeaning.toolFailed.exit
    }
    let progress = Progress(isQuiet: isQuiet, language: language)
    // The one unstructured place: a signal cancels the run.
    let work = Task { () async -> Result<AssessmentOutcome, AssessmentError> in
      do throws(AssessmentError) {
        return .success(try await assess(request) { progress.report($0) })
      } catch {
        return .failure(error)
      }
    }
    let interruption = Interruption {
      progress.close()
      Terminal.note(
        language.pick(
          zh: "正在停止，已完成的检测会保留（再按一次立即结束）",
          en: "stopping; finished inspections are kept (once more ends at once)"))
      work.cancel()
    }
    defer { interruption.end() }
    let result = await work.value
    progress.close()
    switch result {
    case .success(let outcome): return outcome
    case .failure(let error): throw Failure.report(error, language)
    }
  }
}
