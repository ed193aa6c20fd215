package import Kernel

extension Reason {
  /// Nobody is entered under this id.
  package static let orgNotFound = Reason("ORG_NOT_FOUND", zh: "没有此组织。", en: "There is no such organisation.")
  /// The id belongs to another organisation.
  package static let orgIDTaken = Reason(
    "ORG_ID_TAKEN", zh: "该组织编号已被使用。", en: "The organisation's id is taken.")
  /// The organisation was closed.
  package static let orgClosed = Reason("ORG_CLOSED", zh: "该组织已撤销。", en: "The organisation is closed.")
  /// An organisation without a name.
  package static let orgNameMissing = Reason("ORG_NAME_MISSING", zh: "缺少组织名称。", en: "The organisation has no name.")
  /// An organisation without a type.
  package static let orgTypeMissing = Reason("ORG_TYPE_MISSING", zh: "缺少组织类型。", en: "The organisation has no type.")
  /// The type of an organisation never changes: close it and enter another.
  package static let orgTypeFixed = Reason(
    "ORG_TYPE_FIXED", zh: "组织类型不得变更，请撤销后另行录入。",
    en: "The type of an organisation does not change; close it and enter another.")
  /// An organisation that works nowhere.
  package static let areaMissing = Reason("AREA_MISSING", zh: "缺少所辖区划。", en: "The organisation has no area.")
  /// Everybody but the county government has both parents.
  package static let parentMissing = Reason(
    "PARENT_MISSING", zh: "缺少业务上级或日常管理上级。", en: "The business parent or the daily parent is missing.")
  /// A parent that is not entered.
  package static let parentNotFound = Reason(
    "PARENT_NOT_FOUND", zh: "上级组织尚未录入。", en: "The parent organisation is not entered yet.")
  /// A parent that was closed.
  package static let parentClosed = Reason("PARENT_CLOSED", zh: "上级组织已撤销。", en: "The parent organisation is closed.")
  /// The parents lead in a circle, or end before the county (I5).
  package static let parentChainBroken = Reason(
    "PARENT_CHAIN_BROKEN", zh: "上级关系未能连到县级，或形成循环。",
    en: "The chain of parents does not reach the county, or runs in a circle.")
  /// A township is known by its 12-digit code.
  package static let townshipAreaInvalid = Reason(
    "TOWNSHIP_AREA_INVALID", zh: "乡镇的第一个区划代码应为乡级代码。",
    en: "The first area code of a township is a code of township level.")
  /// An agency of no kind, or a kind on something that is no agency.
  package static let agencyTypeMissing = Reason(
    "AGENCY_TYPE_MISSING", zh: "派驻机构须注明机构类别，其他组织不得填写。",
    en: "A dispatched agency names its agency type; nothing else does.")
  /// A dispatched agency obeys two lines (I4).
  package static let agencyNeedsTwoParents = Reason(
    "AGENCY_NEEDS_TWO_PARENTS", zh: "派驻机构须同时有业务主管部门和日常管理乡镇。",
    en: "A dispatched agency has a business parent and a daily parent.")
  /// The two lines are two organisations (I4).
  package static let agencyParentsEqual = Reason(
    "AGENCY_PARENTS_EQUAL", zh: "派驻机构的业务上级与日常管理上级不得相同。",
    en: "The two parents of a dispatched agency differ.")
  /// The daily line of an agency is a township (I4).
  package static let agencyDailyParentNotTownship = Reason(
    "AGENCY_DAILY_PARENT_NOT_TOWNSHIP", zh: "派驻机构的日常管理上级应为乡镇。",
    en: "The daily parent of a dispatched agency is a township.")
  /// A room under something that has no such room.
  package static let roomParentMismatch = Reason(
    "ROOM_PARENT_MISMATCH", zh: "调解场所与其所属组织的类型不相符。",
    en: "This kind of room does not belong to this kind of organisation.")
  /// One active room each (I7).
  package static let mediationRoomExists = Reason(
    "MEDIATION_ROOM_EXISTS", zh: "该组织已有一个在用的调解场所。", en: "There is an active room of this kind already.")
  /// Others belong to it.
  package static let hasActiveChildren = Reason(
    "HAS_ACTIVE_CHILDREN", zh: "仍有下级组织隶属于它。", en: "Active organisations belong to it.")
  /// Grids belong to it.
  package static let hasActiveGrids = Reason("HAS_ACTIVE_GRIDS", zh: "仍有网格隶属于它。", en: "Active grids belong to it.")
  /// No township of this code.
  package static let townshipNotFound = Reason("TOWNSHIP_NOT_FOUND", zh: "没有此乡镇。", en: "There is no such township.")
}
