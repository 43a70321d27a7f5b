package import AssessmentModel
import Gating
import NationalCrypto
import Reporting
import ResultStore
import Sealing

/// A finished assessment, kept and reported.
package struct AssessmentOutcome: Sendable {
  package var result: AssessmentResult
  /// The run's folder.
  package var folder: String
  package var storePath: String
}

/// Gate, record, report, seal: in this order, so that what is sealed is what was judged.
func conclude(
  _ scored: Scored, _ judged: Judged, _ preparation: Preparation, _ results: [InspectionResult],
  _ run: RunKeeping, _ request: AssessmentRequest
) async throws(AssessmentError) -> AssessmentOutcome {
  let gate = gate(
    request.gate, findings: judged.findings, highRisk: judged.highRisk,
    waivers: preparation.waivers, today: judged.today)
  let isComplete = !results.contains { $0.unavailable?.reason == .notRun }
  let ended = run.time()
  let result = AssessmentResult(
    tool: AssessmentResult.Tool(name: "Miping", version: request.toolVersion),
    system: preparation.scope.system,
    run: AssessmentResult.Run(
      id: run.record.id, started: run.record.started, ended: ended,
      state: isComplete ? .complete : .interrupted),
    catalog: AssessmentResult.CatalogSummary(
      standard: "GM/T 0077-2019", edition: request.edition, digest: preparation.catalog.digest,
      overlays: request.overlays.map { $0.split(separator: "/").last.map(String.init) ?? $0 },
      judgements: preparation.catalog.judgements.map {
        AssessmentResult.JudgementState(
          number: $0.number, title: $0.title,
          isInForce: preparation.scope.judgements[$0.number] ?? $0.isOnByDefault)
      }),
    selection: AssessmentResult.Selection(
      isReduced: request.isReduced, controls: request.controls, objects: request.objects),
    authorisation: preparation.scope.authorisation, objects: preparation.objects,
    requirements: (preparation.unitRequirements + preparation.requirements).map {
      AssessmentResult.RequirementSummary($0)
    },
    inspections: results.map { AssessmentResult.InspectionSummary($0) },
    findings: judged.findings, score: scored.score, index: scored.index,
    highRisk: gate.highRisk, compensations: compensations(preparation, judged, request),
    awaiting: judged.pending, waivers: gate.waivers, gate: gate.summary)
  do {
    let json = try ResultJSON.encode(result)
    try await run.folder.write(name: "result.json", json)
    try await run.folder.write(
      name: "report.html", try render(result, as: .html, language: .both))
    _ = try await run.folder.seal(
      toolVersion: request.toolVersion, catalogDigest: preparation.catalog.digest,
      signingKeyPEM: request.signingKey)
    try run.store.finish(
      run.record.id,
      RunOutcome(
        state: result.run.state, ended: ended, gateExitCode: gate.summary.exitCode, result: json,
        findings: result.findings))
  } catch let error as StoreError {
    throw .store(error)
  } catch let error as SealingError {
    throw .sealing(error)
  } catch {
    throw .failed(
      Bilingual(zh: "报告未能写出：\(error)", en: "the report could not be written: \(error)"))
  }
  return AssessmentOutcome(
    result: result, folder: run.folder.path, storePath: run.store.path)
}

/// Confirmed compensations, and those the tool proposes: a channel that is used makes up for data that
/// travels it, once a person confirms and where the edition knows such a pair.
private func compensations(
  _ preparation: Preparation, _ judged: Judged, _ request: AssessmentRequest
) -> [AssessmentResult.CompensationSummary] {
  var summaries = preparation.attestations.compensations.map {
    AssessmentResult.CompensationSummary(
      fromUnit: $0.fromUnit, fromObject: $0.fromObject, toUnit: $0.toUnit, toObject: $0.toObject,
      reason: $0.reason, confirmedBy: $0.confirmedBy)
  }
  let confirmed = Set(summaries.map { [$0.fromUnit, $0.fromObject, $0.toUnit, $0.toObject] })
  let used = Set(
    judged.findings.filter { $0.d == .met }.compactMap { finding -> [String]? in
      guard let unit = judged.unitOfRequirement[finding.requirement], let object = finding.object
      else { return nil }
      return [unit, object]
    })
  guard let rules = preparation.catalog.rules[request.edition] else { return summaries }
  let pairs = [("net.conf", "app.tconf"), ("net.int", "app.tint")]
    .filter { rules.allows(from: $0, to: $1) }
  for data in preparation.objects where data.kind == .data {
    for channel in data.travels {
      for (from, to) in pairs
      where used.contains([from, channel]) && !confirmed.contains([from, channel, to, data.id]) {
        summaries.append(
          AssessmentResult.CompensationSummary(
            fromUnit: from, fromObject: channel, toUnit: to, toObject: data.id,
            reason: "\(data.id) travels \(channel)", confirmedBy: nil))
      }
    }
  }
  return summaries
}
