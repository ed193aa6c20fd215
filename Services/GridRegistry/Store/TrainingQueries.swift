import Persistence

/// The SQL of courses, sessions and certificates.
enum TrainingQueries {
  static let loadCourse = Statement(
    "course.load",
    """
    SELECT course_id, name, competence, line_code, pass_score, validity_months, version
    FROM courses WHERE county_code = $1 AND course_id = $2
    """)
  static let listCourses = Statement(
    "course.list",
    """
    SELECT course_id, name, competence, line_code, pass_score, validity_months, version
    FROM courses WHERE county_code = $1 AND course_id > $2 ORDER BY course_id LIMIT $3
    """)
  static let saveCourse = Statement(
    "course.save",
    """
    INSERT INTO courses (
      county_code, course_id, name, competence, line_code, pass_score, validity_months, version
    ) VALUES (
      $1, $2, $3, $4, $5, $6, $7, $8
    )
    ON CONFLICT (county_code, course_id) DO UPDATE SET
      name = excluded.name, competence = excluded.competence, line_code = excluded.line_code, pass_score =
      excluded.pass_score, validity_months = excluded.validity_months, version = excluded.version
    """)
  static let loadSession = Statement(
    "training_session.load",
    """
    SELECT session_id, course_id, session_date, place, org_id, version
    FROM training_sessions WHERE county_code = $1 AND session_id = $2
    """)
  static let listSessions = Statement(
    "training_session.list",
    """
    SELECT session_id, course_id, session_date, place, org_id, version
    FROM training_sessions WHERE county_code = $1 AND session_id > $2 ORDER BY session_id LIMIT $3
    """)
  static let listSessionsOfCourse = Statement(
    "training_session.list_of_course",
    """
    SELECT session_id, course_id, session_date, place, org_id, version
    FROM training_sessions WHERE county_code = $1 AND course_id = $2 AND session_id > $3 ORDER BY session_id LIMIT $4
    """)
  static let saveSession = Statement(
    "training_session.save",
    """
    INSERT INTO training_sessions (
      county_code, session_id, course_id, session_date, place, org_id, version
    ) VALUES (
      $1, $2, $3, $4, $5, $6, $7
    )
    ON CONFLICT (county_code, session_id) DO UPDATE SET
      course_id = excluded.course_id, session_date = excluded.session_date, place = excluded.place, org_id =
      excluded.org_id, version = excluded.version
    """)
  static let attendances = Statement(
    "training_session.attendances",
    """
    SELECT person_id, attended, exam_score FROM training_attendances
    WHERE county_code = $1 AND session_id = $2 ORDER BY position
    """)
  static let saveAttendance = Statement(
    "training_session.save_attendance",
    """
    INSERT INTO training_attendances (
      county_code, session_id, position, person_id, attended, exam_score
    ) VALUES (
      $1, $2, $3, $4, $5, $6
    )
    ON CONFLICT (county_code, session_id, position) DO UPDATE SET
      person_id = excluded.person_id, attended = excluded.attended, exam_score = excluded.exam_score
    """)
  static let certificatesOf = Statement(
    "certificate.of_person",
    """
    SELECT certificate_id, person_id, course_id, session_id, competence, line_code, exam_score, issue_date, expire_date,
      reminder_time
    FROM certificates WHERE county_code = $1 AND person_id = $2 ORDER BY issue_date DESC, certificate_id DESC
    """)
  static let expiring = Statement(
    "certificate.expiring",
    """
    SELECT certificate_id, person_id, course_id, session_id, competence, line_code, exam_score, issue_date, expire_date,
      reminder_time
    FROM certificates WHERE county_code = $1 AND replaced = 0 AND expire_date <= $2 AND (expire_date, certificate_id) > ($3, $4)
    ORDER BY expire_date, certificate_id LIMIT $5
    """)
  static let toRemind = Statement(
    "certificate.to_remind",
    """
    SELECT certificate_id, person_id, course_id, session_id, competence, line_code, exam_score, issue_date, expire_date,
      reminder_time
    FROM certificates WHERE county_code = $1 AND replaced = 0 AND reminder_time IS NULL
    ORDER BY expire_date LIMIT $2
    """)
  static let countToRemind = Statement(
    "certificate.count_to_remind",
    """
    SELECT count(*) FROM certificates
    WHERE county_code = $1 AND replaced = 0 AND reminder_time IS NULL AND expire_date <= $2
    """)
  static let saveCertificate = Statement(
    "certificate.save",
    """
    INSERT INTO certificates (
      county_code, certificate_id, person_id, course_id, session_id, competence, line_code, exam_score, issue_date,
      expire_date, reminder_time, replaced
    ) VALUES (
      $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
    )
    ON CONFLICT (county_code, certificate_id) DO UPDATE SET
      reminder_time = excluded.reminder_time
    """)
  static let replace = Statement(
    "certificate.replace",
    """
    UPDATE certificates SET replaced = 1
    WHERE county_code = $1 AND person_id = $2 AND competence = $3 AND replaced = 0 AND expire_date <= $4
    """)
  static let hasLonger = Statement(
    "certificate.has_longer",
    """
    SELECT certificate_id FROM certificates
    WHERE county_code = $1 AND person_id = $2 AND competence = $3 AND expire_date > $4 LIMIT 1
    """)
  static let counties = Statement(
    "certificate.next_county",
    """
    SELECT county_code FROM certificates WHERE county_code > $1 ORDER BY county_code LIMIT 1
    """)

  static let scoresOf = Statement(
    "training_session.scores_of_person",
    """
    SELECT s.session_date, a.exam_score
    FROM training_attendances AS a JOIN training_sessions AS s
      ON s.county_code = a.county_code AND s.session_id = a.session_id
    WHERE a.county_code = $1 AND a.person_id = $2 AND a.exam_score IS NOT NULL
    """)

  static let all = [
    scoresOf, loadCourse, listCourses, saveCourse, loadSession, listSessions, listSessionsOfCourse, saveSession,
    attendances, saveAttendance, certificatesOf, expiring, toRemind, countToRemind, saveCertificate, replace, hasLonger,
    counties,
  ]
}
