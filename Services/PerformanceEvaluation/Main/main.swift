import PerformanceEvaluationService
import Runtime

await ServiceProcess.run(.performanceEvaluation) { surroundings in
  try await PerformanceEvaluationService(surroundings).parts
}
