import AssessmentModel
import Bytes
import FoundationEssentials
import Gating
import NationalCrypto
import Planning
import ProbeKit
import ResultStore
import Running
import Sealing
import Settings

/// The folder and the store of one run: opened anew or resumed, every finished inspection durable at once.
struct RunKeeping {
  let folder: RunFolder
  let store: RunStore
  let record: RunRecord
  /// What an earlier, interrupted start of the run finished, by inspection key.
  let finished: [String: InspectionResult]
  let time: @Sendable () -> String

  static func open(
    _ request: AssessmentRequest, _ preparation: Preparation, time: @escaping @Sendable () -> String
  ) async throws(AssessmentError) -> RunKeeping {
    let scope = preparation.scope
    let storePath = request.store ?? beside(scope.path, "miping.db")
    let scopePath = plain(scope.path)
    let scopeDigest = digestOfFile(scope.path)
    do {
      let store = try RunStore(path: storePath)
      switch request.resume {
      case .no:
        let id = runID(at: time())
        // Absolute: a run is resumed from another working folder too.
        let out = absolute(request.out, in: FileManager.default.currentDirectoryPath)
        let folder = try RunFolder.create(in: out, runID: id)
        let record = RunRecord(
          id: id, scopePath: scopePath, scopeDigest: scopeDigest,
          catalogDigest: preparation.catalog.digest, toolVersion: request.toolVersion,
          settings: settings(request), started: time(), folder: folder.path)
        try store.begin(record)
        return RunKeeping(folder: folder, store: store, record: record, finished: [:], time: time)
      case .last, .run:
        var id: String?
        if case .run(let name) = request.resume { id = runName(name) }
        let record = try store.resume(
          id, scopePath: scopePath, scopeDigest: scopeDigest,
          catalogDigest: preparation.catalog.digest)
        let folder = try RunFolder.open(record.folder, runID: record.id)
        var finished: [String: InspectionResult] = [:]
        for (key, result) in try store.finishedInspections(of: record.id)
        where await folder.missing(result.evidence).isEmpty {
          finished[key] = result
        }
        return RunKeeping(
          folder: folder, store: store, record: record, finished: finished, time: time)
      }
    } catch let error as StoreError {
      throw .store(error)
    } catch let error as SealingError {
      throw .sealing(error)
    } catch {
      throw .failed(Bilingual(zh: "内部错误：\(error)", en: "internal error: \(error)"))
    }
  }

  /// Keeps the evidence first, then the record: a record never points at missing evidence.
  func keep(_ one: Runner.Finished) async throws(AssessmentError) -> InspectionResult {
    let now = time()
    do {
      let references = try await folder.keep(
        one.observation.evidence, plan: one.place, probe: one.inspection.procedure.probe,
        object: one.inspection.object.id, at: now)
      let result = InspectionResult(
        object: one.inspection.object.id, procedure: one.inspection.procedure,
        unavailable: one.observation.unavailable, facts: one.observation.facts,
        evidence: references)
      try store.record(
        result, key: one.inspection.key, place: one.place, run: record.id, finished: now)
      return result
    } catch let error as SealingError {
      throw .sealing(error)
    } catch let error as StoreError {
      throw .store(error)
    } catch {
      throw .failed(Bilingual(zh: "内部错误：\(error)", en: "internal error: \(error)"))
    }
  }

  private static func settings(_ request: AssessmentRequest) -> FactValue {
    [
      "edition": .text(request.edition), "gate": .text(request.gate.rawValue),
      "controls": .list(request.controls.map { .text($0) }),
      "objects": .list(request.objects.map { .text($0) }),
      "overlays": .list(request.overlays.map { .text($0) }),
    ]
  }

  private static func digestOfFile(_ path: String) -> String {
    let bytes = FileManager.default.contents(atPath: path).map { Array($0) } ?? []
    return (try? digest(bytes, .sm3)).map { hexadecimal($0) } ?? ""
  }

  private static func beside(_ path: String, _ name: String) -> String {
    path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/" + name
  }

  /// The path without `.` and `..`, so that one scope has one history however it is written.
  private static func plain(_ path: String) -> String {
    URL(filePath: path).standardized.path
  }

  /// The last name of a path, so that a run's folder is as good as its id.
  private static func runName(_ text: String) -> String {
    text.split(separator: "/").last.map(String.init) ?? text
  }

  /// `20261121T130536Z-1f3a`: sorts by time; the tail keeps runs of one second apart.
  private static func runID(at time: String) -> String {
    let stamp = time.filter { $0 != "-" && $0 != ":" }
    return "\(stamp)-\(hexadecimal([UInt8.random(in: 0...255), UInt8.random(in: 0...255)]))"
  }
}
