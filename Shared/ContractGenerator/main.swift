import Glibc

// contractgen OUTPUT SET…: reads descriptor sets, lints the contracts, writes what is generated of them under OUTPUT.
let arguments = CommandLine.arguments.dropFirst()
guard let output = arguments.first, arguments.count >= 2 else {
  complain("usage: contractgen OUTPUT DESCRIPTOR-SET…")
  exit(64)
}
do {
  let generation = try Generation(setPaths: Array(arguments.dropFirst()))
  try generation.write(to: output)
  let problems = Lint.problems(of: generation.schema)
  for problem in problems { complain(problem.description) }
  exit(problems.isEmpty ? 0 : 1)
} catch {
  complain("contractgen: \(error)")
  exit(2)
}

func complain(_ line: String) {
  let bytes = Array((line + "\n").utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}
