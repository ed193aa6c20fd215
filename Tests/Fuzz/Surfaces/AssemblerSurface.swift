import RPC

/// The bytes of a stream, which messages are put together from: however they are cut, the same messages come out.
///
/// First byte: the limit. Second: where the bytes are cut, and how the stream says that messages are compressed. Then the stream.
struct AssemblerSurface: Surface {
  let name = "assembler"
  let seeds: [[UInt8]] = [
    [100, 3, 0, 0, 0, 0, 2, 1, 2], [100, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 9], [10, 5, 1, 0, 0, 0, 1, 7],
    [0, 2, 0, 0, 0, 1, 0], [255, 9, 0, 255, 255, 255, 255],
    [255, 1, 1, 0, 0, 0, 25] + [
      31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 75, 76, 74, 78, 36, 132, 0, 234, 22, 1, 241, 36, 0, 0, 0,
    ],
    [255, 2, 1, 0, 0, 0, 18] + [120, 156, 123, 178, 107, 234, 243, 217, 211, 158, 208, 157, 4, 0, 91, 204, 85, 221],
  ]
  let words: [[UInt8]] = [
    [0, 0, 0, 0, 0], [0, 0, 0, 0, 1], [1, 0, 0, 0, 2], [0, 0xff, 0xff, 0xff, 0xff], [0, 0, 0, 1, 0],
  ]

  private let encodings: [MessageEncoding] = [.identity, .known(.gzip), .known(.deflate), .unknown("snappy")]

  func run(_ input: [UInt8]) throws(Finding) -> Int {
    guard input.count > 2 else { return 0 }
    let limit = Int(input[0]) * 4
    let stream = Array(input[2...])
    let encoding = encodings[Int(input[1]) % encodings.count]
    let whole = assemble(stream, limit, encoding, step: { _ in stream.count })
    var random = Random(seed: UInt64(input[1]))
    let cut = assemble(stream, limit, encoding, step: { _ in 1 + random.below(7) })
    guard whole == cut else { throw Finding("cut into pieces it gives \(cut), whole \(whole)") }
    guard whole.messages.allSatisfy({ $0.count <= limit }) else { throw Finding("a message above the limit") }
    var way = Hasher()
    way.combine(whole.error)
    way.combine(whole.isBetween)
    way.combine(min(whole.messages.count, 4))
    return way.finalize()
  }

  private struct Result: Equatable {
    var messages: [[UInt8]] = []
    var error: Int?
    var isBetween = false
  }

  private func assemble(_ stream: [UInt8], _ limit: Int, _ encoding: MessageEncoding, step: (Int) -> Int) -> Result {
    var assembler = MessageAssembler(limit: limit)
    assembler.encoding = encoding
    var result = Result()
    var position = 0
    while position < stream.count, result.error == nil {
      let end = min(position + step(position), stream.count)
      stream[position..<end].withUnsafeBytes { part in
        do throws(Status) { try assembler.append(part) { message, _ in result.messages.append(message) } } catch {
          result.error = error.code.rawValue
        }
      }
      position = end
    }
    result.isBetween = assembler.isBetweenMessages
    return result
  }
}
