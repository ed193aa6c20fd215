import ArgumentParser
import Foundation
import GridRegistryContract
import RPC

/// `huying training`: courses, sessions, examinations and certificates.
struct TrainingCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "training",
    abstract: Say.of("培训：课程、班次、签到、考试、证书。", "Training: courses, sessions, attendance, examinations, certificates."),
    discussion: Say.of(
      """
      考试合格即发证书，有证书才能上岗。县网格中心开设课程，乡镇排班、签到、登记成绩。

        huying training course basic --name 全科网格员培训 --competence 全科基础
        huying training courses
        huying training schedule basic --on 2020-03-10 --place 党校
        huying training attend 班次 person-0138 person-0139
        huying training exam 班次 person-0138=85 person-0139=52
        huying training certificates person-0138
        huying training expiring --until 2022-03-31
      """,
      """
      Who passes an examination has a certificate, and nobody is appointed without one. The county grid centre enters courses,
      the township sets sessions and writes down who came and what they scored.

        huying training course basic --name 全科网格员培训 --competence 全科基础
        huying training courses
        huying training schedule basic --on 2020-03-10 --place 党校
        huying training attend SESSION person-0138 person-0139
        huying training exam SESSION person-0138=85 person-0139=52
        huying training certificates person-0138
        huying training expiring --until 2022-03-31
      """),
    subcommands: [
      PutCourse.self, Courses.self, Schedule.self, Sessions.self, ShowSession.self, Attend.self, Exam.self,
      Certificates.self, Expiring.self,
    ])

  struct PutCourse: AsyncParsableCommand {
    static let configuration = CommandConfiguration("course", "开设或修改课程", "Enter a course, or change one.")

    @Argument(help: .of("课程编号", "The course's id."))
    var course: String

    @Option(help: .of("名称", "Its name."))
    var name: String

    @Option(help: .of("证书证明的能力，如 全科基础", "What its certificate says that somebody can."))
    var competence: String

    @Option(help: .of("条线代码；不填为通用", "The line of work's code; none: general."))
    var line = ""

    @Option(help: .of("合格分，缺省60", "The pass; default: 60."))
    var pass: Int32 = 0

    @Option(help: .of("证书有效月数，缺省24", "How many months the certificate holds; default: 24."))
    var months: Int32 = 0

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let known = try await desk.courses().first { $0.courseID == course }
        let answer = try await desk.training.upsertCourse(
          .init(
            requestID: RequestID.fresh,
            course: .init(
              courseID: course, name: name, competence: competence, lineCode: line, passScore: pass,
              validityMonths: months),
            expectedVersion: known?.version ?? 0),
          options: TeamDesk.options)
        try gateway.show([answer.course ?? .init()]) { TrainingText.table($0) }
      }
    }
  }

  struct Courses: AsyncParsableCommand {
    static let configuration = CommandConfiguration("课程清单", "The courses.")
    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        try gateway.show(try await desk.courses()) { TrainingText.table($0) }
      }
    }
  }

  struct Schedule: AsyncParsableCommand {
    static let configuration = CommandConfiguration("排定班次", "Set a date on which a course is held.")

    @Argument(help: .of("课程编号", "The course's id."))
    var course: String

    @Option(help: .of("日期（年-月-日）", "The day, YYYY-MM-DD."))
    var on: String

    @Option(help: .of("地点", "Where."))
    var place = ""

    @Option(help: .of("举办单位；不填为本单位", "Who holds it; default: one's own organisation."))
    var org = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let answer = try await desk.training.scheduleSession(
          .init(requestID: RequestID.fresh, courseID: course, sessionDate: on, place: place, orgID: org),
          options: TeamDesk.options)
        try gateway.show([answer.session ?? .init()]) { TrainingText.table($0) }
      }
    }
  }

  struct Sessions: AsyncParsableCommand {
    static let configuration = CommandConfiguration("班次清单", "Sessions.")

    @Option(help: .of("只看该课程", "Only this course's."))
    var course = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let sessions = try await Pages.read { token in
          let page = try await desk.training.listSessions(
            .init(pageSize: 500, pageToken: token, courseID: course), options: TeamDesk.options)
          return (page.sessions, page.nextPageToken)
        }.records
        try gateway.show(sessions) { TrainingText.table($0) }
      }
    }
  }

  struct ShowSession: AsyncParsableCommand {
    static let configuration = CommandConfiguration("session", "一个班次及其人员", "One session with its participants.")

    @Argument(help: .of("班次编号", "The session's id."))
    var session: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let session = try await desk.session(session)
        try gateway.show(session) { TrainingText.text(session) }
      }
    }
  }

  struct Attend: AsyncParsableCommand {
    static let configuration = CommandConfiguration("登记到课人员", "Write down who came.")

    @Argument(help: .of("班次编号", "The session's id."))
    var session: String

    @Argument(help: .of("到课人员编号", "Persons who came."))
    var persons: [String]

    @Option(help: .of("未到人员编号，可多次", "A person who did not come; may be repeated."))
    var absent: [String] = []

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let before = try await desk.session(session)
        let answer = try await desk.training.recordAttendance(
          .init(
            requestID: RequestID.fresh, sessionID: before.sessionID, expectedVersion: before.version,
            attendances: persons.map { .init(personID: $0, attended: true) }
              + absent.map { .init(personID: $0, attended: false) }),
          options: TeamDesk.options)
        let after = answer.session ?? .init()
        try gateway.show(after) { TrainingText.text(after) }
      }
    }
  }

  struct Exam: AsyncParsableCommand {
    static let configuration = CommandConfiguration("登记考试成绩，合格者得证", "Write down scores; who passes is certified.")

    @Argument(help: .of("班次编号", "The session's id."))
    var session: String

    @Argument(help: .of("人员=成绩，如 person-0138=85", "PERSON=SCORE, e.g. person-0138=85."))
    var results: [String]

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      let results = try results.map { text in
        let (person, score) = CaseCommand.pair(text)
        guard let score = Int32(score) else {
          throw Complaint("“\(text)”应写作 person-0138=85", "write \(text) as person-0138=85")
        }
        return GridRegistryV1.ExamResult(personID: person, examScore: score)
      }
      try await gateway.atTeamDesk { desk in
        let before = try await desk.session(session)
        let answer = try await desk.training.recordExam(
          .init(
            requestID: RequestID.fresh, sessionID: before.sessionID, expectedVersion: before.version, results: results),
          options: TeamDesk.options)
        try gateway.show(answer) { TrainingText.table(answer.certificates) }
      }
    }
  }

  struct Certificates: AsyncParsableCommand {
    static let configuration = CommandConfiguration("一个人的证书", "One person's certificates.")

    @Argument(help: .of("人员编号", "The person's id."))
    var person: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let answer = try await desk.training.listCertificates(.init(personID: person), options: TeamDesk.options)
        try gateway.show(answer.certificates) { TrainingText.table($0) }
      }
    }
  }

  struct Expiring: AsyncParsableCommand {
    static let configuration = CommandConfiguration("将到期且未续的证书", "Certificates that end soon and are not replaced.")

    @Option(help: .of("截至（年-月-日），缺省30天内", "Up to this day; default: within 30 days."))
    var until = ""

    @Option(help: .of("只看该乡镇（12位代码）", "Only of this township's members (12 digits)."))
    var township = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let certificates = try await Pages.read { token in
          let page = try await desk.training.listExpiringCertificates(
            .init(pageSize: 500, pageToken: token, untilDate: until, townshipCode: township), options: TeamDesk.options)
          return (page.certificates, page.nextPageToken)
        }.records
        try gateway.show(certificates) { TrainingText.table($0) }
      }
    }
  }
}

extension TeamDesk {
  func courses() async throws -> [GridRegistryV1.Course] {
    try await Pages.read { token in
      let page = try await training.listCourses(.init(pageSize: 500, pageToken: token), options: Self.options)
      return (page.courses, page.nextPageToken)
    }.records
  }

  func session(_ id: String) async throws -> GridRegistryV1.TrainingSession {
    try await training.getSession(.init(sessionID: id), options: Self.options).session ?? .init()
  }
}

/// Training in tables.
enum TrainingText {
  static func table(_ courses: [GridRegistryV1.Course]) -> String {
    var table = Table(
      Say.of("编号", "id"), Say.of("课程", "course"), Say.of("能力", "competence"), Say.of("条线", "line"),
      Say.of("合格分", "pass"), Say.of("有效月数", "months"))
    for course in courses {
      table.add(
        course.courseID, course.name, course.competence, course.lineCode, String(course.passScore),
        String(course.validityMonths))
    }
    return courses.isEmpty ? Say.of("没有课程", "there is no course") : table.text
  }

  static func table(_ sessions: [GridRegistryV1.TrainingSession]) -> String {
    var table = Table(
      Say.of("编号", "id"), Say.of("课程", "course"), Say.of("日期", "day"), Say.of("地点", "place"),
      Say.of("举办单位", "held by"))
    for session in sessions {
      table.add(session.sessionID, session.courseID, session.sessionDate, session.place, session.orgID)
    }
    return sessions.isEmpty ? Say.of("没有班次", "there is no session") : table.text
  }

  static func text(_ session: GridRegistryV1.TrainingSession) -> String {
    var table = Table(Say.of("人员", "person"), Say.of("到课", "came"), Say.of("成绩", "score"))
    for attendance in session.attendances {
      table.add(
        attendance.personID, attendance.attended ? "✓" : "–", attendance.examScore.map { String($0) } ?? "")
    }
    return self.table([session]) + (session.attendances.isEmpty ? "" : "\n\n" + table.text)
  }

  static func table(_ certificates: [GridRegistryV1.Certificate]) -> String {
    var table = Table(
      Say.of("证书", "certificate"), Say.of("人员", "person"), Say.of("能力", "competence"), Say.of("成绩", "score"),
      Say.of("发证", "issued"), Say.of("到期", "ends"))
    for certificate in certificates {
      table.add(
        certificate.certificateID, certificate.personID, certificate.competence, String(certificate.examScore),
        certificate.issueDate, certificate.expireDate)
    }
    return certificates.isEmpty ? Say.of("没有证书", "there is no certificate") : table.text
  }
}
