/// The attestation file of the second assessor (人工核查记录): applications, data and management.
struct BusinessAnswers {
  var days: DemoDays

  var text: String {
    """
    # 人工核查记录 / Attestations of the second assessor. All invented. Form: see the other file.
    assessor: 李四（虚构）
    date: "\(days.day(-1))"

    answers:
      # 应用 / Applications.
      - {ask: app.auth-use, object: ledger, verdict: met, method: tool-test,
         observed: "柜员与后台均以智能密码钥匙登录，重放被拒绝。Tellers and staff log in by token; a replay was refused."}
      - {ask: app.auth-algorithm, object: ledger, verdict: met, method: tool-test, observed: "SM2 签名，SM3 摘要。SM2 with SM3."}
      - {ask: app.product-grade, object: ledger, verdict: met, method: document,
         observed: "签名验签服务器与密码钥匙证书有效，二级。Valid certificates of grade 2.",
         evidence: [files/product-certificates.txt]}
      - {ask: app.acl-use, object: ledger, verdict: met, method: tool-test,
         observed: "直接改动权限行后登录被拒绝。After a change of a permission row login was refused."}
      - {ask: app.acl-algorithm, object: ledger, verdict: met, method: configuration, observed: "逐行 HMAC-SM3。HMAC-SM3 a row."}
      - {ask: app.nr-use, object: ledger, verdict: met, method: tool-test,
         observed: "抽一笔转账，独立工具验签通过，改一字失败。One payment order verifies and fails when altered.",
         evidence: [files/message-sample.txt]}
      - {ask: app.nr-algorithm, object: ledger, verdict: met, method: configuration, observed: "SM2 签名。SM2."}
      - {ask: app.auth-use, object: payment, verdict: met, method: tool-test,
         observed: "商户以证书签名登录。Merchants log in with a certificate and a signature."}
      - {ask: app.auth-algorithm, object: payment, verdict: not-met, method: tool-test,
         observed: "商户证书为 RSA-1024。Merchants have RSA certificates of 1024 bits.", strength-bits: 80}
      - {ask: app.acl-use, object: payment, verdict: not-met, method: tool-test,
         observed: "改动限额行后应用照常执行。A changed limit was used without complaint."}
      - {ask: app.auth-use, object: enquiry, verdict: not-met, method: tool-test,
         observed: "仅口令登录。Password alone."}

      # 数据 / Important data.
      - {ask: data.key-management, object: acct-data, verdict: met, method: document,
         observed: "密钥在密码机内产生，分三层保护，更换有记录。Keys are made in the module in three layers.",
         evidence: [files/product-certificates.txt]}
      - {ask: data.tconf-use, object: acct-data, verdict: not-met, method: tool-test,
         observed: "应用层未加密，依赖接入网关。The application does not encrypt and relies on the gateway."}
      - {ask: data.tint-use, object: acct-data, verdict: met, method: tool-test,
         observed: "改动金额、重放旧报文均被拒绝。Altered amounts and replays were refused."}
      - {ask: data.tint-algorithm, object: acct-data, verdict: met, method: configuration, observed: "报文附 HMAC-SM3。HMAC-SM3."}
      - {ask: data.sconf-use, object: acct-data, verdict: met, method: tool-test,
         observed: "库表字段为密文，备份亦然。Fields are ciphertext, in backups too."}
      - {ask: data.sconf-algorithm, object: acct-data, verdict: met, method: configuration, observed: "SM4-CBC，随机初值。SM4-CBC."}
      - {ask: data.sint-use, object: acct-data, verdict: not-met, method: tool-test,
         observed: "直接改动余额未被发现。A changed balance was not noticed."}
      - {ask: data.key-management, object: cust-data, verdict: met, method: document,
         observed: "与账户数据同一密钥体系。The same key hierarchy as for account data."}
      - {ask: data.sconf-use, object: cust-data, verdict: met, method: tool-test,
         observed: "证件号与手机号字段为密文。Identity and telephone numbers are ciphertext."}
      - {ask: data.sconf-algorithm, object: cust-data, verdict: not-met, method: configuration,
         observed: "早期数据仍为 AES-128。Older rows still use AES with 128 bits.", strength-bits: 128}
      - {ask: data.key-management, object: stmt-data, verdict: met, method: document,
         observed: "文件密钥每日更换，由密码机保护。File keys change daily and are protected by the module."}
      - {ask: data.tconf-use, object: stmt-data, verdict: met, method: tool-test,
         observed: "出口截取的文件为密文。Files taken at the exit are ciphertext.", evidence: [files/message-sample.txt]}
      - {ask: data.tconf-algorithm, object: stmt-data, verdict: met, method: configuration, observed: "SM4-CBC。SM4-CBC."}

      # 管理 / Management. A unit may be answered as a whole…
      - {unit: pol.system, verdict: 符合, method: document,
         observed: "制度 3.0 版覆盖全部方面。Version 3.0 of the rules covers every aspect.", evidence: [files/rules-index.txt]}
      - {unit: pol.procedure, verdict: 符合, method: document, observed: "规程齐全，抽三项一致。Three procedures match practice."}
      - {unit: pol.revise, verdict: 不符合, method: document, observed: "两年内未评审。No review within two years."}
      - {unit: pol.publish, verdict: 符合, method: look, observed: "岗位文本与现行版本一致。The current version is in use."}
      - {unit: per.law, verdict: 符合, method: interview, observed: "访谈四人，均能说明本岗位要求。Four people knew their duties."}
      - {unit: per.train, verdict: 部分符合, method: document, observed: "一名新员工先上岗后培训。One person was trained late."}
      - {unit: per.exam, verdict: 不符合, method: document, observed: "无考核记录。No record of examinations."}
      - {unit: per.secrecy, verdict: 符合, method: document, observed: "保密协议齐全。All agreements are signed."}
      - {unit: con.plan, verdict: 符合, method: document, observed: "方案经评审通过。The plan passed review.",
         evidence: [files/rules-index.txt]}
      - {unit: con.impl, verdict: 符合, method: document, observed: "验收报告与现场一致。The acceptance report matches."}
      - {unit: con.preassess, verdict: 符合, method: document, observed: "上线前评估通过。Assessed before going live."}
      - {unit: eme.handle, verdict: 符合, method: document, observed: "流程与表单齐全。Process and forms exist."}
      # …or question by question: all 符合, all 不符合, else 部分符合; one left open waits for a person.
      - {ask: pol.keyrule-1, verdict: 符合, method: document, observed: "各类密钥均有规则。Rules for every kind of key."}
      - {ask: pol.keyrule-2, verdict: 部分符合, method: interview,
         observed: "区域主密钥更换未写明双人控制。Dual control is missing for the zone master key."}
      - {ask: pol.record-1, verdict: 符合, method: document, observed: "抽三份记录，签字齐全。Three records are complete."}
      - {ask: con.keypolicy-1, verdict: 符合, method: document, observed: "密钥清单与密码机一致。The list matches the module."}
      - {ask: con.keypolicy-2, verdict: 不符合, method: document, observed: "归档与销毁未规定。Archiving and destruction are missing."}
      - {ask: per.post-1, verdict: 符合, method: document, observed: "岗位已设立并任命。Posts are set up and filled."}
      - {ask: per.post-2, verdict: 符合, method: document, observed: "管理、审计、操作三岗分离。Three separate people."}
      - {ask: per.post-3, verdict: 符合, method: interview, observed: "各岗位知晓备岗安排。Everybody knows the stand-in."}
      # GM/T 0077 的密钥与设备管理 / Rows of GM/T 0077 on keys and devices, in the second result.
      - {ask: l3-7.3.3.1-a, verdict: 符合, method: document, observed: "最近三次注入三方签字齐全。Three loadings, all signed."}
      - {ask: l3-7.3.3.1-b, verdict: 部分符合, method: document,
         observed: "一次由他人代输分量。Once a component was entered by somebody else."}
      - {ask: l3-7.3.3.2-b, verdict: 符合, method: look, observed: "保险柜双锁双人。A safe with two locks and two holders."}
      - {ask: l3-7.4.4-a, verdict: 符合, method: document, observed: "设备管理制度已发布。The rules are published."}
      - {ask: l3-7.4.4-b, verdict: 不符合, method: document,
         observed: "旧接口使用未认证的软件模块。The old interface uses a module without certificate."}

    high-risk:
      - code: "9.1"
        unit: app.auth
        object: enquiry
        decision: rejected
        why: "该应用只显示公开的网点信息，不处理重要数据。The application shows public branch information only."

    # 弥补 / A compensation: the channel makes up, at half its score, for what the application does not encrypt.
    compensations:
      - from-unit: net.conf
        from-object: gw-01
        to-unit: app.tconf
        to-object: acct-data
        reason: "该数据只经 gw-01 传送，已核对网络拓扑。These data travel through gw-01 only."

    """
  }
}
