/// The attestation file of the first assessor (人工核查记录): rooms, channels and devices.
struct TechnicalAnswers {
  var days: DemoDays

  var text: String {
    """
    # 人工核查记录 / Attestations of one assessor: what no machine can see. All invented.
    # An answer names a question (miping plan lists them) and the object it was asked of.
    #   verdict: met or not-met for questions behind D, A or K; 符合, 部分符合 or 不符合 for whole answers
    #   method:  interview, document, look, configuration or tool-test
    #   strength-bits: where the algorithm is not approved, the strength in bits of the one in use
    #   observed: what was seen, never empty; evidence: files, taken from this file's folder
    assessor: 张三（虚构）
    date: "\(days.day(-1))"

    answers:
      # 主机房：全部满足 / Main room: everything is met, so its units conform.
      - {ask: phy.auth-use, object: room-main, verdict: met, method: look,
         observed: "两道门均以 CPU 卡挑战应答开门，复制卡号的测试卡打不开。A copied card does not open the door.",
         evidence: [files/door-test.txt]}
      - {ask: phy.auth-algorithm, object: room-main, verdict: met, method: document,
         observed: "门禁卡算法为 SM4，一卡一密。The cards use SM4 with one key a card.", evidence: [files/door-test.txt]}
      - {ask: phy.product-grade, object: room-main, verdict: met, method: document,
         observed: "门禁认证证书有效，二级模块。The certificate is valid and the module has grade 2.",
         valid-until: "\(days.day(365))", evidence: [files/product-certificates.txt]}
      - {ask: phy.door-use, object: room-main, verdict: met, method: tool-test,
         observed: "副本中改一条、删一条，校验均报错。Changed and deleted records were both noticed."}
      - {ask: phy.door-algorithm, object: room-main, verdict: met, method: configuration,
         observed: "每条记录附 HMAC-SM3。Every record carries HMAC-SM3."}
      - {ask: phy.video-use, object: room-main, verdict: met, method: tool-test,
         observed: "剪去十秒的录像校验失败。A recording cut by ten seconds fails the check."}
      - {ask: phy.video-algorithm, object: room-main, verdict: met, method: configuration,
         observed: "分段 SM2 签名。Segments are signed with SM2."}

      # 灾备机房：部分符合与不符合 / Recovery room: partial and non-conforming.
      - {ask: phy.auth-use, object: room-dr, verdict: met, method: look,
         observed: "与主机房同型门禁。The same access system as in the main room."}
      - {ask: phy.auth-algorithm, object: room-dr, verdict: met, method: document, observed: "SM4，一卡一密。SM4."}
      - {ask: phy.product-grade, object: room-dr, verdict: met, method: document,
         observed: "同型产品，证书有效。The same product with a valid certificate.",
         evidence: [files/product-certificates.txt]}
      - {ask: phy.door-use, object: room-dr, verdict: met, method: tool-test,
         observed: "改动一条记录后校验报错。A changed record was noticed."}
      - {ask: phy.door-algorithm, object: room-dr, verdict: not-met, method: configuration,
         observed: "校验值为 HMAC-SHA256，密钥 256 位。The check value is HMAC-SHA256 with a 256 bit key.", strength-bits: 256}
      - {ask: phy.video-use, object: room-dr, verdict: not-met, method: tool-test,
         observed: "录像只有水印，替换后无告警。Recordings carry a watermark only; a swap raised no alarm."}
      - {ask: l3-7.2.1.2-a, object: room-main, verdict: 符合, method: look,
         observed: "密码设备机柜上锁，封签编号与登记一致。Locked cabinets, seals as registered."}

      # 信道 / Channels: tls.endpoint measures D and A, a person adds the product and the boundary rules.
      - {ask: net.product-grade, object: gw-tlcp, verdict: met, method: document,
         observed: "TLCP 网关证书有效，二级模块；双证书私钥在模块内生成。Valid certificate and grade 2; both keys are made inside.",
         valid-until: "\(days.day(365))", evidence: [files/product-certificates.txt]}
      - {ask: net.acl-use, object: gw-tlcp, verdict: met, method: tool-test,
         observed: "改动一条策略后装载被拒绝并告警。An altered rule was refused with an alarm."}
      - {ask: net.acl-algorithm, object: gw-tlcp, verdict: met, method: configuration,
         observed: "策略文件附 HMAC-SM3。The policy file carries HMAC-SM3."}
      - {ask: net.product-grade, object: gw-01, verdict: met, method: document,
         observed: "网关证书有效，二级模块；私钥在模块内生成。Valid certificate and grade 2; keys are made inside.",
         valid-until: "\(days.day(180))", evidence: [files/product-certificates.txt]}
      - {ask: net.acl-use, object: gw-01, verdict: met, method: tool-test,
         observed: "改动一条策略后装载被拒绝并告警。An altered rule was refused with an alarm."}
      - {ask: net.acl-algorithm, object: gw-01, verdict: met, method: configuration,
         observed: "策略文件附 HMAC-SM3。The policy file carries HMAC-SM3."}
      - {ask: net.acl-use, object: gw-legacy, verdict: not-met, method: tool-test,
         observed: "策略文件无校验值，改动后照常装载。No check value; an altered file was loaded."}

      # 设备 / Devices.
      - {ask: dev.login-use, object: core-host, verdict: met, method: tool-test,
         observed: "智能密码钥匙登录，重放被拒绝。Login by token; a replay was refused.", evidence: [files/login-test.txt]}
      - {ask: dev.login-algorithm, object: core-host, verdict: met, method: tool-test,
         observed: "SM2 签名，SM3 摘要。SM2 with SM3.", evidence: [files/login-test.txt]}
      - {ask: dev.product-grade, object: core-host, verdict: met, method: document,
         observed: "密码钥匙与认证服务端证书有效，二级。Valid certificates of grade 2."}
      - {ask: dev.remote-use, object: core-host, verdict: met, method: tool-test,
         observed: "仅经堡垒机 SSH，抓包无明文。SSH through the bastion only; nothing readable in the capture."}
      - {ask: dev.remote-algorithm, object: core-host, verdict: not-met, method: tool-test,
         observed: "SSH 使用 aes256-ctr 与 ed25519 主机密钥。SSH uses aes256-ctr and an ed25519 host key.", strength-bits: 128}
      - {ask: dev.log-use, object: core-host, verdict: met, method: tool-test,
         observed: "改、删、插、截四项均被发现。All four kinds of alteration were noticed."}
      - {ask: dev.log-algorithm, object: core-host, verdict: met, method: configuration,
         observed: "逐条 HMAC-SM3 并前后链接。Linked HMAC-SM3 over each record."}
      - {ask: dev.acl-use, object: core-host, verdict: not-met, method: configuration,
         observed: "账号文件只有文件权限保护。Account files are protected by permissions alone."}
      - {ask: dev.login-use, object: core-db, verdict: not-met, method: tool-test,
         observed: "数据库管理员以口令登录。The database administrator logs in by password."}
      - {ask: dev.remote-use, object: core-db, verdict: not-met, method: tool-test,
         observed: "管理端口 5432 未加密，仅在带外网可达。The port is in clear and reachable out of band only.",
         evidence: [files/out-of-band.txt]}
      - {ask: dev.log-use, object: core-db, verdict: not-met, method: tool-test,
         observed: "审计表可直接改行，无人发现。Rows of the audit table can be changed unnoticed."}
      - {ask: dev.login-use, object: bastion-01, verdict: met, method: tool-test,
         observed: "智能密码钥匙登录。Login by token."}
      - {ask: dev.login-algorithm, object: bastion-01, verdict: met, method: tool-test, observed: "SM2 签名。SM2."}
      - {ask: dev.login-use, object: hsm-mgmt, verdict: met, method: look,
         observed: "管理员以智能密码钥匙登录。The administrator logs in by token."}
      - {ask: dev.login-algorithm, object: hsm-mgmt, verdict: met, method: document, observed: "SM2 签名。SM2."}
      # 只差模块等级时写明其余密钥管理要求满足 / When only the module's grade is missing, say that the rest is met.
      - {ask: dev.product-grade, object: hsm-mgmt, verdict: not-met, method: document, other-key-requirements: met,
         observed: "密码钥匙为一级模块，其余要求满足。The token is of grade 1; everything else is met."}
      # 过期的答复不再算数 / An answer after its last day counts no longer and has to be given anew.
      - {ask: dev.product-grade, object: bastion-01, verdict: met, method: document,
         observed: "堡垒机证书到期前核对有效。The certificate was valid when it was looked at.",
         valid-until: "\(days.day(-2))", evidence: [files/product-certificates.txt]}

      # 密码机 / The security module.
      - {ask: l3-7.2.3.5-use, object: hsm-01, verdict: met, method: configuration,
         observed: "抽查三个应用，运算均在模块内完成。Three applications compute inside the module."}
      - {ask: l3-7.2.3.5-algorithm, object: hsm-01, verdict: met, method: configuration,
         observed: "仅启用 SM2、SM3、SM4。Only SM2, SM3 and SM4 are switched on."}
      - {ask: l3-7.2.3.5-product, object: hsm-01, verdict: met, method: document,
         observed: "证书与铭牌一致，二级。The certificate matches the plate and says grade 2.",
         evidence: [files/product-certificates.txt]}

    # 高风险判定 / Decisions on high-risk hits: the tool proposes, a named person decides.
    high-risk:
      - code: "7.2"
        unit: net.conf
        object: branch-clear
        decision: mitigated          # open, mitigated or rejected
        why: "该接口只传对账文件，文件由应用以 SM4 加密后传送，覆盖全部流量。Only files that the application encrypts travel here."
        evidence: [files/message-sample.txt]
      - code: "8.2"
        unit: dev.remote
        object: core-db
        decision: mitigated
        why: "管理端口只接入物理独立的带外管理网。The port is on a physically separate management network."
        evidence: [files/out-of-band.txt]
      - code: "5.1"
        unit: net.conf
        object: gw-legacy
        decision: open
        why: "RSA-1024 与 SHA-1 证书在用，无缓解措施。The RSA-1024 certificate is in use and nothing mitigates it."

    """
  }
}
