import Foundation

/// What may be written into an installation: a value that nobody could start with is refused while somebody is looking.
enum InstallationValues {
  /// Why clients cannot reach the gateway under this name; `nil`: they can.
  static func fault(ofName name: String) -> String? {
    if GatewayCertificate.isAddress(name) { return nil }
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    let isName = labels.allSatisfy { label in
      (1...63).contains(label.utf8.count) && label.utf8.allSatisfy(isLetterOrDigit(orHyphen: true))
        && label.first != "-" && label.last != "-"
    }
    // A name whose last part is a number is an address with a slip in it.
    if isName, name.utf8.count <= 253, labels.last?.allSatisfy(\.isNumber) == false { return nil }
    return Say.of(
      "--name \(name)：应为一个主机名（字母、数字、连字符；中文域名写作 xn--…）或 IP 地址，不带 http:// 和端口；多个名称请多次写 --name",
      """
      --name \(name): one host name (letters, digits, hyphens; others as xn--…) or IP address, without http:// and port; --name may \
      be repeated
      """)
  }

  /// Why a code is no county's.
  static func fault(ofCounty code: String) -> String? {
    let digits = Array(code.utf8)
    let isCounty =
      digits.count == 12 && digits.allSatisfy { (48...57).contains($0) } && code.hasSuffix("000000")
      && !code.dropLast(6).hasSuffix("00")
    guard !isCounty else { return nil }
    return Say.of(
      "--county \(code) 不是县的12位代码：前六位为县，后六位为 000000",
      "--county \(code) is not a county's 12-digit code: six digits of its own, then 000000")
  }

  /// What a setting takes, if this value is none of it; `nil`: it may be.
  static func fault(of name: String, _ value: String) -> String? {
    func isNumber(_ range: ClosedRange<Int>) -> Bool { Int(value).map(range.contains) ?? false }
    func isSize(_ units: String) -> Bool {
      guard let unit = value.last else { return false }
      return units.contains(unit) && Int(value.dropLast()).map { $0 > 0 } ?? false
    }
    let levels = ["trace", "debug", "info", "notice", "warning", "error"]
    let (isFine, takes): (Bool, String) =
      switch name {
      case "HUYING_COUNTY": (fault(ofCounty: value) == nil, Say.of("县的12位代码", "a county's 12-digit code"))
      case "HUYING_VERSION":
        (
          (1...128).contains(value.utf8.count)
            && value.utf8.allSatisfy { isLetterOrDigit(orHyphen: true)($0) || $0 == 46 || $0 == 95 },
          Say.of("映像的版本，如 1 或 1.2", "an image's version, like 1 or 1.2")
        )
      case "HUYING_BIND": (GatewayCertificate.isAddress(value), Say.of("本机的 IP 地址", "an IP address of this machine"))
      case "HUYING_PORT": (isNumber(1...65_535), Say.of("1 至 65535", "1 to 65535"))
      case "HUYING_LANG": (["zh", "en"].contains(value), "zh, en")
      case "HUYING_LOG_LEVEL": (levels.contains(value), levels.joined(separator: ", "))
      case "HUYING_LOG_FILES": (isNumber(1...1_000), Say.of("1 至 1000", "1 to 1000"))
      case "HUYING_LOG_SIZE", "HUYING_MEMORY": (isSize("kmg"), Say.of("大小，如 20m、1g", "a size like 20m or 1g"))
      case "HUYING_MAX_CALLS": (isNumber(1...65_536), Say.of("1 至 65536", "1 to 65536"))
      case "HUYING_BACKUP_EVERY":
        (
          value.isEmpty || isInterval(value),
          Say.of("24h、90m、7d 等，至少10分钟；空为不备份", "like 24h, 90m or 7d, ten minutes at least; empty: never")
        )
      case "HUYING_BACKUP_KEEP": (isNumber(1...100_000), Say.of("套数，至少 1", "how many sets, 1 at least"))
      case "HUYING_CARE_VISITS": (["on", "off"].contains(value), "on, off")
      case "COMPOSE_PROJECT_NAME":
        (
          value.wholeMatch(of: /[a-z0-9][a-z0-9_-]*/) != nil,
          Say.of("小写字母、数字、连字符、下划线", "lower-case letters, digits, hyphens, underscores")
        )
      default: (true, "")
      }
    guard !isFine else { return nil }
    return Say.of("--set \(name)=\(value)：应为 \(takes)", "--set \(name)=\(value): it takes \(takes)")
  }

  /// `24h`, `90m`, `7d`; ten minutes at least: what the gateway starts with.
  private static func isInterval(_ text: String) -> Bool {
    guard let unit = text.last, let number = Int(text.dropLast()), number > 0, number < 10_000 else { return false }
    let minutes = unit == "h" ? number * 60 : unit == "m" ? number : unit == "d" ? number * 1_440 : 0
    return minutes >= 10
  }

  private static func isLetterOrDigit(orHyphen: Bool) -> (UInt8) -> Bool {
    { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || orHyphen && byte == 45
    }
  }
}
