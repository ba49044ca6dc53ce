"""Which Chinese characters are common: evidence for telling GB 18030 and Big5 apart in short texts."""

from __future__ import annotations

# Function words, numbers and everyday characters, in no order of merit; ASCII aside they are what most lines hold.
_BOTH = (
    "的一是不了在人有我他大中上和地到你可也子就那要下得自之生能好小多天道然心去成看想作手十用主行方公同已老又分"
    "年月日今明早安北京海南西東山水市高新名城家住三二四五六七八九千百元先生女士文字路街巷省州台港口工本"
    "太美快真最更很再其此及或如者所以他她它次回外名件品色本全平每加位只信空金入知比起三面正定法意力理"
    "，。、；：？！（）《》“”‘’—…·【】「」『』　"
)
COMMON_SIMPLIFIED = frozenset(
    _BOTH
    + "这个们来说国为时对过学会发经没样还现问间后头开动见声点实机无关电话线车东区县号码单货货运费费寄达楼层广门"
    + "场买卖价钱给让进种当着与产从总务报应长书业员难觉爱师爷妈吗呢吧啊哦谢请难两万亿张赵刘陈杨黄吴孙马宾馆饭评"
)
COMMON_TRADITIONAL = frozenset(
    _BOTH
    + "這個們來說國為時對過學會發經沒樣還現問間後頭開動見聲點實機無關電話線車東區縣號碼單貨運費寄達樓層廣門"
    + "場買賣價錢給讓進種當著與產從總務報應長書業員難覺愛師爺媽嗎呢吧啊哦謝請兩萬億張趙劉陳楊黃吳孫馬賓館飯評臺灣"
)
