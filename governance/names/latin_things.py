"""Words of titles, shops and kitchens in English, Spanish and Portuguese that some list of names holds, and brands,
places and works of two words: none of them is anybody.

Words that people of these languages are called by were left out. Accents are folded.
"""

from __future__ import annotations

from governance.names.cues import OF
from governance.names.lexicon import Flag

#: Ordinary words: of titles, of things, and what a recipe or a contract begins a sentence with.
WORDS = frozenset(
    (
        # titles
        "tierra tierras terra terras nadie ninguem nunca siempre sempre sombra sombras cosecha colheita tormenta tempestade lluvia chuva viento "
        "vento fuego fogo cielo ceu estrellas estrelas suenos sonhos olvido esquecimento silencio camino caminho puerta porta puertas portas herencia "
        "heranca venganza vinganca guerra guerras amanecer amanhecer anochecer anoitecer medianoche meianoite cenizas cinzas huella huellas rastro "
        "pecado pecados mentira mentiras verdades ultimo ultima ultimos ultimas primeros primeras primeiros primeiras perdido perdida perdidos perdidas "
        "dust rising falling burning broken forgotten hidden whispers whisper ashes shadows shadow silence thunder lightning horizon voyage "
        "midnight twilight sunrise sunset dawning wolves ravens serpent dragons kingdom empire "
        # things
        "velocidad velocidade maciza macizo macica macico nogal nogueiras elevable mallado trenzado colgante pendiente techo teto "
        "respirable respiravel transpirable transpirables legitimo legitima reclinables ajustables plegables magnetico magnetica digital automatico "
        "automatica electrico electrica eletrico eletrica multiusos multiuso acolchado acolchada ergonomico ergonomica resistentes repuesto repuestos "
        "soporte suporte funda fundas capas protector protetor vidrios templado temperado espejo espelho perchero organizador organizadora "
        "rodillo pincel brocha manguera mangueira bomba valvula filtro filtros motor motores aspiradora aspirador ventilador ventoinha "
        "pipoqueira sanduicheira frigideiras chaleira torradeira tostadora hervidor freidora fritadeira exprimidor espremedor "
        # kitchens
        "anada agregue incorpore mezcle bata hornee cocine hierva sirva vierta espolvoree corte pele pique reserve derrita precaliente "
        "acrescente adicione misture asse cozinhe ferva despeje polvilhe descasque pique reserve derreta preaqueca "
        "romero alecrim laurel louro pimenton paprica pimienta pimenta canela oregano perejil salsinha cilantro coentro jengibre gengibre "
        # who nobody is by name
        "cade"
    ).split()
) - frozenset(
    "romero laurel louro pimenta pimienta guerra camino puerta herencia canela sempre corte pique silencio cielo".split()
)

#: What is called after a person or a place, before its name: things, shops, dishes.
CUES: dict[int, tuple[str, ...]] = {
    OF: tuple(
        (
            "mochila maleta maletin cartera billetera cinturon zapatos botas sandalias gafas lentes reloj corbata polo chaqueta vestido blusa labial crema locion fragancia "
            "leche galleta cerveza ron whisky sidra chorizo mantequilla arroz aguardiente mezcal pisco tour excursion paseo cumbia bolero tango vals "
            "carteira cinto sapato sapatos bota oculos gravata jaqueta batom locao fragrancia manteiga linguica rum licor passeio samba excursao "
            "ensalada salada tortilla sopa torta pastel bolo"
        ).split()
    ),
    Flag.NOT: ("cade", "kyc", "amma", "appa"),
}

#: Two words in a row that are a brand, a place, a dish or a work.
PAIRS = tuple(
    tuple(entry.split())
    for entry in (
        "can i, can you, can we, may i, may we, will you, will i, berkshire hathaway, pierre cardin, mario hernandez, fernando noronha, marshall emberton, caesar salad, bob's red, red mill, silver fox, tierra nadie, terra ninguem, "
        "jean paul, paul gaultier, guy laroche, nina ricci, roberto cavalli, giorgio armani, emporio armani, salvatore ferragamo, oscar mayer, hugo boss, antonio banderas, "
        "jesus pozo, angel schlesser, victorio lucchino, purificacion garcia, bimba lola, pedro hierro, roberto verino, silvia tcherassi, arturo calle, velez bogota, "
        "johnson baby, johnson's baby, sherwin williams, benjamin moore, rolls royce, bang olufsen, harman kardon, bowers wilkins, klein tools, stanley black, briggs stratton, "
        "smith wesson, dolce gabbana, tiffany co, williams sonoma, bath body, ben hogan, le creuset, jean louis, louis david, yves rocher, elie saab, "
        "charles dickens, agatha christie, jules verne, julio verne, edgar allan, allan poe, "
        "merrill edge, edward jones, raymond james, franklin templeton, t rowe, rowe price, stanley cup, davis cup, ryder cup, nobel prize, pulitzer prize, "
        "levi strauss, procter gamble, johnson controls, lockheed martin, northrop grumman, rio tinto, pratt whitney, thomas cook, john hancock, "
        "carlos paz, vicente lopez, general pacheco, mar plata, san telmo, san cristobal, san andres, san marcos, san rafael, san miguel, san carlos, san fernando, santo tomas, santo domingo, santiago chile, "
        "governador valadares, presidente prudente, feira santana, campos goytacazes, duque caxias, lencois maranhenses, jose menino, "
        "cherry red, ruby red, coral pink, olive green, scarlet red, candy pink, rosa choque, rosa claro, rosa palo, azul marino, azul marinho, verde oliva, verde militar, tennessee honey, mini cooper, "
        "vera bradley, ashley furniture, thomas sabo, johnny cash, miss daisy, cola rosa, montana rodado, santa teresa, miguel allende, onix joy, guarana antarctica, menino maluquinho, "
        "jose cuervo, marques caceres, marques riscal, santa carolina, santa helena, concha toro, don melchor, casillero diablo, johnny walker"
    ).split(", ")
)
