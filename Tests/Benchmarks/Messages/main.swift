import Glibc
import SampleContract
import Wire

// message-benchmark FILE [ITERATIONS]: decodes and encodes the Report in FILE, and prints nanoseconds per operation as JSON.
guard CommandLine.arguments.count > 1, let file = fopen(CommandLine.arguments[1], "rb") else {
  print("usage: message-benchmark FILE [ITERATIONS]")
  exit(64)
}
var buffer = [UInt8](repeating: 0, count: 1 << 16)
let bytes = Array(buffer[..<fread(&buffer, 1, buffer.count, file)])
let iterations = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 0 : 1_000_000
let message = try SampleV1.Report(decoding: bytes)

/// Nanoseconds per call of `body`: the best of five rounds.
func nanoseconds(_ body: () -> Int) -> Double {
  let clock = ContinuousClock()
  var best = Double.infinity
  var sum = 0
  for _ in 0..<5 {
    let time = clock.measure { for _ in 0..<max(iterations / 5, 1) { sum &+= body() } }
    let (seconds, attoseconds) = time.components
    best = min(best, (Double(seconds) * 1e9 + Double(attoseconds) / 1e9) / Double(max(iterations / 5, 1)))
  }
  precondition(sum != 0)
  return best
}

let only = CommandLine.arguments.count > 3 ? CommandLine.arguments[3] : ""
let decode = only == "encode" ? 0 : nanoseconds { (try? SampleV1.Report(decoding: bytes))?.title.utf8.count ?? 0 }
let encode = only == "decode" ? 0 : nanoseconds { message.encoded().count }
print(#"{"peer":"huying","bytes":\#(bytes.count),"decode_ns":\#(decode.rounded()),"encode_ns":\#(encode.rounded())}"#)
