package import Kernel

extension DivisionPlan {
  /// What a check found; all of it at once.
  package struct Check: Hashable, Sendable {
    /// One thing found.
    package struct Finding: Hashable, Sendable {
      package var reason: Reason
      /// A written exception covers it.
      package var isExcused: Bool

      package init(_ reason: Reason, isExcused: Bool = false) {
        self.reason = reason
        self.isExcused = isExcused
      }
    }

    package var time: Timestamp
    package var gaps: [Finding]
    package var overlaps: [Finding]
    package var sizeBreaches: [Finding]
    /// Members of grids that the plan ends. They stand in nobody's way: they get another grid.
    package var orphanMembers: [Finding]
    package var faults: [Finding]

    package init(
      time: Timestamp, gaps: [Finding] = [], overlaps: [Finding] = [], sizeBreaches: [Finding] = [],
      orphanMembers: [Finding] = [], faults: [Finding] = []
    ) {
      self.time = time
      self.gaps = gaps
      self.overlaps = overlaps
      self.sizeBreaches = sizeBreaches
      self.orphanMembers = orphanMembers
      self.faults = faults
    }

    /// What stands in the way.
    package var obstacles: [Reason] {
      (faults + sizeBreaches.filter { !$0.isExcused } + gaps + overlaps).map(\.reason)
    }

    package var passes: Bool { obstacles.isEmpty }
  }
}
