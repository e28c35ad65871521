"""What a notice says will happen when its limit is missed: a condition, and its consequence.

The condition is being late (逾期, 过时, 一到) or not doing what was asked (没寄出, 不填的话, if they stay silent), said of the
party whose limit it is; the consequence is what follows it in the same sentence. Both are rows below, on folded small
letters; `…` is a gap of up to twelve characters within a clause (kinds.compiled).
"""

from __future__ import annotations

import re

from complaints.intake.clauses import Passage
from complaints.intake.deadlines import MOST, Deadlines, choose
from complaints.intake.kinds import compiled
from complaints.intake.shapes import Because
from complaints.stages import Kind, Party

Told = tuple[str, Because]

_REACH = 300  # characters after the sentence of the limit
_FOLLOWS = 80  # characters behind the condition in which its consequence stands

# -- the condition ----------------------------------------------------------------------------------------------

# fmt: off
# Lateness by name: whatever follows is its consequence.
_LATE = (
    "此后(即|就|将|视|便)|之后(?=(视|按|将|由|不再?|无法|同一|通道|入口|即|就))|再(晚|迟)就|(?<!日)期外|过了(这|那|该)(个|一)?(日子|天|日期|时候)|错过(?!了?(活动|优惠))|免得|以免|沉默|不?作声",
    "(拿|交|提|证明|举|出示)不(出|了|上)(来)?(的|,|时|就)|(不|没|未)(作|做|再)?(选择|表态|举证|答辩|反驳|接听|现身|露面)|空着(的话|,)|一到还|没等到|无一方|谈不(拢|成)|(?<!不)失信|到期(无|未|不|没)",
    "\\bsilen(t|ce)\\b|\\bno (answer|reply|response) by\\b|\\b(once|after) (that|this) (date|time|day|moment)|should (it|they|you) (do|not)|do neither|do nothing",
    "逾期|逾时|超时|超期|过期|到期|倒计时一?(结束|走完|归零|到点|清零)|即将(要)?(?=(自动)?(关闭|关单|失效|取消))|期满|届满|过时|到点(?!了?再)|误期|(若|如|如有|一旦|再|拒)[^,。;\\n]{0,4}违约|违约(方|者)|否则|要?不然的?话?|晚了|迟了|错过|拖(着|延|下去|拖)|归零|在(此|那|这)之后|此后|,过后|过了?(这|那|此)(个|一)?(点|时|天|刻|会儿)|到(那|这|该|了)(天|时|点|一天|个点)|时间一到|届时|(入口|通道|窗口|渠道)?(关闭|截止)(之|以)?后|收摊|锁定后|关窗|走完这",
    "超[过出](了)?(这|这个|这一|此|该|上述|规定|约定)?(的)?(时间|时限|期限|时点|\\d)|过了(这个?|该|时|期|点|\\d)|(天|日|时|限|间|点|期)一到",
    "置之不理|不理不睬|装(没|作没)|没有?(动静|动作|回音|下文|消息)|无(人)?(回应|动作|响应|反馈|回复|答复|表示|音讯)(?!的?原因)|(继续|一直|保持|始终)(沉默|不[^,。;\\n]{1,4})|不(吱|吭|作|出)声|(都|均|皆|一个都?|一样都?)不[选点交传填]|不到位|迟交|缺件|缺交|举证不能(的一方|者)|过后(?=不再|就|将|便)",
    "otherwise|failing (which|that|this)|\\bor (the|your|this) (case|request|claim|complaint)|\\bor (else|it will)|after (which|that|then|this)\\b|by then\\b|past that|miss(ed)? (this|it|that|the deadline)|deadline (passes|lapses)|time runs out|(arrives?|comes?|sent|received|handed in) (later|late|after (that|this|it))\\b",
    "without (them|it|this|these|your)|in (the )?absence of|\\b(if|should|unless)\\b[^.,;\\n]{0,40}?(\\bnot\\b|n't\\b|\\bno\\b|nothing|nobody|none|silen(t|ce)|ignore|\\bfail|\\bmiss|\\blate\\b|\\bunanswered)",
)
# Something asked for that is not done. Of these the word alone says little: what follows has to be named plainly.
_UNDONE = (
    "(若|如果?|如仍|要是|倘若?|假如|万一|凡|(届|到)时)[^,。;\\n]{0,24}?(未|没有?|不|拒)(?![同认满服知但仅只会能予])",
    "(?<![若如])(未|没有?|不)(?![同认满服知但仅只予能])[^,。;\\n]{1,20}?(的话|者(?=[,将由依以按])|的(?=,|[ ]?(由|将|视|按|以|则|系统|平台))|则|就(?!是|算))",
    "\\d{1,2}(天|日|个?小时)后(?=,?(系统|平台|将|会|自动|默认|视|就|便))|没有(等到|收到|见到|看到)[^,。;\\n]{0,10},|(拿|交|传|补|找|提供)不(到|出|来|上|了)(?=就|便|则|,|的)|再不[^,。;\\n]{1,4},|没有?[^,。;\\n]{1,8},(我们?|小二|平台|系统|专员|便|就|只能|将)|(天|日|时|限|间|期|点)(一)?过后?(?=[,就再]|[^,。;\\n]{0,8}(就|自动|系统))|(no|without) (reply|answer|response|action)|\\bsilence\\b|\\bunless\\b|\\blate (evidence|document|material|repl|answer|submission)",
)
# Behind the limit itself, in its own sentence, plain not-doing is enough: 8日前没寄出，… 不填…
_UNDONE_THERE = "(未|没有?|不|別|拒不)(?!仅|但|过|需|必|用|影响|要|含|限|超|晚|迟|得|可|足|符|便|详|好意|少|同|服|满|认|属|存在|支持|予|成立|清|是|应|了解|知|会)[^,。;\\n]"
# The words of doing that are so plain that any consequence may follow them.
_NOT_DONE = "(若|如果?)?仍?无(操作|动作|回复|回应|响应|处理|反馈|举证|提交|申请)(?!的?(原因|记录))|(若|如果?)?(您|你|买家|商家|卖家|双方)?(未|没有?|不)(能|及时|按时|按期|如期|在|于|操作|处理|提交|提供|响应|寄回|寄出|举证|回复|退货|修改|确认|填写|上传|回应|解释|说明|理会|作答|申请|到|传|交|补|表示)"

# -- the consequence --------------------------------------------------------------------------------------------

_YOU = "(您|你|买家|买方|消费者|投诉人|申请人|顾客)"
_MONEY = "(钱|钱款|款|款项|货款|退款|全款|尾款|金额|资金|余款|[\\d.]+元)"
_BY_ITSELF = "(按[^,。;\\n]{0,10}(金额|申请|诉求|数额)|将|会|就|便|即|则|要|直接|自动|径行|径直|迳行|逕行|立即|立刻|马上|当即|默认|自行|代为?|替|帮|为|给|向|把|它|他|其|商家|卖家|您|你|买家|对方|先|全额|全部|办理|执行|发起|¥|[\\d.,]+|元|人民币|该笔|这笔|款项?|钱|货款)"
_MATTER = "(申请|请求|退款|退货|投诉|案件|案子|本案|此案|单子|这单|本单|这笔|此单|工单|维权|售后|流程|程序|争议|纠纷|服务单|订单|任务|补正|诉求)"
# What happens to what. The first that stands behind the condition is told; of two at one place the upper one.
_CONSEQUENCES = (
    ("judged_as_is", "(只能|便|就|即|将|会|才)?(就|按|依据?|据|凭|根据|以|按照)[^,。;\\n]{1,16}(材料|内容|情况|记录|东西|说法|现状|陈述|案卷)[^,。;\\n]{0,6}(判断|评议|裁决|裁定|判定|下?结论|来?定(?=[,。;\\n]|$)|作出|给出|认定|审|处理)|(视|视同|视作|视为)(您|其|它|商家)?放弃(答辩|举证|质证|这一主张|陈述|申辩)|放弃(这一主张的)?举证|单方面?(审理|判定|认定)|缺席(审理|裁决)|(未能|没有|不能)举证处理|rules? on the papers"),
    ("accepts_offer", "(等同于?|视为|视作|视同|算作?|即视为|理解为|当)(您|你)?(已)?(接受|赞成|认可|答应|同意(?!退款|退货(?!方案)))|替(您|你)(确认|接受|同意|答应)|counts? as (a )?(yes|acceptance|consent)"),
    ("cannot_refile", "不再(接收|接受|受理)[^,。;\\n]{0,6}(投诉|申请|申诉|材料|异议)?(?=了?[,。;\\n]|$)|(无法|不能|没法|不得)再(提|申|以)|申请不了|(日后|以后|今后)不(能|得|可)再|no (further|more) (appeal|complaint|claim|request)s?\\b"),
    ("cannot_refile", "(丧失|失去|不再享有|没有)(?![^,。;\\n]{0,6}(举证|质证|陈述|申辩))[^,。;\\n]{0,14}(权利?|资格|机会)|失权|(申诉|异议|复核|复议|上诉|起诉|救济|投诉|覆核)(的)?(权利?|资格|机会)[^,。;\\n]{0,6}(丧失|消灭|清零|取消|没有)|(不得|不能|不可|没办法|无法|无权)(再次?|重新|重复)(?!(次)?(?:上传|提交材料|补))[^,。;\\n]{0,12}(申|提|上诉|启动|报|开|发起|争执|救济|诉)|(一律|均|概)?(不予|不再|恕不)受理|概不接纳|无权再|不支持(再|补)(次)?(申|发起|提)|不再(开放|准许)(提交|申请)|(申诉|申请|投诉)无效|(入口|按钮)[^,。;\\n]{0,6}(永久关闭|消失|不见)|lose (the|your) right|cannot be (raised|filed|submitted) again|no new (claim|request|complaint)|unable to file another"),
    ("accepts_offer", "(方案|协议|提案|提议|条件|建议|补偿)[^,。;\\n]{0,6}(自动|即|就|便|即行|即告)(达成|生效|成立|锁定|确认|通过|算谈妥)|(自动|默认)(采纳|生效|锁定|接受)|(推定|认定|认为)[^,。;\\n]{0,10}(达成一致|无异议|同意|接受)|(就|则|系统就|便)?按(商家|卖家|这个|咱们)[^,。;\\n]{0,8}(办理|执行|方案|提议)|记为(您|你)的同意|有约束力|产生约束力|means yes|take(s)? effect automatically|accepts? the offer on your behalf|assume you (are fine|agree|accept)|constitutes? (agreement|acceptance)|deemed to have accepted"),
    ("auto_refund", "(代|替)(商家|卖家|他|它|其)(点)?[“\\x22]?(同意|确认并付款)|(退款|退货)?(申请)?(将|会|就|便|即)?(被)?(系统)?自动(同意|批准|通过|放出)(?!商家)|(视为|视同|默认|按)(商家|卖家|贵司|贵店|您店|其|它)[^,。;\\n]{0,6}(同意|认可|认同)[^,。;\\n]{0,6}(退|买家)|退款(申请)?(即|就|便)?(获准|自动成立|成功)|(钱|款子|款项)[^,。;\\n]{0,8}(自动|自己|直接)(回来|退)|就退(了|您|你)|退(您|你)钱|approve(s)? the refund|deemed to have agreed to the return|auto-approved|(get|have) your money back|goes back to you"),
    ("closes", "(视|视作|视为|视同|当作?|按)(您|你)?(已)?(主动|自行|自愿)?(撤回|撤销|放弃(申请|投诉|维权|退款))|即告(终止|结束|终结)|自动(撤销|撤回|终止|归档)"),
    # the money goes to the shopper by itself
    ("auto_refund", "自动(退(款|还|回|给|钱|货退款)|达成|返还|退|打款给|(放款|打)(给|至|到)(您|你|买家)|确认收货并退款)|默认(退款|达成|同意退款|退货退款)|自动同意(退款|申请|您)|(系统|平台)(会|将|就|便)?(代为|直接|默认)?(同意|通过)(您的?|本次|该笔?)?(退款|退货|申请)|(退款|款项|货款)(会|将|就|即)?自动(完成|成功|到账|发放|执行)"),
    ("auto_refund", "(系统|平台|我们|小二|淘宝|天猫|支付宝)" + _BY_ITSELF + "{0,8}(退款|退钱|退还|退回|退给|退(?=" + _YOU + ")|返还|赔给|退(?=[!,。;\\n)吧啦了掉]|$)|(放款|打|打款|划|转|还)给?" + _YOU + ")"),
    ("auto_refund", _MONEY + "[^,。;\\n关撤取终结保]{0,10}?(打|退|转|返|划|还|回|到|放|付|支付)(款|还|回|入|返)?(给|到|至|进)?(" + _YOU + "|原路|原支付|原付款|支付宝|(您|你)的?账户|账户)"),
    ("auto_refund", "(视为|视同|视作|默认|当作|算作?|等于|按)(商家|卖家|其|对方|它|他|店铺|已|自动|已经)*(同意|认可|接受)(了)?(您的?|买家的?|全额|本次|该|此)?(仅?退款|退货|申请|诉求|请求)"),
    ("auto_refund", "(?<!不)(退给|返还(给)?|退还|退回|打回)(您|你|买家|原支付|支付账户|您的)|原路(退|返)"),
    ("auto_refund", "automatic(ally)? (refund|pay|issue|return|release)|(refund(ed)?|money|payment|amount|[\\d.]+)\\b([^.;\\nc]|c(?!los|ancel)){0,60}?(automatically|by default|straight (to|back)|(paid|issued|sent|given|credited|returned|released|transferred) (back )?to (you|the buyer))|(your|the|a) refund (is|will be|gets) (paid|issued|made|released|granted|executed)|\\b(we|tmall|taobao|the (system|platform))( will| shall|'ll)? (simply |just )?(refund|pay)( the)? (you|buyer)|you (will |shall )?(get|receive|have) your money back|(goes|go|returned|back) to (you|the buyer)"),
    # silence counts as yes to what the other side offers
    ("accepts_offer", "(视为|视同|视作|默认|当作|当成|算作?|就?按|就?当(?=您|你)|等于|推定|以|即)(您|你|买家|亲|已|已经|自动|是|其|双方|对方)*(同意|接受|认可|没意见|没有意见|无异议|不反对|答应|默许|认同)|自动(接受|同意)"),
    ("accepts_offer", "(视|认定为|当作?|算作?|就?算|就?当)[^,。;\\n]{0,6}(合意|点头|乐意|收下|认可|没话说|同意|愿意|答应|默认)|替(您|你)(选|点|接受|同意|确认)"),
    ("accepts_offer", "deemed[^.;\\n]{0,24}(accept|agree)|(treat|taken?|count|regard|consider|assum|understood)[^.;\\n]{0,40}(accept|agree|consent|\\byes\\b)|(offer|proposal|plan)[^.;\\n]{0,24}(stands as|counts as|is|be) (accepted|agreed)"),
    # it is decided on what is there
    ("judged_as_is", "(放弃|丧失|失去|自动放弃)[^,。;\\n]{0,4}(举证|补证|补充|提供|提交|上传|质证|陈述)|举证不能|不利(后果|判定|的?结论|于(您|你|商家|其)|认定)"),
    ("judged_as_is", "按(照)?(您|你|商家)?(没有|无)(凭证|证据|材料)(来)?(处理|判|裁|认定|评判)|默认(您|你)?没有(证据|凭证)|以[^,。;\\n]{2,14}(记录|数据|材料)为准|按(后台|平台|系统)[^,。;\\n]{0,8}(记录|数据)(来)?(处理|定|判)|(根据|按照?|据|依|以|凭)(您|你|买家|商家|对方)?(单方)?的?(材料|凭证|证据|说法)(作出|判|裁|认定|来判|评判)|直接评判|不(予|再)?作为证据"),
    ("judged_as_is", "(以|按照?|据|依据?|依照|根据|基于|凭|就|拿|用|照)(您|你|双方|各方)?(已)?(手头|手上|手里|手边|现有|既有|原有|原|已有|目前|当前|现在|在案|卷内|在卷|单方|一方|投诉人|申请人|买家|对方|商家|卖家|(已)?(提交|提供|上传|掌握|收到|取得|传)的?|仅有|这些|眼下)[^,。;\\n]{0,16}"),
    ("judged_as_is", "(只|就|仅|单)?(看|按|照|凭|依|依据|根据|以|拿)[^,。;\\n]{0,8}?(现有|老|旧|已有|手头|手上|在案|卷[内中里]|第一次|原来?|头一次|上次|一面之词|现状|单方|那份|这份|几句话|书面)的?[^,。;\\n]{0,16}?(判|定|审|看|断|裁|说话|东西|材料|资料|内容|文件|之物|处理|做决定|认定|下结论)"),
    ("judged_as_is", "(只|就)看(现有|老|旧|已有|手头)|按现状(定|判)|采信(另一|对)方|概不(看|收)|不予(考虑|采纳)|一概不看|without it\\b"),
    ("judged_as_is", "(直接|自行|径行|径直|照样|照常|就这么|照)(作出|做出|进行|予以|来|下)?(判(?!它违|他违|其违|定?商家|定?卖家|定违)|裁定|裁决|裁判|判断|定案|下结论|作决定)|缺席(审理|判|裁)|(材料|证据|凭证)[^,。;\\n]{0,8}不(予|再)?(采纳|采信|接收|接受)|(对|于)(您|你)[^,。;\\n]{0,10}不利|不再等(您|你|材料|补充|了)?"),
    ("judged_as_is", "(judge[ds]?|decid(e|es|ed|ing)|rul(e|es|ed|ing)|proceed(s|ed)?|decision|review(ed|s)?|determine[ds]?|go ahead|rests?)\\b[^.;\\n]{0,40}?(on|based|with|without|using|from)\\b[^.;\\n]{0,30}?(evidence|file|record|material|information|document|statement|account|side\\b|version|what|it\\b|them|this)|(existing|available|current) (evidence|file|material|information|record)|(evidence|material|what (we have|is)) (on|in|already) "),
    # it cannot be filed again
    ("cannot_refile", "(无法|不能|不可以?|不得|不再|没法|不给|不让|不许|不准|再也不|不会再|别想|未能)(以[^,。;\\n]{0,12})?(再次?|重复|重新|又|再行|另行|予以|就[^,。;\\n]{0,8}){0,2}(受理|申请|发起|提交(?!证|凭|材)|提起|申诉|投诉|提出?(?!供)|来过|打开|开启|开(?!始)|退了|维权|申请售后)"),
    ("cannot_refile", "(不能|没法|无法|没办法|不得|不可)再?[^,。;\\n]{0,4}(为|就|对|凭|以|拿)[^,。;\\n]{0,16}(申请|提|再?开|发起|申诉|投诉)|不给第二次|第二次机会|入口就没有了|不会另开|概不(接受|受理)|不再受理|(次|回)机会(没了|就没)"),
    ("cannot_refile", "(逾期|过期|超期|超时|过时)[^,。;\\n]{0,6}不(予|再)受理|(申诉|复核|维权|投诉|异议)的?(申请)?(入口|通道|窗口|渠道)[^,。;\\n]{0,8}(关|消失|没了)|(失去|丧失|没有?了?|错失|无)(再次?)?[^,。;\\n]{0,8}(权利|机会|资格)|(机会|资格|权利)[^,。;\\n]{0,4}(没了|作废|取消|失效|丧失)|(视为|视同|作|按)?(您|买家|自动)?放弃(申诉|复核|再次)"),
    ("cannot_refile", "(cannot|can't|can no longer|may not|not be able to|unable to|won't be able to|no longer) (be )?(re-?fil|file|re-?open|appl|appeal|re-?submit|submit (a|an|the|your) (new |same )?(re|cl|co|ap)|raise|claim|complain|open|start|request|accept)|(not|never) be (re-?opened|re-?filed|filed again|raised again|accepted again)|los(e|es|ing) (the|your) (right|chance)|no (second|further|new) (chance|request|appeal|complaint|claim)|no longer (be )?(able|possible)"),
    # the matter ends, lapses, counts as given up
    ("closes", "(?<!入口将)(?<!通道将)(?<!入口)(?<!通道)(?<!入口会)(关闭|关掉|关单|结掉)|自动(结束|终止)(售后|投诉|申请|退款)|撤销|撤掉|取消|结案|终止|终结|完结|了结|办结|失效|作废|撤诉|注销|归档|销案|回收|收[了掉走](?!到)|结了|(自己|自行)关上|关上|按[^,。;\\n]{0,6}(撤回|撤诉|放弃(?!举证|申诉))(处理|办理)?|(视为|视同|视作|当作|算|作|按|默认)(为)?(您|你|买家|自动|主动|已|自愿)*(放弃|撤回|撤诉|撤销|不再)(?!举证|申诉)|默认撤回|不予(处理|受理)"),
    ("closes", _MATTER + "[^,。;\\n]{0,8}?(就|会|将|要|也|自动|系统)?(就|会|被)?(关(?!注|于|键|联|系)|没(?=了|啦|咯|喽|有了)|结束|撤(?!换)|停(?!留)|消失|清掉|收掉|算了|黄了|到此为止)"),
    ("closes", "\\bclos(e|es|ed|ing|ure)\\b|cancel|\\blapses?\\b|\\bexpires?\\b|withdrawn|\\bdropped\\b|\\bvoid\\b|terminate|\\bends?\\b|abandon|given up|waive"),
)
# Something else that is said in so many words: who steps in, what is taken from whom.
_OTHERWISE = "介入|驳回|维持|挂起|搁置|(打款|放款|支付|结算|划付|付款)(给|至|到)(商家|卖家)|保证金|代扣|划扣|扣划|扣付|扣除|扣款|扣分|扣罚|中扣|垫付|处罚|处置|罚款|追究|违约金|滞纳金|利息|冻结|限制|公示|强制|催告|催促|接手|出面|进场|登记|确认收货|划给|结算|打给商家|终局|生效|通报|违规|判(它|他|其|商家|卖家|定)?违约|负面|降权|下架|信用|升级|step in|deposit|penalt|fine\\b|escalat|take over|enforce|becomes? final"
# From a deposit, or paid by the platform first: no refund that comes by itself.
_PAID_FOR = "保证金|代扣|扣划|划扣|扣付|扣除|垫付|先行赔付|deposit"
_SOMETHING = "将|会|则|视为|自动|系统|可|恢复|will|就由|便由"
# fmt: on

_LATE_RE, _UNDONE_RE = compiled("|".join((*_LATE, _NOT_DONE))), compiled("|".join(_UNDONE))
_UNDONE_THERE_RE = re.compile(_UNDONE_THERE)
_ROWS = tuple((name, compiled(words)) for name, words in _CONSEQUENCES)
_OTHERWISE_RE, _PAID_FOR_RE, _SOMETHING_RE = map(re.compile, (_OTHERWISE, _PAID_FOR, _SOMETHING))

_BY_MERCHANT = re.compile(r"商家|卖家|店家|店铺|被投诉方|乙方|响应|确认收货|seller|merchant|\bthey\b|\bshop\b")
_BY_BUYER = re.compile(r"您|你|买家|\byou\b")
_ENDS_BY_ITSELF = re.compile(
    r"[ ]{0,2}(?:之?后|以后)?[,]?(?:将会?|会|就|便|系统|即)?(?:要|被)?(?:自动)?(?:关闭|超时|失效|过期|到期|结束|截止|逾期|取消)"
)
_AHEAD = re.compile(r"[ \n]{0,2}(?:unless|if)\b")
_WAY_IN = re.compile(r"(?:入口|通道|窗口|渠道|按钮|页面|window|portal)[^,。;\n]{0,8}$")
# 逾期后果：…, a row of a form.
_LABELLED = re.compile(
    r"(?:逾[期时]|超时|到期|违约|过[期时]|期满|届期|未(?:按[时期]|及时|如期)|不(?:做|给|交|传|提交|提供|补|上传|操作|处理)|(?:if )?(?:missed|overdue|not (?:done|met))|what happens otherwise|otherwise)"
    r"[^\n:|,。;】]{0,10}(?:[ ]{0,2}[:|】?]|(?<=怎样)\n|(?<=如何)\n)[ ]{0,3}[:]?(?P<then>[^\n]{2,60})"
)
# Of a notice that names no limit: only what would happen, not what did.
_STILL_OPEN = frozenset(
    {Kind.REMINDER, Kind.EVIDENCE_REQUEST, Kind.MERCHANT_REFUSAL, Kind.RETURN_AGREED, Kind.FILED, Kind.RETURN_RECEIVED}
    | {Kind.MERCHANT_REPLY, Kind.ACKNOWLEDGEMENT}
)
_WOULD = re.compile(r"将|会|则|就|系统|自动|视为|视同|自动关闭|自动退|will|would")


def find_if_missed(deadlines: Deadlines, passages: tuple[Passage, ...], kind: Kind) -> Told | None:
    """What the notice says will happen when its limit is missed, with the words; None where it says nothing.

    That of the limit to watch; where no day is known, of what the notice says of being late.
    """
    if due := choose(deadlines.dues) or choose(deadlines.without_base):
        if due.party is Party.PLATFORM:
            return None  # what the platform owes itself closes nothing for anybody
        same = [other for other in deadlines.dues or deadlines.without_base if other.party is due.party]
        told = (_missed(one.passage, (one.start, one.end), one.party, one.sentence) for one in (due, *same))
        return next((found for found in told if found), None)  # 还剩24小时 in the subject, the rest below
    if kind not in _STILL_OPEN:
        return None
    for passage in passages:
        if found := _missed(passage, (0, 0), None, (0, len(passage.text))):
            return found
    return None


def _missed(passage: Passage, limit: tuple[int, int], party: Party | None, near: tuple[int, int]) -> Told | None:
    text = passage.text
    reach = min(len(text), near[1] + _REACH)

    def told(name: str, start: int, end: int) -> Told:
        return name, Because("if_missed", passage.folded.verbatim(start, end).strip(), passage.where)

    for row in _LABELLED.finditer(text, near[0], reach):
        if found := _consequence(text, *row.span("then"), party, plainly=False):
            return told(found[0], *row.span())
    then = _ENDS_BY_ITSELF.match(text, limit[1]) if limit[1] else None
    if then and _WAY_IN.search(text, near[0], limit[0]):
        then = None  # 上传入口将在…关闭: the way in closes, not the case
    if then and (found := _consequence(text, limit[1], then.end(), party, plainly=True)):
        return told(found[0], limit[0], then.end())
    for start, end, plainly in _conditions(text, limit, near, reach):
        sentence, stop = passage.sentence_at(start)
        if party is None and not _WOULD.search(text, start, stop):
            continue
        theirs = bool(_BY_MERCHANT.search(text, max(sentence, start - 8), min(stop, end + 8)))
        same = sentence == near[0] or party is None
        if theirs != (party is Party.MERCHANT) and not same and (theirs or _BY_BUYER.search(text, start, end)):
            continue
        if found := _consequence(text, start, min(stop, end + _FOLLOWS), party, plainly=plainly):
            return told(found[0], start, max(found[1], end))
    return None


def _conditions(text: str, limit: tuple[int, int], near: tuple[int, int], reach: int) -> list[tuple[int, int, bool]]:
    """Where the text speaks of missing the limit, from there on; the last value: only a plain consequence counts."""
    ahead = _AHEAD.match(text, near[0], near[1])  # unless it is there by 17 October, …
    start = near[0] if ahead else max(near[0], limit[0] - 10)
    found = [(*late.span(), False) for late in _LATE_RE.finditer(text, start, reach)]
    found += [(*undone.span(), True) for undone in _UNDONE_RE.finditer(text, start, reach)]
    if limit[1]:
        found += [(*undone.span(), True) for undone in _UNDONE_THERE_RE.finditer(text, limit[1], near[1])]
    return sorted(found)[:MOST]


def _consequence(text: str, start: int, end: int, party: Party | None, *, plainly: bool) -> tuple[str, int] | None:
    """The first consequence named from `start` to `end`, and where its words end.

    plainly  "other" only where it is said what, not where merely something will be
    """
    named = [
        (found.start(), place, name, found.end())
        for place, (name, words) in enumerate(_ROWS)
        if (found := words.search(text, start, end))
    ]
    if not named:
        other = _OTHERWISE_RE.search(text, start, end) or (None if plainly else _SOMETHING_RE.search(text, start, end))
        return ("other", other.end()) if other else None
    _, _, name, stop = min(named)
    if name == "auto_refund" and _PAID_FOR_RE.search(text, start, stop):
        return "other", stop
    if name == "accepts_offer" and party is Party.MERCHANT:
        return "auto_refund", stop  # who is asked for a refund and is silent agrees to it
    return name, stop
