"""A copy of a text for matching: one width, one script, no invisible characters, and the way back.

Words are looked for in the folded copy, but whatever is shown or kept is the verbatim piece of the
original that the find stands for. Folding is one character to one character, except that zero-width
characters and the line breaks of a hard wrap are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

LONGEST = 256 * 1024  # characters; what lies beyond is not read

# Traditional characters of the words that notices use, each before its simplified form.
_TRADITIONAL = (
    "訴诉處处結结約约級级紅红純纯納纳紙纸紛纷細细終终組组絡络給给統统經经維维網网綫线線线緊紧緩缓編编縣县總总績绩繳缴續续"
    "訂订計计討讨訊讯記记設设許许評评詐诈詢询試试詳详話话該该誤误說说説说認认語语誠诚請请諒谅論论諮咨謝谢證证識识譯译議议護护讀读變变讓让"
    "貝贝負负財财責责貨货販贩貴贵買买費费貼贴賀贺資资賠赔賣卖質质賬账賴赖購购贈赠贊赞贏赢"
    "車车軟软較较載载輔辅輕轻輪轮輸输轉转"
    "這这進进遲迟過过達达違违遠远適适選选還还郵邮鄰邻運运連连週周"
    "門门閉闭開开間间關关閱阅閘闸"
    "電电題题類类願愿頁页項项順顺須须預预領领頻频額额顏颜顧顾顯显"
    "馬马駁驳驗验驚惊"
    "鐘钟鈕钮銀银銷销鏈链鍵键錄录錢钱錯错鑒鉴鑑鉴針针釋释"
    "為为無无東东來来個个們们傳传傷伤價价優优僅仅償偿債债儲储備备係系倉仓"
    "兩两內内則则創创別别劃划劵券動动務务勝胜勞劳匯汇區区協协單单參参員员問问啟启啓启喬乔嚴严團团圍围圖图國国園园"
    "執执報报場场墊垫壓压壞坏壇坛聲声夠够奪夺將将專专對对導导實实寫写寶宝審审屆届屬属層层嶺岭師师帳账幣币幹干庫库應应廠厂廣广廢废"
    "張张強强彈弹後后從从復复徵征態态慮虑慶庆憑凭憶忆懷怀戶户戲戏"
    "拋抛掛挂採采換换損损揀拣搶抢據据擇择擔担擬拟擾扰攝摄攜携數数敗败敵敌斷断於于"
    "時时晝昼暫暂曉晓書书會会機机權权條条標标樣样檔档檢检樓楼構构極极業业榮荣樂乐櫃柜欄栏歐欧歡欢歲岁歷历歸归殘残毀毁"
    "氣气沒没況况減减測测準准溝沟滿满漁渔潔洁濟济濕湿瀏浏灣湾瀆渎溫温滅灭"
    "燈灯災灾點点煩烦營营爭争爾尔牽牵狀状獎奖獨独獲获現现產产畫画異异當当疊叠療疗發发盜盗盡尽監监盤盘眾众睏困矚瞩"
    "碼码確确磚砖禮礼禦御稱称種种穩稳積积競竞筆笔節节範范築筑簡简簽签籤签糾纠繼继罰罚羅罗義义習习聯联職职聽听肅肃脫脱臨临與与興兴舉举舊旧"
    "華华莊庄萬万著着藝艺藥药蘭兰號号蟲虫術术衛卫補补裝装製制複复襪袜襯衬見见規规視视親亲覺觉覽览觀观觸触"
    "賓宾躍跃軍军農农遞递鄭郑釐厘閒闲際际陰阴陳陈隊队階阶隨随險险隱隐難难雙双雜杂離离雲云靜静響响頭头飛飞飲饮館馆髮发鬆松鮮鲜麗丽麼么麥麦黃黄齊齐齡龄"
    "佈布體体儘尽勵励囑嘱妳你牠它臺台裡里裏里吿告內内迴回週周採采恆恒羣群峯峰衹只祇只纔才甚什註注託托讎仇讚赞"
    "絕绝尋寻鬧闹誰谁謹谨課课調调談谈講讲諾诺謊谎譽誉遺遗鎖锁鋪铺隻只雖虽餘余養养飾饰鬥斗麵面龍龙島岛帶带幾几彙汇憂忧慣惯擋挡擊击擁拥擴扩撥拨攔拦曆历樹树橋桥殺杀淨净濫滥熱热燒烧爛烂猶犹瑪玛環环畢毕礙碍紋纹"
    "棄弃綠绿綁绑綜综緣缘縮缩織织繫系罷罢聞闻腦脑腳脚膚肤膠胶臉脸衝冲褲裤貓猫跡迹踐践蹤踪輛辆辦办辭辞鏡镜鐵铁鑽钻閃闪陸陆靈灵韓韩頂顶顆颗飯饭騙骗騰腾騷骚髒脏魚鱼鳥鸟鹽盐齒齿覆复爲为淚泪禍祸擺摆擠挤淺浅滯滞攤摊"
    "燭烛窮穷竊窃籃篮糧粮纖纤罵骂腫肿蓋盖虧亏蝦虾訪访診诊誘诱誌志譜谱豐丰趕赶遊游鄉乡醬酱釘钉銅铜錶表鍋锅闆板陣阵霧雾韌韧頸颈駕驾鬍胡鴨鸭"
    "並并愛爱紀纪決决閣阁嗎吗舖铺逕径訖讫併并風风剛刚囉啰賞赏學学餅饼圓圆醫医暢畅長长幫帮徑径棧栈沖冲邊边薑姜鍊链櫻樱轄辖驟骤鎮镇寢寝漿浆懇恳壽寿廚厨粵粤臘腊烏乌軋轧峽峡摯挚兒儿壺壶劑剂凱凯謂谓紹绍訟讼踴踊饋馈簾帘軸轴聖圣灑洒爐炉獅狮瓊琼"
    "疇畴瘋疯癢痒盧卢矯矫碩硕穀谷竄窜籌筹紡纺綢绸緞缎繩绳繪绘繡绣纏缠聰聪膽胆艙舱蒼苍蓮莲蔣蒋薦荐蘋苹蘇苏蝕蚀螢萤蠟蜡衆众訓训訛讹詞词誼谊諧谐諷讽謀谋謙谦謎谜謠谣譴谴貢贡貧贫貪贪貫贯賊贼賜赐賤贱賦赋賭赌賺赚贖赎趙赵軌轨軒轩輝辉輩辈輯辑轟轰"
    "遙遥遼辽邁迈鄧邓醜丑釣钓鈔钞鉛铅鋒锋鋼钢錦锦鍛锻鎊镑鏽锈鐮镰闊阔闡阐陝陕隸隶雛雏韻韵頒颁頗颇飄飘飼饲餓饿餵喂饒饶驅驱驕骄骯肮鬱郁魯鲁鴻鸿鵝鹅鶴鹤鷹鹰黨党齋斋龐庞壯壮孫孙寧宁嶄崭廬庐彌弥徹彻恥耻悅悦慘惨慚惭憐怜憤愤懸悬戀恋捨舍掃扫掙挣"
    "揮挥搖摇撐撑撫抚撿捡攏拢攪搅敘叙斃毙昇升晉晋曬晒殼壳毆殴汙污洩泄涼凉淒凄淵渊渦涡湯汤溼湿滾滚滲渗漲涨漸渐潑泼澀涩澆浇濃浓濤涛瀉泻煉炼煥焕熾炽燙烫燦灿犧牺獄狱獵猎瑣琐畝亩癒愈癮瘾皺皱盞盏睜睁祿禄稅税窩窝窯窑筍笋箏筝篩筛籠笼絨绒絲丝綱纲"
    "緒绪緬缅縫缝縱纵縷缕羨羡翹翘聳耸聾聋脈脉脹胀膩腻臟脏艱艰葉叶葷荤蕭萧薩萨蘆芦蘿萝蝸蜗蠅蝇蠻蛮襖袄覓觅訝讶詫诧詮诠誇夸誕诞諜谍謄誊謬谬譏讥豎竖豬猪貞贞賄贿贓赃趨趋軀躯輾辗辯辩遜逊醃腌鈴铃鉤钩銘铭鋁铝鋸锯錨锚鐲镯鑲镶閩闽闢辟陽阳頰颊頹颓"
    "顫颤餡馅餛馄饅馒驛驿驢驴鬚须魷鱿鮑鲍鯊鲨鳳凤鴿鸽鷗鸥鹼碱黴霉墻墙牆墙嚇吓嗚呜嘆叹嘔呕嘗尝噴喷噸吨囂嚣堅坚塊块塗涂塵尘墮堕壘垒壟垄夾夹奧奥妝妆姦奸娛娱嬌娇嬰婴宮宫屜屉崗岗帥帅廂厢廟庙彎弯惡恶惱恼懶懒戰战撲扑擱搁攬揽斬斩暈晕曠旷棗枣棟栋"
    "楊杨槍枪樁桩橫横櫥橱歎叹汎泛滄沧漢汉漣涟潛潜潤润瀾澜煙烟瑩莹瘡疮硯砚穎颖窺窥箇个紮扎絢绚綴缀緝缉縛缚繽缤脣唇艦舰蔥葱蕩荡藍蓝蘊蕴螞蚂詛诅誣诬謗谤贅赘轎轿轍辙鄒邹釀酿鈍钝鈣钙鈦钛鉑铂銳锐鋅锌鋰锂錐锥鍍镀鎂镁鏟铲闖闯隕陨雞鸡鞏巩頌颂頓顿"
    "飆飙飽饱餃饺鶯莺麩麸"
)
_TABLE: dict[int, int] = {
    ord(_TRADITIONAL[place]): ord(_TRADITIONAL[place + 1]) for place in range(0, len(_TRADITIONAL), 2)
}
_TABLE |= {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width ASCII
_TABLE |= {0xFFE5: ord("¥"), 0xFE55: ord(":"), 0x2236: ord(":"), 0x3002: ord("。"), 0x22EF: ord("…")}
_TABLE |= dict.fromkeys([9, 11, 12, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], ord(" "))
_TABLE |= dict.fromkeys([0x2502, 0x2503, 0x2506, 0x2507, 0x250A, 0x250B, 0x2551, 0xFFE8], ord("|"))  # drawn tables
_TABLE |= {0x0D: ord("\n"), 0x85: ord("\n"), 0x2028: ord("\n"), 0x2029: ord("\n")}
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)
_LATIN_BEFORE = re.compile(r"(?:^|[a-zA-Z,.;:]) *$")
_LATIN_AFTER = re.compile(r" *(?:[a-zA-Z'’,.;:]|$)")
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}

_SENTENCE_END = frozenset("。！？!?；;：:…》】”」)）.,，、|")
_STARTS_ANEW = re.compile(
    r"[ ]{0,8}(?:[\d一二三四五六七八九十]{1,2}[.、)）:]|[-*•●·◆■▪>|]|[^\s:：，。]{2,10}[:：]|[【《\[]|https?:)"
)
# 退款编号 — 2539820827734951: a row of a form, whatever sign stands between its name and its value.
_ROW = re.compile(
    r"^[ ]{0,4}[\u4e00-\u9fa5]{0,8}(?:编号|单号|订单|时间|日期|商家|店铺|卖家|金额|原因|类型|期限|截止|运费|结果|完成|对象|方)[ ]{0,2}([—–→/>·])(?=[ ]{0,2}[^\s—–/])",
    re.MULTILINE,
)
_GOES_ON = frozenset(",、，")
WRAPPED = range(56, 84)  # columns, a Chinese character taking two; other lines were broken on purpose


@dataclass(frozen=True, slots=True, eq=False)  # each is its own: compared and remembered as the object it is
class Folded:
    """`text` is `original` folded; `lower` is `text` with ASCII letters made small. Same length, same places."""

    original: str
    text: str
    lower: str
    places: tuple[int, ...] | None  # of each folded character in the original; None: the same ones

    def verbatim(self, start: int, end: int) -> str:
        """The piece of the original that folded characters `start` to `end` stand for."""
        if self.places is None or start >= end:
            return self.original[start:end]
        return self.original[self.places[start] : self.places[end - 1] + 1]


def fold(text: str, longest: int = LONGEST) -> Folded:
    """The copy of the first `longest` characters of `text` that words are looked for in. Linear."""
    original = text[:longest]
    folded = original.translate(_TABLE)
    for row in _ROW.finditer(folded):
        folded = folded[: row.start(1)] + ":" + folded[row.end(1) :]
    left_out = [found.start() for found in _INVISIBLE.finditer(folded)]
    if "\n" in folded:
        glued, spaced = _soft_breaks(folded)
        left_out += glued
        if spaced:
            characters = list(folded)
            for place in spaced:
                characters[place] = " "
            folded = "".join(characters)
    if not left_out:
        return Folded(original, folded, folded.translate(_LOWER), None)
    gone = frozenset(left_out)
    places = tuple(place for place in range(len(folded)) if place not in gone)
    kept = "".join([folded[place] for place in places])
    return Folded(original, kept, kept.translate(_LOWER), places)


def said_of(folded: Folded, name: str) -> Folded:
    """`folded` with `name` replaced by 商家, or by "the seller" where Latin words stand around it; itself without one."""
    text = folded.text
    start = text.find(name) if name else -1
    if start < 0:
        return folded
    pieces: list[str] = []
    places: list[int] = []
    old = folded.places if folded.places is not None else range(len(text))
    done = 0
    while start >= 0:
        end = start + len(name)
        latin = _LATIN_BEFORE.search(text, max(0, start - 12), start) and _LATIN_AFTER.match(text, end)
        stands = "the seller" if latin else "商家"
        pieces += [text[done:start], stands]
        places += old[done:start]
        places += [old[start]] * (len(stands) - 1) + [old[end - 1]]
        done, start = end, text.find(name, end)
    pieces.append(text[done:])
    places += old[done:]
    told = "".join(pieces)
    return Folded(folded.original, told, told.translate(_LOWER), tuple(places))


def _soft_breaks(folded: str) -> tuple[list[int], list[int]]:
    """The line breaks that a mail client's hard wrap put inside a sentence: to leave out, to make a blank."""
    glued: list[int] = []
    spaced: list[int] = []
    lines = folded.split("\n")
    place = -1
    for line, after in pairwise(lines):
        place += len(line) + 1
        if not line or not after.strip():
            continue
        if line.rstrip()[-1:] in _GOES_ON:
            spaced.append(place)
        elif (
            line[-1] in _SENTENCE_END
            or _STARTS_ANEW.match(after)
            or sum(2 if letter > "\u2e7f" else 1 for letter in line[:84]) not in WRAPPED
        ):
            continue
        elif line[-1] > "\u2e7f" and after[0] > "\u2e7f":
            glued.append(place)
        elif after[0].isascii() and after[0].islower():
            spaced.append(place)
    return glued, spaced


def without_invisible(text: str) -> str:
    """`text` without zero-width characters, one blank for any run of them: a name as a person reads it."""
    return " ".join(_INVISIBLE.sub("", text).split())
