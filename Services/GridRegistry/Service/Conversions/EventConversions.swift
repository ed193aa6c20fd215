import Kernel
package import GridRegistryContract
package import GridRegistryDomain
import Wire

// What goes into the journal, and how it is read back: folding a journal from empty gives the stored state.

extension GridRegistryV1.AreaEvent {
  init(_ event: Area.Event) {
    switch event {
    case .changed(let area): self.init(event: .changed(.init(area: .init(area))))
    }
  }
}

extension Area.Event {
  package init?(_ message: GridRegistryV1.AreaEvent) {
    guard case .changed(let changed)? = message.event, let area = changed.area.flatMap(Area.init) else { return nil }
    self = .changed(area)
  }
}

extension GridRegistryV1.OrganisationEvent {
  init(_ event: Organisation.Event) {
    switch event {
    case .changed(let organisation): self.init(event: .changed(.init(organisation: .init(organisation))))
    }
  }
}

extension Organisation.Event {
  package init?(_ message: GridRegistryV1.OrganisationEvent) {
    guard case .changed(let changed)? = message.event,
      let organisation = changed.organisation.flatMap(Organisation.init)
    else { return nil }
    self = .changed(organisation)
  }
}

extension GridRegistryV1.PersonEvent {
  init(_ event: Person.Event) {
    switch event {
    case .changed(let person): self.init(event: .changed(.init(person)))
    }
  }
}

extension Person.Event {
  package init?(_ message: GridRegistryV1.PersonEvent) {
    guard case .changed(let changed)? = message.event, let person = Person(changed) else { return nil }
    self = .changed(person)
  }
}

extension GridRegistryV1.GridEvent {
  /// `grid` is the grid after the event.
  init(_ event: Grid.Event, of grid: Grid) {
    switch event {
    case .activated(let grid, let legacy): self.init(event: .activated(.init(grid: .init(grid), legacy: legacy)))
    case .corrected(let grid): self.init(event: .corrected(.init(grid: .init(grid))))
    case .pathChanged(let path):
      self.init(
        event: .pathChanged(
          .init(
            gridID: grid.id.text, townshipCode: grid.townshipCode.text, mediationPath: .init(path),
            version: UInt64(grid.version))))
    case .planned(let grid): self.init(event: .planned(.init(grid: .init(grid))))
    case .unitsMoved(let grid):
      self.init(event: .unitsMoved(.init(grid: .init(grid))))
    case .changed(let grid, let kind): self.init(event: .changed(.init(grid: .init(grid), changeKind: kind)))
    case .retired(let grid, let cause):
      self.init(event: .retired(.init(grid: .init(grid), cause: .init(cause, prefix: "CAUSE_"))))
    }
  }
}

extension Grid.Event {
  package init?(_ message: GridRegistryV1.GridEvent) {
    switch message.event {
    case .activated(let activated):
      guard let grid = activated.grid.flatMap(Grid.init) else { return nil }
      self = .activated(grid, legacy: activated.legacy)
    case .corrected(let corrected):
      guard let grid = corrected.grid.flatMap(Grid.init) else { return nil }
      self = .corrected(grid)
    case .pathChanged(let changed):
      guard let path = changed.mediationPath.flatMap(MediationPath.init) else { return nil }
      self = .pathChanged(path)
    case .planned(let planned):
      guard let grid = planned.grid.flatMap(Grid.init) else { return nil }
      self = .planned(grid)
    case .unitsMoved(let moved):
      guard let grid = moved.grid.flatMap(Grid.init) else { return nil }
      self = .unitsMoved(grid)
    case .changed(let changed):
      guard let grid = changed.grid.flatMap(Grid.init) else { return nil }
      self = .changed(grid, kind: changed.changeKind)
    case .retired(let retired):
      guard let grid = retired.grid.flatMap(Grid.init), let cause: Cause = retired.cause.word(prefix: "CAUSE_") else {
        return nil
      }
      self = .retired(grid, cause)
    case nil: return nil
    }
  }
}

extension GridRegistryV1.CalendarEvent {
  init(_ event: CalendarYear.Event) {
    switch event {
    case .imported(let year): self.init(event: .imported(.init(calendar: .init(year))))
    }
  }
}

extension CalendarYear.Event {
  package init?(_ message: GridRegistryV1.CalendarEvent) {
    guard case .imported(let imported)? = message.event, let calendar = imported.calendar else { return nil }
    self = .imported(CalendarYear(calendar))
  }
}
