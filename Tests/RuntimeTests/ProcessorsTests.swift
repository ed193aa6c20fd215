import Testing

@testable import Runtime

@Suite struct ProcessorsTests {
  @Test(
    arguments: [
      ("Name:\tdispute\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n", 2),
      ("Cpus_allowed:\tff,ffff0001\n", 25), ("Cpus_allowed:\t00000000,00000002\n", 1),
      ("Name:\tdispute\n", nil), ("Cpus_allowed:\t\n", nil), ("Cpus_allowed:\t0\n", nil), ("", nil),
    ] as [(String, Int?)])
  func `the processors that the kernel says a process is bound to`(_ status: String, _ count: Int?) {
    #expect(Processors.bound(in: status) == count)
  }
}
