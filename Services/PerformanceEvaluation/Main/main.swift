import PerformanceEvaluationService
import Runtime

await ServiceProcess.run(.performanceEvaluation) { surroundings in
  try PerformanceEvaluationService(surroundings).parts
}
