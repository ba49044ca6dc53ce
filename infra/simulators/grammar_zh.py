"""Chinese: how buyers, agents, couriers, stations and viewers write."""

RULES = """
# --- small parts -----------------------------------------------------------------------------------------------------
very: 真的很 | 特别 | 非常 | 相当 | 挺 | 还算 | 确实 | 格外 | 比较 | 超级 | 出乎意料地 | 一如既往地
when: 昨天 | 前天 | 上周末 | 今天上午 | 今天下午 | 中午 | 晚上八点多 | 大前天 | 周三 | 周五傍晚 | 月初 | 节前
who: 我妈 | 我老公 | 室友 | 同事 | 孩子 | 闺蜜 | 我爸 | 邻居 | 表妹 | 我自己 | 家里老人 | 男朋友
days: 两天 | 三天 | 第二天 | 四五天 | 一周 | 隔天 | 半个月 | 不到二十四小时 | 整整六天
num: 2 | 3 | 4 | 5 | 6 | 8 | 10 | 12 | 15 | 20 | 30 | 两 | 三 | 四 | 五 | 六 | 十 | 十几
colour: 米白色 | 雾霾蓝 | 墨绿色 | 浅灰 | 奶茶色 | 藏青 | 樱花粉 | 黑色 | 姜黄 | 原木色 | 薄荷绿 | 酒红
end: 。 | 。 | ！ | ～ | 。 | ，嗯。 | 哈哈。

# --- reviews ---------------------------------------------------------------------------------------------------------
review: {r_open}{r_body}{r_close} | {r_open}{r_body} | {r_body}{r_close} | {r_story}{r_body}{r_close} | {r_story}{r_quality}{r_close}
review_good: {r_open}{r_body}{r_close} | {r_story}{r_body}{r_close}
r_open: 第{num}次在这家买{product}了{end} | 给{who}买的{product}{end} | {when}下单，{days}就到了{end} | 犹豫了{days}才买的{product}{end}
    | 冲着{brand}这个牌子来的{end} | 被朋友推荐来的，{product}到手先说感受{end} | 用了{days}来评价{end} | 活动价入手的{product}，{r_price_short}{end}
    | 本来没抱什么期待，{product}却{very}{r_adj_good}{end} | 对比了{num}家才选的这款{product}{end}
r_story: {when}{who}过来玩，看到我新买的{product}，{very}喜欢，当场又下了一单。 | 搬家以后一直缺个{product}，翻了好多评价才定下这款，{colour}的比图片上{r_tone}。
    | 原来那个用坏了，{who}让我换{brand}试试，于是{when}下了单。 | 出差前{days}临时买的，没想到{when}就送到了门口。 | {who}过生日，我挑了{colour}的{product}当礼物，{r_gift}。
r_gift: 收到后笑得合不拢嘴 | 嘴上说贵，第二天就用上了 | 发了朋友圈夸我会选 | 包装也拿得出手 | 比蛋糕还让人开心
r_tone: 更耐看 | 稍微深一点 | 更素净 | 显得高级 | 略偏暖 | 淡了一些
r_body: {r_quality}{r_logi} | {r_quality}{r_service} | {r_logi}{r_quality}{r_price} | {r_quality}{r_price} | {r_quality}{r_detail}{r_service} | {r_bad}{r_service_bad} | {r_quality}{r_bad}
    | {r_detail}{r_logi}{r_price} | {r_detail}{r_quality}{r_logi}{r_service}
r_quality: {r_part}{very}{r_adj_good}，{r_after}。 | {r_part}和{r_part2}都{very}{r_adj_good}。 | {r_part}{very}{r_adj_good}，{r_part2}也{r_ok}。 | 上手第一感觉是{r_part}{r_adj_good}，{r_after}。
    | 质量没得说，{r_part}{r_adj_good}，{r_part2}处理得{very}{r_adj_good}。 | {r_part2}比想象中{r_adj_good}，{r_after}。
r_part: 做工 | 手感 | 材质 | 面料 | 外观 | 颜色 | 重量 | 密封 | 细节 | 接缝 | 边角 | 按键 | 气味 | 口感 | 份量 | 尺寸
r_part2: 包装 | 颜值 | 质感 | 实用性 | 说明书 | 配件 | 走线 | 内衬 | 底座 | 盖子 | 弹性 | 厚度 | 收纳袋 | 声音
r_adj_good: 扎实 | 细腻 | 到位 | 讨喜 | 舒服 | 结实 | 干净 | 精致 | 顺滑 | 厚道 | 耐用 | 轻便 | 清爽 | 大气 | 用心 | 稳当
r_ok: 说得过去 | 没什么可挑的 | 对得起价格 | 在预期之内 | 比上一款强 | 没让人失望 | 算中规中矩
r_after: 用了{days}没有任何问题 | {who}也说好 | 洗过{num}次不变形 | 放在客厅刚刚好 | 每天都在用 | 带出门也方便 | 值得慢慢体会 | 打算再囤一个 | 摸着就放心 | 晚上用也不吵
r_detail: 说一下细节：{r_part}没有毛刺，{r_part2}{very}{r_adj_good}，{colour}这一款{r_tone}。 | 细看{r_part}，能看出厂家是用了心的；{r_part2}要是再{r_wish}就更好了。 | 量了一下，长宽和页面写的只差{num}毫米，{r_part2}{r_ok}。 | 优点是{r_part}{r_adj_good}，缺点是{r_part2}{r_flaw}。
r_wish: 厚一点 | 轻一些 | 多配一个 | 写清楚一点 | 做大半号 | 换个颜色
r_flaw: 有点薄 | 偏硬 | 容易沾灰 | 需要适应几天 | 不太好收 | 略有味道，通风两天就散了
r_logi: 物流{very}快，{days}就到了，{r_box}。 | 快递小哥送到家门口，{r_box}。 | 发货速度一般，等了{days}，{r_box}。 | 从{city}发的货，路上走了{days}，{r_box}。 | {when}发货{days}到，驿站取的，{r_box}。
r_box: 箱子完好 | 里三层外三层包得很严实 | 外箱有点压痕但东西没事 | 还垫了泡沫 | 胶带缠得有点多 | 随箱送了小样 | 封条完整
r_service: 客服{very}耐心，{r_ask}都回得很快。 | 客服态度{very}好，{r_ask}也没有不耐烦。 | 半夜问{r_ask}，居然秒回。 | 有个配件漏发了，客服二话不说补寄。 | 售后回访了{num}次，挺负责。
r_ask: 尺码怎么选 | 怎么开发票 | 怎么安装 | 能不能改地址 | 保修多久 | 有没有赠品 | 怎么清洗 | 能不能分期
r_price: 性价比{very}高，{r_price_short}。 | {num}十几块能买到这样的{product}，{r_price_short}。 | 价格比线下便宜不少，{r_price_short}。 | 稍微有点贵，不过{r_part}对得起。
r_price_short: 值了 | 很划算 | 闭眼入 | 不亏 | 比双十一还便宜 | 还用了券 | 没有后悔 | 凑单也行
r_bad: 说实话有点失望，{r_part}{r_flaw}，{r_part2}也{r_flaw}。 | 收到就发现{r_part}{r_flaw}，心情一下子不好了。 | {days}就坏了，{r_part2}{r_flaw}，{who}让我退掉。 | 图片和实物差得有点远，{colour}变成了{colour}。 | 味道有点大，{r_part}{r_flaw}，晾了{days}才敢用。
r_service_bad: 客服一直让我等，等了{days}没下文。 | 联系客服，回复都是复制粘贴的。 | 退货运费还要自己出，体验不太好。 | 好在最后换了新的，给个中评吧。 | 客服倒是认错快，补偿了{num}元。
r_close: 推荐给还在犹豫的朋友。 | 会回购的。 | 下次还来。 | 总体满意，给五星。 | 先用着，有问题再来追评。 | 希望质量一直保持。 | 祝店家生意兴隆。 | 已经安利给{who}了。 | 扣一星给物流。 | 追评：用了{days}依然{r_adj_good}。
r_leak: 有想拼单的加我微信{wechat}。 | 商家看到请联系我{phone}，我姓{surname}。 | 补发请寄：{address}，{name}收，电话{phone}。 | 质检报告麻烦发我邮箱{email}。 | 同款闲置转让，电话{phone}。 | 我把照片放在主页了{url}，大家可以看。 | 客服让我留联系方式：{name} {phone}。

# --- product pages ---------------------------------------------------------------------------------------------------
title: {brand}{product}{t_mod}{t_mod2}{t_spec} | 【{t_tag}】{brand} {colour}{product} {t_mod}{t_spec} | {t_season}新款{product}{t_mod2}{t_who}{t_mod} | {product} {t_mod}{t_who}{t_spec}{t_tag}
t_tag: 包邮 | 官方正品 | 限时直降 | 老客专享 | 当季热卖 | 送运费险 | 两件八折 | 晒单返券
t_mod: 加厚 | 轻量 | 便携 | 大容量 | 静音 | 防滑 | 可水洗 | 免安装 | 复古 | 简约 | 高颜值 | 多功能
t_mod2: 家用 | 办公室 | 宿舍 | 户外 | 旅行 | 车载 | 厨房 | 卧室 | 通勤 | 露营
t_who: 男女通用 | 学生党 | 儿童 | 老人 | 情侣款 | 大码 | 小个子 | 新手
t_spec: {num}件装 | 升级款 | 第二代 | 礼盒装 | 经典款 | 组合套装 | 单只装 | 家庭装
t_season: 春季 | 夏季 | 秋冬 | 四季 | 年货节 | 开学季
description: {d_intro}{d_feature}{d_feature2}{d_use}{d_note} | {d_intro}{d_feature}{d_use} | {d_feature}{d_feature2}{d_care}{d_note}
d_intro: 这款{product}来自{brand}，为{t_who}设计，适合{t_mod2}使用。 | {brand}{product}，{t_season}主推，{colour}与{colour}两色可选。 | 每一件{product}出厂前都经过{num}道检验。 | 设计师花了{num}个月打样，只为让{product}更{r_adj_good}。
d_feature: 机身采用{d_material}，{r_part}{r_adj_good}，不易{d_damage}。 | 加宽的{r_part2}让使用更稳当，{t_mod}的结构方便日常收纳。 | 内部为{d_material}，安全无异味，可放心给{who}使用。 | 选用{d_material}，重量控制在{num}百克以内。
d_feature2: 随包装附送{d_gift}。 | 一年质保，{num}天无理由退换。 | 支持{t_mod2}、{t_mod2}等多种场景。 | 操作只需{num}步，{who}也能轻松上手。 | 表面做了{d_coat}处理，脏了一擦就净。
d_material: 食品级不锈钢 | 新疆长绒棉 | 航空铝材 | 天然乳胶 | 环保竹纤维 | 再生涤纶 | 高硼硅玻璃 | 头层牛皮 | 榉木 | 医用级硅胶
d_damage: 变形 | 褪色 | 起球 | 生锈 | 开裂 | 发黄
d_gift: 收纳袋一个 | 清洁刷 | 说明书与保修卡 | 替换滤芯 | 贺卡一张 | 挂钩两枚
d_coat: 防油 | 防水 | 抗菌 | 哑光 | 防刮
d_use: 使用前请先{d_before}；使用后{d_afteruse}。 | 建议{d_before}，每{days}清洁一次。
d_before: 撕去保护膜 | 用温水冲洗 | 充满电 | 检查配件是否齐全 | 阅读说明书第{num}页
d_afteruse: 擦干收纳 | 置于阴凉处 | 拔下电源 | 避免暴晒 | 平铺晾干
d_care: 清洗时水温不超过{num}0度，不可漂白。 | 请勿与尖锐物品混放。 | 长期不用请每{days}通风一次。
d_note: 因批次不同，{colour}可能略有色差。 | 手工测量，误差在{num}毫米以内属正常。 | 售后请联系在线客服或拨打{hotline}。 | 图片仅供参考，以实物为准。

# --- service chats (buyer and agent) ---------------------------------------------------------------------------------
hello_b: 在吗 | 你好 | 您好，请问有人吗 | 客服在吗？ | 亲，在不在 | 人工客服 | 有人吗，急
hello_a: 您好，这里是{brand}旗舰店，请问有什么可以帮您？ | 亲亲，在的呢，请讲～ | 您好，客服小{nick}为您服务。 | 在的，请问您要咨询哪件商品？ | 感谢光临{brand}，请描述一下您的问题。
nick: 云 | 鹿 | 桃 | 叶 | 雪 | 禾 | 橙 | 竹
ask_where: 我{when}买的{product}怎么还没到 | {product}都{days}了还没动静，催一下 | 物流{days}没更新了，是不是丢件了？ | 订单{order}到哪里了 | 帮我查一下{waybill}，一直显示运输中
agent_check: 请提供一下订单号或者手机号，我帮您查询。 | 麻烦您报一下收件人姓名和电话。 | 好的，请稍等，我查一下系统。 | 请问下单时预留的手机号是多少呢？
give_phone: {phone} | 手机号{phone} | 电话是{phone}，{name} | 我姓{surname}，{phone} | 你记一下，{phone} | 订单{order}，电话{phone}
agent_status: 查到了，您的包裹{when}已经到达{city}中转场，预计{days}送达。 | 系统显示快件正在派送，派件员会先联系您。 | 这边看到仓库{when}刚出库，给您催一下。 | 包裹因天气原因在{city}滞留，已经加急。 | 运单号是{waybill}，您可以在物流页面查看。
ask_addr: 我地址填错了，能改吗？ | 能不能换个地址收 | 我搬家了，麻烦改下收货地址 | 这单寄到公司行吗
agent_addr: 还没出库，可以改的，请把新地址、姓名和电话发给我。 | 可以的亲，请按“姓名＋电话＋地址”的格式发一下。 | 已经出库了，我帮您试着拦截，请先发新地址。
give_addr: {name}，{phone}，{address} | 收货人：{name}\\n手机号：{phone}\\n地址：{address} | {address} {name} {phone} | 新地址是{address}，还是我收，{name}
agent_done: 已经为您修改好了，请留意短信。 | 好的，已备注，预计{days}内处理。 | 登记成功，专员会在{days}内联系您。 | 已提交，请您耐心等待审核。
ask_refund: {product}有问题，我要退款 | 收到的{product}{r_flaw}，怎么退？ | 不想要了，可以退吗 | 少发了一个配件，退我差价吧 | 退货寄回去{days}了，钱怎么还没退
agent_refund: 非常抱歉给您带来不便，请问您希望原路退回还是退到银行卡？ | 可以的，请提供退款账号和开户人姓名。 | 麻烦您拍张照片，并说明一下{r_part}的问题。 | 仓库签收后{days}内原路退回，请放心。
give_card: 卡号{card}，户名{name} | 退到这张卡吧 {card} | {card} {name} 开户行在{city} | 我的银行卡是{card}，麻烦快点
ask_invoice: 能开发票吗 | 发票怎么还没收到 | 麻烦开个电子发票，抬头个人 | 需要{product}的发票报销
agent_invoice: 可以的，请留一下接收发票的邮箱。 | 电子发票会发到邮箱，请提供邮箱地址。 | 请问发票发送到哪个邮箱呢？
give_email: {email} | 邮箱：{email} | 发到{email}就行，谢谢 | 我的邮箱是 {email} ，名字写{name}
ask_customs: 为什么我的{product}卡在清关了 | 海关让上传身份证，怎么弄？ | 跨境订单提示身份信息不符
agent_customs: 跨境商品清关需要收件人的身份证号，请核对后提供。 | 请发一下订购人姓名和身份证号码，我们代为提交。 | 身份信息要和支付人一致，麻烦您再发一遍。
give_id: {id} | 身份证号{id}，{name} | {name} {id} | 我的是{id}，请核对
ask_size: 我身高一米{num}，体重{num}十公斤，{product}穿什么码？ | {product}有{colour}的吗 | 这个{product}能用在{t_mod2}吗？ | {product}和{brand}那款有什么区别 | 会不会{d_damage}
agent_size: 按您的情况建议选大一号，{r_part}会更{r_adj_good}。 | 有的亲，{colour}和{colour}都有现货。 | 这款{product}是{t_mod}的，{t_mod2}使用完全没问题。 | 两款主要差在{r_part}，这款更{r_adj_good}，那款{r_flaw}。 | 正常使用不会的，采用的是{d_material}。
ask_more: 那{r_part2}怎么样 | 保修多久？ | 有优惠券吗 | 今天能发货吗 | 送{d_gift}吗 | 可以便宜点吗 | 怎么清洗？ | 大概几天到{city}？
agent_more: 一般{days}左右，具体以物流为准。 | 关注店铺可以领{num}元券哦。 | 质保一年，{num}天无理由。 | {when}之前付款当天发出。 | 已经是活动价了呢，{r_price_short}。 | {d_before}就可以，很方便。
ask_wechat: 能加个微信发你图片吗 | 这里发不了视频，加微信吧 | 拉我进会员群可以吗
give_wechat: 我的微信{wechat} | 加我 {wechat} 备注{brand} | 微信同号 {phone} | {wechat}，通过一下
agent_wechat: 抱歉，平台规定不能添加私人联系方式，图片可以直接发在这里。 | 好的，会员群由专员邀请，请稍候。 | 视频可以压缩后在这里发送，感谢理解。
thanks: 好的谢谢 | 行，麻烦了 | 知道了 | 谢谢，那我再等等 | 嗯嗯，可以 | 辛苦了 | 好，尽快吧 | OK
agent_bye: 感谢您的咨询，祝您生活愉快～ | 不客气，有问题随时联系{brand}。 | 麻烦您稍后给个好评，比心。 | 如需帮助可拨打{hotline}，再见。 | 祝您购物愉快！

# --- remarks, couriers, stations -------------------------------------------------------------------------------------
remark: 请放{drop} | 送货前打电话 | 不要放{drop} | 周末送 | {who}收，打这个电话{phone} | 尽快发，{when}要用 | 发{colour}，没有就换{colour} | 贺卡写：{wish} | 家里没人请放{drop}，电话{phone}
    | 麻烦包严实点，上次{r_box} | 发票抬头个人，邮箱{email} | 不要打电话，发短信 | 门禁密码找{surname}先生 | 找{name}，{phone}
drop: 门口鞋柜上 | 物业前台 | 快递柜 | 小区南门驿站 | 楼下便利店 | 丰巢以外的柜子 | 门卫室 | 水表箱里 | 单元门口架子
wish: 生日快乐，万事胜意 | 祝爸妈身体健康 | 新婚快乐 | 早日康复 | 毕业快乐，前程似锦 | 中秋安康
note: {n_try}{n_result} | {n_try}{n_result}{n_extra} | {n_place}{n_result} | {n_place}{n_extra}
n_try: {when}上门两次，无人应答，电话{phone}关机。 | 客户{name}要求{when}以后再送。 | 收件人说在{city}出差，改约{days}后。 | 打{phone}，是{who}接的，说放{drop}。 | 电话无法接通，短信已发。 | 客户拒收，称{r_part}{r_flaw}。 | 敲门没人，邻居说{days}没回来了。
n_place: {address}楼下停车不便，车牌{plate}挪车后送达。 | 小区不让进，和{surname}师傅在门口交接。 | 门牌号看不清，问了{drop}的人才找到。 | 电梯坏了，爬了{num}楼。 | 货物较大，叫了{num}个人一起抬。 | 雨天，外箱用塑料袋套好。
n_result: 已放{drop}。 | 改派{when}。 | 客户本人签收。 | {name}签收，{phone}已确认。 | 转{drop}代收。 | 退回{city}分拨。 | 等待客户回电。 | 已拍照上传。
n_extra: 下次请先联系{phone}。 | 备用电话{phone}。 | 客户要求以后都放{drop}。 | 注意有狗。 | 此户{num}件一起送。 | 货到付款{num}00元已收。 | 取件码{pickup}。 | 身份证核验：{id}。
event_pickup: 【{city}】{station}已揽收，揽投员【{cname}，电话：{cphone}】 | 您的快件已由【{station}】揽收，快递员{cname}（{cphone}）
event_transit: 快件离开【{city}转运中心】，已发往【{city2}转运中心】 | 【{city}】快件已到达【{city2}集散点】 | 快件在【{city}转运中心】完成分拣，准备发往下一站 | 因{cause}，快件在【{city}】短暂停留，预计{days}恢复
event_out: 【{city}】快件正在派送，派送员【{cname}，电话：{cphone}】，如有疑问请致电客服热线 {hotline} | 【{city}】的{cname}（{cphone}）正在第{num}次派件，可放心接听，客服电话{hotline}
event_station: 【{city}】您的快件已由【{station}】代收，派送员【{cname}，电话：{cphone}】，请凭取件码 {pickup} 及时取件，客服热线 {hotline} | 包裹已暂存【{station}】，取件码{pickup}，地址：{city}{drop}旁，站点电话{line}，投诉请拨 {hotline}
event_signed: 【{city}】快件已签收，签收人：{sign}，派送员【{cname}，电话：{cphone}】，感谢使用{carrier}，期待再次为您服务，客服热线 {hotline} | 您的快件已投递完成，签收方式：{drop}，如有问题请联系{cname}{cphone}或拨打 {hotline}
event_problem: 派件失败：{n_result}派送员【{cname}，电话：{cphone}】 | 收件地址{region_note}，已联系寄件人核实，客服热线 {hotline}
region_note: 不详 | 超出派送范围 | 与电话归属不一致 | 处于管控区域
sign: 本人 | 家人 | 前台 | 门卫 | 邻居 | 代收点
cause: 暴雨 | 大雾 | 台风 | 道路施工 | 车辆检修 | 大型活动管制 | 降雪
notice: 【服务公告】受{cause}影响，{city}、{city2}部分网点自{date}起派送时效延长{days}，给您带来不便敬请谅解，咨询请拨打 {hotline}。 | 【放假通知】{station}将于{date}至{date2}停止营业，期间包裹暂存，取件请提前，热线 {hotline}。 | 【提醒】近期有人冒充{carrier}客服索要验证码，我们不会以任何理由要求转账，官方热线只有 {hotline}。
    | 【升级通知】{city}{station}自{date}起延长营业至晚上{num}点，新增夜间自提柜，欢迎使用。

# --- media -----------------------------------------------------------------------------------------------------------
comment: {c_react} | {c_react}{c_tail} | {c_time}{c_point} | {c_point}{c_react} | {c_ask} | {c_story} | {c_point}{c_tail}
c_react: 太好看了吧 | 这期剪辑绝了 | 笑得我{who}都过来看 | 看哭了 | 有点短，没看够 | 背景音乐叫什么 | 画面{very}{r_adj_good} | 终于更新了 | 前排 | 一口气看了{num}遍 | 这集节奏有点慢 | 配音换人了吗 | 弹幕比正片还精彩
c_tail: ，求下一期 | ，已经三连 | ，推给{who}了 | ，催更 | ，期待{city}那一期 | 哈哈哈哈 | ，给UP主点赞 | ，可惜字幕有错
c_time: {num}分{num}秒 | 开头那段 | 结尾彩蛋 | {when}看的 | 第{num}遍重看
c_point: 那个{product}我也有，{r_part}真{r_adj_good}，{r_after}。 | {cast}的演技{very}{r_adj_good}，{film_point}。 | {city}那几个镜头拍得{very}{r_adj_good}。 | 讲{topic}能讲得这么明白的不多见。 | 原来{topic}还可以这样理解。
c_ask: 请问这个{product}是什么牌子？ | 有没有人知道{city}这家店在哪 | {topic}有推荐的入门书吗 | 第{num}集什么时候出 | 封面那张图是在{city}拍的吗
c_story: 上次去{city}也遇到过，{when}排了{num}个小时的队，{r_price_short}。 | {who}就是做这个的，说{topic}其实没那么复杂。 | 小时候和{who}一起看过，现在重温，{film_point}。
c_leak: 想约拍的加我微信{wechat} | 合作请发邮件 {email} | 我是{city}的{name}，找{num}人拼车，电话{phone} | 互关互赞 {url} | 出一张票，{phone}，先到先得 | 博主看看私信，或者打{phone}也行
film_point: 眼神里全是戏 | 比原著多了一层意思 | 台词少但有力量 | 节奏稳，不煽情 | 结局留白刚好 | 配乐加分不少
topic: 量子纠缠 | 古建筑修复 | 手冲咖啡 | 城市规划 | 深海鱼类 | 昆曲唱腔 | 编译原理 | 高原种茶 | 黄河改道 | 板块运动 | 传统木工 | 面包发酵 | 航海历史 | 候鸟迁徙
synopsis: {s_when}，{cast}{s_job}，{s_event}。{s_turn}{s_end} | {s_place}的{s_job2}{cast}{s_event}。{s_turn}{s_turn2}{s_end} | {cast}与{cast}{s_meet}，{s_event}。{s_turn}{s_end} | 本片讲述{s_when}，{s_job2}{cast}在{s_place}{s_event}的故事。{s_turn}{s_end}
s_meet: 在末班车上相遇 | 被困在同一座孤岛 | 为了一只旧木箱争执不休 | 应征了同一则启事 | 共同继承了一间茶馆
s_when: 上世纪三十年代 | 近未来的某个雨季 | 战乱平息后的第{num}年 | 一个没有月亮的夜晚 | 高考前的夏天 | 长江涨水的那一年 | 春运最后一班列车上
s_place: 江南小镇 | 西北戈壁 | 海边渔村 | 旧城区 | 雪山脚下 | 南方工厂 | 一座将要淹没的古城
s_job: 从邮差变成了侦探 | 接手了父亲的修表铺 | 第一次独自出海 | 被派往边境教书 | 收到一封没有署名的信 | 在旧货市场买下一台收音机
s_job2: 年轻医生 | 退役飞行员 | 木偶戏艺人 | 实习记者 | 灯塔看守人 | 天文台学徒 | 面馆老板
s_event: 意外发现一段被掩埋的往事 | 卷入一桩{num}年前的悬案 | 决心找回失散的妹妹 | 与一群陌生人困在同一座桥上 | 答应替人保管一只木箱 | 开始了一场没有终点的旅行
s_turn: 然而线索一条条断掉，身边的人也渐渐沉默。 | 就在真相浮出水面之时，{cast}却不告而别。 | 一场大火让一切重新开始。 | 谁也没有料到，钥匙就在最初的地方。 | 他们一边争吵，一边学会了信任。
s_turn2: {s_when}的回忆与眼前的{s_place}交错出现。 | 导演用{num}个长镜头写出人与土地的关系。 | 影片大量使用方言，{film_point}。
s_end: 当列车再次鸣笛，答案已经不重要了。 | 这一次，他选择留下。 | 最后的来信，直到片尾才被念出。 | 故事在一碗热汤前停住。 | 风停之后，每个人都有了新的名字。
caption: {cap_who}{cap_do}{cap_where} | {cap_where}，{cap_who}{cap_do} | {colour}的{product}放在{cap_thing}上 | {cap_where}停着{num}辆{colour}的{cap_car} | {cap_who}和{cap_who}{cap_do}，旁边有一个{colour}的{product} | 俯拍的{cap_where}，远处{cap_far}
cap_who: 一个小女孩 | 两位老人 | 一只橘猫 | 穿{colour}外套的男人 | 几名学生 | 一只白色的狗 | 戴草帽的女人 | 一群鸽子 | 骑车的少年 | 一对情侣
cap_do: 正在吃西瓜 | 追着泡泡跑 | 坐着看书 | 对着镜头微笑 | 低头看手机 | 牵手散步 | 趴着打盹 | 等红绿灯 | 搭积木 | 放风筝
cap_where: 公园的长椅旁 | 海边的沙滩上 | 地铁站里 | 雪后的操场 | 老街的石阶上 | 厨房的窗台边 | 黄昏的天桥下 | 湖边草地 | 书店角落
cap_thing: 木桌 | 窗台 | 床头柜 | 石阶 | 野餐垫 | 书架
cap_car: 自行车 | 小汽车 | 摩托车 | 公交车 | 三轮车
cap_far: 有一座桥 | 云很低 | 山上有雪 | 灯刚刚亮起 | 船正靠岸
credit: 翻译：{handle} 校对：{handle}，招募时间轴，联系邮箱 {email} | 字幕组招人，加微信 {wechat} | 本字幕仅供学习交流，反馈请发 {email}
"""
