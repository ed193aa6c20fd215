import CommonContract
import Foundation
import GridRegistryContract
import Kernel
import WireTypes

/// The team in tables.
enum TeamText {
  /// A state as a person says it.
  static func said(_ state: GridRegistryV1.Member.State) -> String {
    switch state {
    case .candidate: Say.of("候选", "candidate")
    case .reserve: Say.of("储备", "reserve")
    case .training: Say.of("培训", "training")
    case .active: Say.of("在岗", "active")
    case .coaching: Say.of("帮扶", "coaching")
    case .suspended: Say.of("停职", "suspended")
    case .moveOutProposed: Say.of("拟调出", "move-out proposed")
    case .movedOut: Say.of("已调出", "moved out")
    case .left: Say.of("已离任", "left")
    case .unspecified, .unrecognized: ""
    }
  }

  static func table(_ members: [GridRegistryV1.Member]) -> String {
    var table = Table(
      Say.of("编号", "id"), Say.of("姓名", "name"), Say.of("状态", "state"), Say.of("等级", "grade"), Say.of("网格", "grids"))
    for member in members {
      let grids = member.assignments.filter { $0.toDate.isEmpty }.map {
        $0.gridID + ($0.post == .primary ? Say.of("（主责）", " (primary)") : Say.of("（协助）", " (deputy)"))
      }
      table.add(
        member.memberID, member.name, said(member.state),
        member.grade == .lead ? Say.of("网格长", "lead") : Say.of("网格员", "member"), grids.joined(separator: " "))
    }
    return table.text
  }

  static func steps(_ steps: [GridRegistryV1.MemberStep]) -> String {
    var table = Table(
      Say.of("时间", "when"), Say.of("步骤", "step"), Say.of("之后", "then"), Say.of("经办", "by"), Say.of("依据", "about"))
    for step in steps {
      table.add(
        step.occurTime?.kernel.shanghai ?? "", step.action, said(step.toState),
        "\(step.actorRole) \(step.actorPersonID)", step.reference)
    }
    return table.text
  }

  static func table(_ vacancies: [GridRegistryV1.Vacancy]) -> String {
    var table = Table(
      Say.of("网格", "grid"), Say.of("岗位", "post"), Say.of("原因", "reason"), Say.of("期限", "due"),
      Say.of("是否逾期", "overdue"))
    for vacancy in vacancies {
      table.add(
        vacancy.gridID, vacancy.post == .primary ? Say.of("主责", "primary") : Say.of("协助", "deputy"),
        vacancy.vacancyReason, vacancy.clock?.dueTime?.kernel.shanghai ?? "",
        vacancy.clock?.onTime == false ? Say.of("逾期", "yes") : "")
    }
    return table.text
  }

  static func table(_ months: [GridRegistryV1.TeamMonth]) -> String {
    var table = Table(
      Say.of("截至", "at the end of"), Say.of("人数", "members"), Say.of("持证", "certified"), Say.of("持证率", "share"),
      Say.of("在岗月数（中位）", "months in office (median)"), Say.of("考试成绩 <60/60-79/80-89/90+", "scores <60/60-79/80-89/90+"))
    for month in months {
      table.add(
        month.asOfDate, String(month.memberCount), String(month.certifiedCount),
        ScreeningText.percent(month.certifiedShare * 100), String(format: "%.1f", month.medianTenureMonths),
        month.examBandCounts.map { String($0) }.joined(separator: "/"))
    }
    return table.text
  }
}
