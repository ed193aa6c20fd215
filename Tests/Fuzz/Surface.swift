/// One place where bytes of strangers come in.
protocol Surface {
  /// The folder of its corpus.
  var name: String { get }
  /// Inputs to begin with, when there is no corpus.
  var seeds: [[UInt8]] { get }
  /// Bytes that mean something here.
  var words: [[UInt8]] { get }
  /// Takes `input`, throws a `Finding` where something does not hold, and says what kind of way the input took.
  func run(_ input: [UInt8]) throws(Finding) -> Int
}

/// Something that does not hold, though nothing crashed.
struct Finding: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// All of them.
func makeSurfaces() throws -> [any Surface] {
  let types = try SampleTypes()
  return [AssemblerSurface(), JSONSurface(types: types), WireSurface(types: types), SessionSurface()]
}
