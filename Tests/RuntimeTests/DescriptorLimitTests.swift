import Testing

@testable import Runtime

@Suite struct DescriptorLimitTests {
  @Test func `connections leave room for the process's own files, and too few are refused`() throws {
    #expect(try DescriptorLimit.connections(1_000, under: 4_096) == 1_000)
    #expect(try DescriptorLimit.connections(1_000, under: 1_024) == 896)
    #expect(try DescriptorLimit.connections(1_000, under: 256) == 128)
    #expect(throws: SettingError.self) { try DescriptorLimit.connections(1_000, under: 255) }
  }
}
