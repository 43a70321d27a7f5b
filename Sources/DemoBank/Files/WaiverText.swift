/// The waiver file of the bank (豁免): approved exceptions with an end.
struct WaiverText {
  var days: DemoDays

  var text: String {
    """
    # 豁免 / Waivers: approved exceptions with an end. They change the gate, never a verdict, score or conclusion.
    # `match` takes code, unit, object or fingerprint; all given ones must fit.
    - id: W-001
      match: {code: "5.2", object: gw-legacy}
      reason: "旧接口将在下月下线。The old interface is retired next month."
      compensating: "只允许两个固定来源地址。Only two source addresses are let in."
      risk: 中 / medium
      requested-by: 赵六（虚构）
      approved-by: 王五（虚构）
      effective: "\(days.day(-1))"
      expires: "\(days.day(30))"       # first and last day count in full
      ticket: EXAMPLE-42

    # 已过期且不再需要：门禁已更换 / Ended and no longer needed, since the access system was replaced.
    - id: W-002
      match: {code: "6.1", object: room-dr}
      reason: "灾备机房门禁更换期间。While the access system was being replaced."
      requested-by: 赵六（虚构）
      approved-by: 王五（虚构）
      effective: "\(days.day(-120))"
      expires: "\(days.day(-30))"

    """
  }
}
