import AssessmentModel

// The words of a report, in both languages. Result words are those of the official report template;
// "待核查" and "未测" are ours.

extension Verdict {
  var word: Bilingual {
    switch self {
    case .conforming: Bilingual(zh: "符合", en: "conforming")
    case .partial: Bilingual(zh: "部分符合", en: "partial")
    case .nonConforming: Bilingual(zh: "不符合", en: "non-conforming")
    case .notApplicable: Bilingual(zh: "不适用", en: "not applicable")
    case .awaiting: Bilingual(zh: "待核查", en: "awaiting a person")
    case .untested: Bilingual(zh: "未测", en: "untested")
    }
  }

  /// Shown beside the word, so that nothing rests on colour.
  var symbol: String {
    switch self {
    case .conforming: "✔"
    case .partial: "◐"
    case .nonConforming: "✖"
    case .notApplicable: "–"
    case .awaiting: "☐"
    case .untested: "?"
    }
  }

  /// Class name in the page's style.
  var mark: HTML {
    switch self {
    case .conforming: "c"
    case .partial: "p"
    case .nonConforming: "x"
    case .notApplicable: "n"
    case .awaiting: "w"
    case .untested: "u"
    }
  }

  /// Symbol and word.
  var badge: HTML { "<span class='v \(mark)'>\(symbol) \(word)</span>" }
}

extension Letter {
  /// √, × and / are the official signs; ? is ours.
  var symbol: String {
    switch self {
    case .met: "√"
    case .notMet: "×"
    case .undetermined: "?"
    case .notEvaluated: "/"
    }
  }

  var word: Bilingual {
    switch self {
    case .met: Bilingual(zh: "满足", en: "met")
    case .notMet: Bilingual(zh: "不满足", en: "not met")
    case .undetermined: Bilingual(zh: "未确定", en: "undetermined")
    case .notEvaluated: Bilingual(zh: "不再评价", en: "not evaluated")
    }
  }
}

extension Requirement.Obligation {
  var word: Bilingual {
    switch self {
    case .shall: Bilingual(zh: "应", en: "shall")
    case .should: Bilingual(zh: "宜", en: "should")
    case .may: Bilingual(zh: "可", en: "may")
    case .pointer: Bilingual(zh: "引用", en: "pointer")
    case .unknown: Bilingual(zh: "未知", en: "unknown")
    }
  }
}

extension Requirement.Standard {
  var name: String {
    switch self {
    case .gmt0077: "GM/T 0077-2019"
    case .gbt39786: "GB/T 39786-2021"
    }
  }
}

extension Question.Method {
  var word: Bilingual {
    switch self {
    case .interview: Bilingual(zh: "访谈", en: "interview")
    case .document: Bilingual(zh: "文档审查", en: "document review")
    case .look: Bilingual(zh: "实地查看", en: "on-site look")
    case .configuration: Bilingual(zh: "配置检查", en: "configuration check")
    case .toolTest: Bilingual(zh: "工具测试", en: "tool test")
    }
  }
}

extension ObjectKind {
  var word: Bilingual {
    switch self {
    case .room: Bilingual(zh: "机房等物理区域", en: "room")
    case .channel: Bilingual(zh: "通信信道", en: "channel")
    case .device: Bilingual(zh: "设备", en: "device")
    case .application: Bilingual(zh: "应用", en: "application")
    case .data: Bilingual(zh: "重要数据", en: "data class")
    case .organisation: Bilingual(zh: "管理机构", en: "organisation")
    case .auditLog: Bilingual(zh: "审计日志", en: "audit log")
    case .pinService: Bilingual(zh: "PIN 服务", en: "PIN service")
    case .cryptoDevice: Bilingual(zh: "密码设备", en: "cryptographic device")
    case .assetStore: Bilingual(zh: "密码资产库", en: "asset store")
    }
  }
}

extension HighRiskRules.Confidence {
  var word: Bilingual {
    switch self {
    case .high: Bilingual(zh: "高", en: "high")
    case .medium: Bilingual(zh: "中", en: "medium")
    case .low: Bilingual(zh: "低", en: "low")
    }
  }
}

extension AssessmentResult.HighRiskHit.State {
  var word: Bilingual {
    switch self {
    case .proposed: Bilingual(zh: "工具提出，待人确认", en: "proposed by the tool")
    case .open: Bilingual(zh: "存在", en: "open")
    case .mitigated: Bilingual(zh: "已缓解", en: "mitigated")
    case .rejected: Bilingual(zh: "不成立", en: "rejected")
    }
  }
}

extension Unavailability.Reason {
  var word: Bilingual {
    switch self {
    case .refused: Bilingual(zh: "连接被拒绝", en: "refused")
    case .silent: Bilingual(zh: "期限内无任何应答", en: "silent")
    case .reset: Bilingual(zh: "连接被重置", en: "reset")
    case .closed: Bilingual(zh: "连接被关闭", en: "closed")
    case .unreachable: Bilingual(zh: "不可达", en: "unreachable")
    case .malformed: Bilingual(zh: "应答格式错误", en: "malformed")
    case .endless: Bilingual(zh: "应答无休止", en: "endless")
    case .deadline: Bilingual(zh: "超过时限", en: "deadline exceeded")
    case .cancelled: Bilingual(zh: "已取消", en: "cancelled")
    case .unreadable: Bilingual(zh: "无法读取", en: "unreadable")
    case .unauthorised: Bilingual(zh: "未获授权", en: "unauthorised")
    case .failed: Bilingual(zh: "检测失败", en: "failed")
    case .notRun: Bilingual(zh: "未执行", en: "not run")
    }
  }
}

extension Bilingual {
  /// The text in one language, or both with a slash between.
  func text(in language: ReportLanguage) -> String {
    switch language {
    case .chinese: zh
    case .english: en
    case .both: zh == en ? zh : "\(zh) / \(en)"
    }
  }
}
