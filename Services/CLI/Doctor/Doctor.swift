import ArgumentParser
import Foundation
import Kernel
import RPC
import Runtime

/// `huying doctor`: what is wrong with this installation, and what to do about it.
struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: Say.of(
      "体检：磁盘、时间、证书、版本、权限、进程、消息、日志链、备份。",
      "Look the installation over: disk, time, certificates, versions, permissions, processes, relay, journals, backup."
    ),
    discussion: Say.of(
      """
      每项一行，有问题的写明怎么办。只看不改；看不到的说明为何未查。

        huying doctor                                       本机的系统（var）
        docker compose run --rm huying doctor               容器中：数据卷在 /volumes，密钥在 /run/secrets
        huying doctor --quick                               不逐条核验日志链
        huying doctor --problems                            只列问题
        huying doctor -o json                               每行一个 JSON，供程序读取

      退出码：0 没有问题 · 1 有须注意的 · 2 有故障 · 64 用法有误。
      """,
      """
      One line for each thing, with the remedy where one is needed. It changes nothing; what it cannot reach is said, too.

        huying doctor                                       a stack on this machine (var)
        docker compose run --rm huying doctor               in a container: data in /volumes, keys in /run/secrets
        huying doctor --quick                               without walking the journals
        huying doctor --problems                            only what is wrong
        huying doctor -o json                               a JSON object a line, for programs

      Exit codes: 0 nothing is wrong · 1 there are warnings · 2 something is broken · 64 wrong usage.
      """))

  @Option(
    help: .of(
      "各服务数据目录的上级；缺省 HUYING_DATA_ROOT、/volumes、var。",
      "The folder of the services' data folders; default: HUYING_DATA_ROOT, /volumes, var."),
    completion: .directory)
  var dataRoot: String?

  @Option(
    help: .of(
      "密钥和证书的目录；缺省 HUYING_KEY_DIR、/run/secrets、var/keys。",
      "Keys and certificates; default: HUYING_KEY_DIR, /run/secrets, var/keys."),
    completion: .directory)
  var secrets: String?

  @Option(
    help: .of("备份目录；缺省 HUYING_BACKUP_DIR、/backups。", "Backups; default: HUYING_BACKUP_DIR, /backups."),
    completion: .directory)
  var backups: String?

  @Option(
    help: .of(
      "某进程的管理端口，如 dispute=10.0.0.5:8002，或 =off；可多次。",
      "A process's admin port: dispute=10.0.0.5:8002, or =off; may be repeated."))
  var admin: [String] = []

  @Flag(help: .of("不逐条核验日志链。", "Do not walk the journals' chains."))
  var quick = false

  @Flag(help: .of("只列有问题的。", "Only what is wrong."))
  var problems = false

  @OptionGroup var gateway: GatewayOptions

  func run() async throws {
    let target = Session.target(gateway.target)
    let places = try DoctorPlaces(
      dataRoot: dataRoot, secrets: secrets, backups: backups, admin: admin, target: target)
    let endpoint = try Session.endpoint(gateway.target, gateway.tls)
    var findings: [Finding] = []
    // As they come: what is known already is not held back by what takes its time.
    func tell(_ found: [Finding]) throws {
      findings += found
      for finding in found where !problems || finding.severity >= .warning {
        print(gateway.output == .json ? try JSONText.of(finding) : finding.line)
      }
      fflush(nil)
    }
    try tell(Self.machine(places))
    try tell(await Self.certificates(places, endpoint))
    let (processes, pages) = await Self.processes(places)
    try tell(Self.versions(pages) + processes)
    try tell(Self.backup(places, pages["gateway"]))
    let options = gateway
    let known = await GatewayCheck(
      endpoint: endpoint, isLoggedIn: Session.load() != nil, walksChains: !quick
    ).findings { try options.channel() }
    try tell(known.all)
    if !known.heardRelay, let page = pages["gateway"] { try tell(ProcessCheck.relay(page)) }
    summarise(findings)
    if findings.exitCode != 0 { throw ExitCode(findings.exitCode) }
  }

  private func summarise(_ findings: [Finding]) {
    switch gateway.output {
    case .json: break
    case .table:
      let count = { (severity: Finding.Severity) in findings.count { $0.severity == severity } }
      print(
        Say.of(
          "正常 \(count(.fine))，注意 \(count(.warning))，故障 \(count(.failure))，未查 \(count(.skipped))",
          "\(count(.fine)) ok, \(count(.warning)) warnings, \(count(.failure)) failures, \(count(.skipped)) skipped"))
    }
  }

  /// Disk, clock, files: what this machine shows.
  private static func machine(_ places: DoctorPlaces) -> [Finding] {
    var folders = ServiceIdentity.all.map { identity in
      let path = places.data(of: identity)
      return DiskCheck.Folder(name: identity.name, path: path, data: FileCheck.databaseBytes(in: path))
    }
    if let path = places.backups {
      folders.append(.init(name: path, path: path, backups: DiskCheck.bytes(below: path)))
    }
    var findings = county(places.county) + DiskCheck.findings(folders)
    findings.append(TimeCheck.finding(isSynchronised: TimeCheck.kernelIsSynchronised()))
    findings += FileCheck.secrets(in: places.secrets)
    return findings + ServiceIdentity.all.flatMap { FileCheck.findings($0, in: places.data(of: $0)) }
  }

  /// A demo that is taken for the real thing would be found out when somebody's matter is in it.
  static func county(_ code: String?) -> [Finding] {
    guard code == CountyFiles.builtInCode else { return [] }
    return [
      Finding(
        .note, .county, CountyFiles.builtInCode,
        Say.of("虚构的沭安县，只供演示", "the fictional 沭安县, a demo"),
        remedy: Say.of(
          "真实的县另行安装（huying init --county）", "a real county is an installation of its own (huying init --county)"))
    ]
  }

  /// What lies in files, and what the gateway's port shows.
  private static func certificates(_ places: DoctorPlaces, _ endpoint: Endpoint) async -> [Finding] {
    var findings = CertificateCheck.findings(in: places.secrets)
    guard endpoint.tls != nil, !endpoint.address.hasPrefix("unix:") else { return findings }
    do {
      let served = try await ServedCertificate.read(at: endpoint.address)
      findings.append(CertificateCheck.finding(endpoint.address, served, now: Date()))
    } catch {
      findings.append(
        Finding(.skipped, .certificate, endpoint.address, Say.of("没有出示证书", "showed no certificate")))
    }
    return findings
  }

  /// Every process by its admin port.
  private static func processes(_ places: DoctorPlaces) async -> (findings: [Finding], pages: [String: MetricsPage]) {
    var findings: [Finding] = []
    var pages: [String: MetricsPage] = [:]
    for identity in ServiceIdentity.all {
      guard let address = places.admin[identity.name] else { continue }
      do {
        let reading = try await ProcessCheck.read(address)
        pages[identity.name] = reading.page
        findings += ProcessCheck.findings(identity.name, reading)
      } catch is Complaint {
        findings.append(
          Finding(
            .failure, .process, identity.name,
            Say.of(
              "管理端口 \(address) 接通而不应答：进程停住了", "its admin port \(address) is open and says nothing: it stands still"),
            remedy: Say.of(
              "docker compose restart \(identity.name)；暂停的容器：docker compose unpause \(identity.name)",
              "docker compose restart \(identity.name); a container that is paused: docker compose unpause \(identity.name)"
            )))
      } catch {
        findings.append(
          Finding(
            .skipped, .process, identity.name,
            Say.of("管理端口 \(address) 不应答", "its admin port \(address) does not answer"),
            remedy: Say.of(
              "是否启动？别处请用 --admin \(identity.name)=主机:端口",
              "is it started? if elsewhere: --admin \(identity.name)=HOST:PORT")))
      }
    }
    return (findings, pages)
  }

  /// The libraries: as the processes say, or else this program's own, which come from the same image.
  private static func versions(_ pages: [String: MetricsPage]) -> [Finding] {
    let builds = pages.compactMapValues { $0.all("huying_build_info").first?.labels }
    func all(_ name: String, or own: String) -> [String] {
      let found = Set(builds.values.compactMap { $0[name] })
      return found.isEmpty ? [own] : found.sorted()
    }
    return VersionCheck.processes(builds.compactMapValues { $0["version"] })
      + all("sqlite", or: BuildInfo.sqlite).map(VersionCheck.sqlite)
      + all("nghttp2", or: BuildInfo.nghttp2).map(VersionCheck.nghttp2)
  }

  private static func backup(_ places: DoctorPlaces, _ gateway: MetricsPage?) -> [Finding] {
    if let last = gateway?.sum("huying_backup_last_time_seconds") {
      let failures = gateway?.sum("huying_backup_failures") ?? 0
      let start = gateway?.sum("process_start_time_seconds") ?? 0
      let every = gateway?.sum("huying_backup_every_seconds") ?? BackupCheck.usualInterval
      return [
        BackupCheck.finding(Say.of("定时备份", "scheduled"), last: last, every: every, failures: failures, start: start)
      ]
    }
    if gateway == nil {
      return [
        Finding(
          .skipped, .backup, Say.of("定时备份", "scheduled"), Say.of("看不到网关的指标", "the gateway's numbers are not seen"))
      ]
    }
    return [
      Finding(
        .warning, .backup, Say.of("定时备份", "scheduled"), Say.of("网关没有设定定时备份", "the gateway makes none by schedule"),
        remedy: Say.of(
          "设定 HUYING_BACKUP_DIR 和 HUYING_BACKUP_EVERY", "set HUYING_BACKUP_DIR and HUYING_BACKUP_EVERY at the gateway"))
    ]
  }
}
