import Access
import CareVisitContract
import CareVisitDomain
import CareVisitService
import CareVisitStore
import CommonContract
import Foundation
import Journal
import Kernel
import Lifecycle
import Persistence
import RPC
import Runtime
import TestSupport
import Testing
import Wire
import WireTypes
import WorkClock

/// What the register cannot do, read from its contract and its statements: search by trait, export, join, score.
@Suite struct ForbiddenTests {
  private func methods() throws -> [MethodType] {
    try DescriptorPool(files: CareVisitV1.fileDescriptors).services
      .filter { $0.fullName.hasPrefix("huying.care_visit.") }.flatMap(\.methods)
  }

  /// Every message that a method's request or response is made of, by full name.
  private func messages(of type: MessageType, _ found: inout [String: MessageType]) {
    guard found[type.fullName] == nil else { return }
    found[type.fullName] = type
    for field in type.fields { if case .message(let inner) = field.kind { messages(of: inner, &found) } }
  }

  private func parts(_ type: MessageType) -> [String: MessageType] {
    var found: [String: MessageType] = [:]
    messages(of: type, &found)
    return found
  }

  @Test func `A12 S10: the contract has these RPCs and no other, and none of them streams`() throws {
    let names = try methods().map(\.name)
    #expect(
      Set(names) == [
        "ProposeProgramme", "DecideProgramme", "CloseProgramme", "ListProgrammes",
        "ProposeEnrolment", "DecideEnrolment", "BeginEnrolment", "ReassignEnrolment", "EndEnrolment", "GetEnrolment",
        "ListEnrolments", "RecordVisit", "ListVisits", "RevealIdentity", "FileRight", "AnswerRight", "ListRights",
        "GetAccessCopy", "ListReveals", "GetRevealReport", "ListRevealAlerts", "AcknowledgeRevealAlert",
        "GetErasureProof", "GetStatistics", "VerifyCareJournal",
      ])
    #expect(try methods().allSatisfy { !$0.clientStreaming && !$0.serverStreaming })
    for word in [
      "Search", "Find", "Match", "Export", "Import", "Join", "Link", "Score", "Rank", "Risk", "Track", "Watch",
    ] {
      #expect(names.filter { $0.contains(word) } == [], "\(word)")
    }
  }

  @Test func `A12 S10: a list is asked for by nothing but the page, one entry or one programme`() throws {
    let questions = try methods().filter { $0.name.hasPrefix("List") || $0.name.hasPrefix("Get") }
    let keys: Set<String> = [
      "page_size", "page_token", "enrolment_id", "programme_id", "right_request_id", "month",
    ]
    for method in questions {
      #expect(keys.isSuperset(of: method.request.fields.map(\.name)), "\(method.name)")
      #expect(method.request.fields.allSatisfy { !$0.isRepeated }, "\(method.name)")
    }
  }

  @Test func `A12 S10: who it is comes out one at a time, by a look that is written down`() throws {
    let identity = "huying.care_visit.v1.Identity"
    let out = try methods().filter { parts($0.response)[identity] != nil }.map(\.name)
    #expect(Set(out) == ["RevealIdentity", "GetAccessCopy"])
    let into = try methods().filter { parts($0.request)[identity] != nil }.map(\.name)
    #expect(Set(into) == ["ProposeEnrolment", "AnswerRight"])
    for method in try methods() {
      for message in parts(method.response).values {
        for field in message.fields {
          if case .message(let inner) = field.kind, inner.fullName == identity {
            #expect(!field.isRepeated, "\(message.fullName).\(field.name)")
          }
        }
      }
    }
  }

  @Test func `S10: no field holds an opinion, a score, a place, a picture or another register's id`() throws {
    let forbidden = [
      "score", "rank", "risk", "level", "grade", "rating", "label", "tag", "trait", "category", "remark", "note",
      "opinion", "comment", "description", "photo", "image", "latitude", "longitude", "location", "track", "case_id",
      "party", "household", "birth", "gender", "sex", "ethnic", "religion", "id_number", "diagnosis",
    ]
    var all: [String: MessageType] = [:]
    for method in try methods() {
      messages(of: method.request, &all)
      messages(of: method.response, &all)
    }
    for message in all.values where message.fullName.hasPrefix("huying.care_visit.") {
      for field in message.fields {
        let words = field.name.split(separator: "_").map(String.init)
        for word in forbidden {
          let isThere = word.contains("_") ? field.name.contains(word) : words.contains(word)
          #expect(!isThere, "\(message.fullName).\(field.name)")
        }
      }
    }
    // What a visit says is a date, an outcome, codes and ids.
    let visit = try #require(all["huying.care_visit.v1.Visit"])
    #expect(
      visit.fields.map(\.name) == [
        "visit_id", "enrolment_id", "visit_date", "outcome", "need_codes", "referral_org_id", "visitor_person_id",
      ])
  }

  @Test func `S10: no statement asks the vault for anything but one token, and none joins two tables`() throws {
    for statement in CareVisitMigrations.statements {
      let sql = "\(statement.sql)".uppercased()
      #expect(!sql.contains(" JOIN ") && !sql.contains("LIKE") && !sql.contains("ATTACH"), "\(statement.name)")
      guard sql.contains("VAULT_"), !sql.contains("INSERT") else { continue }
      #expect(sql.contains("WHERE COUNTY_CODE = $1 AND ENROLMENT_ID = $2"), "\(statement.name)")
    }
  }

  @Test func `no statement walks over a whole table`() throws {
    let bench = try CareBench()
    #expect(try bench.bench.database.unindexedScans(in: CareVisitMigrations.statements).isEmpty)
  }

  @Test func `S10: where the register is not switched on every RPC says so, and what is due is destroyed still`()
    async throws
  {
    let bench = try CareBench()
    let token = try await bench.end(try await bench.activeEnrolment()).enrolmentID
    let off = CareVisitService(
      bench.bench.shell, county: "379922000000", directory: bench.staff.directory, isServing: false)
    let server = try await Walker(off.parts)
    for method in try methods() {
      let status = try await server.call(method, [], as: Staff.all.first { server.permits($0.role, method) })
      #expect(
        status?.code == .failedPrecondition && status?.reasons.map(\.code) == ["CARE_VISITS_DISABLED"], "\(method.path)"
      )
    }
    await server.close()
    bench.bench.clock.advance(by: .days(366))
    #expect(try await off.parts.timers.first?.fire(at: bench.now) == 1)
    #expect(try await bench.proof(token).unresolvable)
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test func `the diagrams in the README are the rulebooks', and every RPC is in the table`() throws {
    let text = try String(contentsOf: Self.root.appending(path: "Services/CareVisit/README.md"), encoding: .utf8)
    #expect(text.contains(Programme.lifecycle.diagram))
    #expect(text.contains(Enrolment.lifecycle.diagram))
    #expect(text.contains(RightRequest.lifecycle.diagram))
    for method in try methods() { #expect(text.contains(method.name), "\(method.name)") }
  }

  @Test func `S10: the gateway passes the calls on and knows nothing else of the register`() throws {
    let folder = Self.root.appending(path: "Services/Gateway")
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    var knowing: Set<String> = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8).lowercased()
      if text.contains("carevisit") || text.contains("care_visit") || text.contains("care-visit") {
        knowing.insert(file.lastPathComponent)
      }
    }
    #expect(knowing == ["Gateway.swift", "Backend.swift"])
  }
}
