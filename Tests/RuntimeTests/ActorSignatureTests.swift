import Access
import Crypto
import Kernel
import RPC
import TestSupport
import Testing

@testable import Runtime

@Suite struct ActorSignatureTests {
  let clock = SettableTime(Timestamp(seconds: 1_600_000_000))
  let actor = Actor(
    personID: "p-1", organisationID: "town-1", role: .townshipLeader, countyCode: "379922000000",
    onBehalfOf: "乡呼县应办公室")
  let path = "/huying.dispute.v1.CaseService/GetCase"

  func signature(_ byte: UInt8 = 1) -> ActorSignature {
    ActorSignature(key: SymmetricKey(data: [UInt8](repeating: byte, count: 32)), time: clock.source)
  }

  @Test func `an actor that was signed is the actor that is verified`() throws {
    let metadata = signature().sign(actor, path: path)
    #expect(try signature().verify(metadata, path: path) == actor)
  }

  @Test func `a signature is for one method, one key and one minute`() throws {
    let metadata = signature().sign(actor, path: path)
    #expect(throws: Refused(.unauthenticated, .actorInvalid)) {
      try signature().verify(metadata, path: "/huying.dispute.v1.CaseService/ReportCase")
    }
    #expect(throws: Refused(.unauthenticated, .actorInvalid)) { try signature(2).verify(metadata, path: path) }
    clock.advance(by: .seconds(61))
    #expect(throws: Refused(.unauthenticated, .actorInvalid)) { try signature().verify(metadata, path: path) }
  }

  @Test func `what is remembered is neither good for longer nor for anything else`() throws {
    let signature = signature()
    let metadata = signature.sign(actor, path: path)
    #expect(signature.sign(actor, path: path) == metadata, "signed once, used again")
    #expect(try signature.verify(metadata, path: path) == actor)
    #expect(try signature.verify(metadata, path: path) == actor)
    #expect(throws: Refused(.unauthenticated, .actorInvalid)) { try signature.verify(metadata, path: path + "2") }
    clock.advance(by: .seconds(30))
    let later = signature.sign(actor, path: path)
    #expect(later != metadata, "the time that is left is always most of a minute")
    clock.advance(by: .seconds(31))
    #expect(throws: Refused(.unauthenticated, .actorInvalid)) { try signature.verify(metadata, path: path) }
    #expect(try signature.verify(later, path: path) == actor)
  }

  @Test func `a changed bit is seen`() throws {
    let metadata = signature().sign(actor, path: path)
    var bytes = try #require(metadata.bytes(ActorSignature.actorName).first)
    bytes[3] ^= 1
    var forged = Metadata()
    forged.append(ActorSignature.actorName, bytes: bytes)
    forged.append(
      ActorSignature.signatureName, bytes: try #require(metadata.bytes(ActorSignature.signatureName).first))
    #expect(throws: Refused(.unauthenticated, .actorInvalid)) { try signature().verify(forged, path: path) }
    #expect(throws: Refused(.unauthenticated, .actorMissing)) { try signature().verify(Metadata(), path: path) }
  }

  @Test func `what claimed to be an actor is taken out before another is put in`() throws {
    var metadata = signature(9).sign(actor, path: path)
    signature().add(actor, path: path, to: &metadata)
    #expect(metadata.values(ActorSignature.actorName).count == 1)
    #expect(try signature().verify(metadata, path: path) == actor)
  }

  @Test func `the first door asks for an actor, a county and a role, and leaves health open`() throws {
    let door = ActorInterceptor(
      signature: signature(), rules: [path: AccessRule(roles: [.townshipLeader])], county: "379922000000")
    var open = ServerContext(method: MethodDescriptor(service: "grpc.health.v1.Health", name: "Check"))
    try door.begin(&open)

    let method = try #require(MethodDescriptor(path: path))
    var context = ServerContext(method: method, metadata: signature().sign(actor, path: path))
    try door.begin(&context)
    #expect(try context.actor == actor)
    #expect(context.metadata[ActorSignature.actorName] == nil)

    var elsewhere = actor
    elsewhere.countyCode = "371322000000"
    #expect(throws: Refused(.permissionDenied, .jurisdictionMismatch)) {
      var context = ServerContext(method: method, metadata: signature().sign(elsewhere, path: path))
      try door.begin(&context)
    }
    var clerk = actor
    clerk.role = .levelClerk
    #expect(throws: Refused.self) {
      var context = ServerContext(method: method, metadata: signature().sign(clerk, path: path))
      try door.begin(&context)
    }
    #expect(throws: Refused.self, "a method without a rule may be called by nobody") {
      let unknown = "/huying.dispute.v1.CaseService/Unknown"
      var context = ServerContext(
        method: try #require(MethodDescriptor(path: unknown)), metadata: signature().sign(actor, path: unknown))
      try door.begin(&context)
    }
  }
}
