"""Function words by language: words that every text of some length has, whatever it is about.

Written for this project from general knowledge of the languages. In scripts without spaces they are single characters.
"""

from __future__ import annotations

FUNCTION_WORDS = {
    "en": "the be to of and that have with is are was were for it on as at by this from or an not but",
    "zh": "的 了 是 在 不 我 有 他 这 这 就 也 和 你 说 很 都 着 一 个 上 到 要 會 会 可 那 們 们 還 还 没 與 与 為 为",
    "es": "de la que el en y los del se las por un para con no una su al lo como más pero sus le es",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele é das",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an er",
    "it": "di e che la il un a per in una sono mi ho lo ma ha le si ti i con cosa se io come da non più",
    "id": "yang dan di ini itu dengan untuk dari dalam tidak pada adalah akan ke juga saya ada bisa oleh karena",
    "ms": "yang dan di ini itu dengan untuk dari dalam tidak pada adalah akan ke juga saya ada boleh oleh kerana",
    "vi": "và của là có không cho được các một người trong đã với này để khi những đó thì từ như rất",
    "tl": "ang ng sa na ay at mga ito si para ko mo hindi niya siya ka naman lang pero kung",
    "ru": "и в не на я что он с как это по но они к у из за от то же для мы вы его так было бы",
    "th": "ท ก น ม ร เ แ ไ ว อ ป ค ล ย ด ต",
    "ko": "이 그 저 것 수 등 및 더 또 안 못 잘 너무 정말 하지만 그리고 그래서 있는 하는 합니다 있습니다 입니다",
    "ja": "の に は を た が で て と し れ さ あ い も な う か",
    "ar": "في من على أن إلى هذا التي الذي عن ما لا كان مع هو و كل بعد",
}
