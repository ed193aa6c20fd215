import Foundation
import GatewayContract
import HealthContract
import Kernel
import RPC
import Runtime
import WireTypes

/// What the gateway knows: who is up, whether the services hear each other, whether their journals hold.
struct GatewayCheck {
  let endpoint: Endpoint
  let isLoggedIn: Bool
  let walksChains: Bool

  /// Every service's health, which needs no login; then what needs one.
  func findings(_ channel: () throws -> Channel) async -> (all: [Finding], heardRelay: Bool) {
    let open = endpoint.channel()
    let statuses: [String: HealthV1.HealthCheckResponse]
    do throws(Status) {
      let client = HealthV1.HealthClient(open)
      statuses = try await client.list(.init(), options: CallOptions(timeout: .seconds(10))).statuses
      await open.close(within: .seconds(1))
    } catch {
      await open.close(within: .seconds(1))
      let why = StatusText.sentence(error)
      return (
        [
          Finding(
            .failure, .process, "gateway",
            Say.of("\(endpoint.address) 不应答：\(why)", "\(endpoint.address) does not answer: \(why)"),
            remedy: Say.of("网关是否启动？TLS 是否须 --ca？", "is it started? does it speak TLS (--ca)?"))
        ], false
      )
    }
    var findings = ServiceIdentity.all.compactMap { identity -> Finding? in
      let isUp = statuses[identity.name == "gateway" ? "" : identity.name]?.status == .serving
      return isUp
        ? nil
        : Finding(
          .failure, .process, identity.name, Say.of("网关看不到它", "the gateway does not see it"),
          remedy: Say.of(
            "看它的日志（docker compose logs \(identity.name)）", "read its log (docker compose logs \(identity.name))"))
    }
    if findings.isEmpty {
      findings.append(Finding(.fine, .process, endpoint.address, Say.of("六个进程都在服务", "all six processes serve")))
    }
    let known = await behindLogin(channel)
    return (findings + known.all, known.heardRelay)
  }

  private func behindLogin(_ channel: () throws -> Channel) async -> (all: [Finding], heardRelay: Bool) {
    guard isLoggedIn, let channel = try? channel() else {
      let how = Say.of(
        "huying login 后再查（COUNTY_IT、COUNTY_ADMIN 或 AUDITOR）", "huying login first (COUNTY_IT, COUNTY_ADMIN or AUDITOR)")
      return ([Finding(.skipped, .journal, Say.of("全部", "all"), Say.of("未登录", "not logged in"), remedy: how)], false)
    }
    var findings: [Finding] = []
    var heardRelay = false
    do {
      let routes = try await GatewayV1.RelayServiceClient(channel).getRelayStatus(
        .init(), options: CallOptions(timeout: .seconds(10))
      ).routes
      findings += routes.map(RelayCheck.finding)
      heardRelay = true
      let lost = try await GatewayV1.RelayServiceClient(channel).listLostEvents(
        .init(), options: CallOptions(timeout: .seconds(10))
      ).events
      findings += RelayCheck.findings(lost: lost, now: Date().timeIntervalSince1970)
    } catch { findings.append(Self.skipped(.relay, error)) }
    if walksChains {
      do {
        let answer = try await GatewayV1.JournalServiceClient(channel).verifyJournals(
          .init(), options: CallOptions(timeout: .seconds(600)))
        findings += answer.verifications.map(Self.finding)
      } catch { findings.append(Self.skipped(.journal, error)) }
    } else {
      findings.append(
        Finding(.skipped, .journal, Say.of("全部", "all"), Say.of("按 --quick 未核验", "not walked, by --quick")))
    }
    await channel.close(within: .seconds(1))
    return (findings, heardRelay)
  }

  static func finding(_ chain: GatewayV1.JournalVerification) -> Finding {
    if chain.unreachable {
      return Finding(.skipped, .journal, chain.service, Say.of("未响应，无法核验", "does not answer"))
    }
    if chain.firstBrokenSeq != 0 {
      return Finding(
        .failure, .journal, chain.service,
        Say.of("链在第 \(chain.firstBrokenSeq) 条断裂", "the chain is broken at \(chain.firstBrokenSeq)"),
        remedy: Say.of(
          "数据被改动或损坏：停止该服务，留存文件，用 huying restore 恢复",
          "the file was changed or damaged: stop the service, keep the file, huying restore"))
    }
    return Finding(
      .fine, .journal, chain.service,
      Say.of("\(chain.verifiedCount) 条，链完整", "\(chain.verifiedCount) lines, the chain holds"))
  }

  private static func skipped(_ topic: Finding.Topic, _ error: any Error) -> Finding {
    let status = Status(error)
    return Finding(
      .skipped, topic, Say.of("全部", "all"), StatusText.lines(status).joined(separator: " "),
      remedy: status.code == .permissionDenied
        ? Say.of("以 COUNTY_IT、COUNTY_ADMIN 或 AUDITOR 登录", "log in as COUNTY_IT, COUNTY_ADMIN or AUDITOR") : "")
  }
}
