"""More words that tell where names are in Latin letters, and words of things; beside `cues`. Lower case, no accents."""

from __future__ import annotations

from governance.names.cues import CALL, LABEL, NAMER, OF, SAYS, SYLLABLE
from governance.names.lexicon import Flag

# Bits that stand for no evidence by themselves, above those of `cues`.
DAYTIME = 1 << 28  # "morning", "tarde": behind `GOOD` a greeting, before a name
GOOD = 1 << 29
CLOSING = 1 << 30  # "Cheers", "Atentamente": a comma and the name of who writes


def _w(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MORE: dict[int, tuple[str, ...]] = {
    DAYTIME: _w("morning afternoon evening day tarde tardes noite noites noche noches dia dias"),
    GOOD: _w("good boa bom boas bons buenas buenos buen"),
    CLOSING: _w(
        "cheers regards thanks thx best love sincerely yours truly faithfully respectfully wishes cordially xoxo hugs warmly ta "
        "saludos saludo atentamente atte cordialmente abrazo abrazos besos gracias att atenciosamente abraco abracos beijos beijo "
        "obrigado obrigada carino carinho afecto amor cumprimentos respeitosamente salam hormat wassalam groeten grusse"
    ),
    LABEL: _w(
        "tenant tenants landlord claimant plaintiff defendant petitioner respondent insured policyholder subscriber driver "
        "student pupil teacher tutor supervisor coordinator organiser organizer editor reporter interviewer interviewee host "
        "speaker presenter chair participant attendee resident borrower lender guarantor proprietor donor trustee director "
        "manager agent technician courier nominee assignee assignor consignee shipper consignor payer cashier operator caller "
        "alumno alumna profesor profesora tutor tutora conductor conductora repartidor repartidora vendedor vendedora "
        "comprador compradora demandante demandado demandada acusado acusada testigo victima entrenador entrenadora ponente "
        "redactor redactora inquilino inquilina propietario propietaria arrendatario arrendador asegurado asegurada usuario "
        "usuaria empleado empleada jefe gerente encargado encargada operador operadora denunciante compareciente trabajador "
        "aluno aluna professora motorista entregador entregadora locatario locadora segurado segurada usuario usuaria "
        "funcionario funcionaria gerente atendente colaborador colaboradora vitima reu re tecnico tecnica reporter "
        "redator redatora proprietario inquilino condutor condutora denunciado denunciada recebedor portador portadora "
        "juiz juiza desembargador desembargadora ministro ministra promotor promotora delegado delegada escrivao presidente"
    ),
    Flag.BEFORE: _w(
        "wakilnya karya memerankan menangkap bertemu did does didn't doesn't sindicalista unionist baker unionista lider leader activist activista ativista "
        "passenger candidate applicant claimant plaintiff defendant coworker classmate roommate housemate flatmate intern "
        "trainee apprentice surgeon dentist therapist counsellor counselor courier postman mechanic electrician builder "
        "cleaner babysitter walker hairdresser receptionist concierge bartender chef cook butler farmer fisherman sailor "
        "pilot steward stewardess paramedic firefighter policeman policewoman constable sheriff deputy sergeant soldier "
        "grandson granddaughter grandfather grandmother stepson stepdaughter widow widower bride groom toddler teenager "
        "conductor repartidor vendedor vendedora vecino vecina compadre comadre novio novia sobrino sobrina primo prima "
        "abuelo abuela nieto nieta suegro suegra cunado cunada yerno nuera jefe jefa companero companera alumno alumna "
        "enfermero enfermera mecanico electricista cartero camarero camarera peluquera peluquero estudiante maestra maestro "
        "motorista entregador vendedora vizinho vizinha namorado namorada sobrinho sobrinha avo neto neta sogro sogra cunhado "
        "cunhada genro nora chefe colega aluno aluna enfermeiro enfermeira mecanico eletricista carteiro garcom garconete "
        "cabeleireira porteiro sindico sindica faxineira baba estudante gerente atendente menino menina moca rapaz"
    ),
    SYLLABLE: _w(
        "hye hyun soo seok hyuk joon woo eun kyung young sook hee jae seung yeon yoon hoon chul kyu bum gyu byung myung"
    ),
    Flag.TITLE: _w(
        "treinador treinadora nenek kakek mendiang almarhum almarhumah profe maestro maestra ing lcda lcdo excmo ilmo exmo exma mons fray sor cmdr cpl pvt pte hon eng"
    ),
    SAYS: _w(
        "nods smiles laughs sighs whispers shrugs recalled recalls noted notes claimed claims stated testified pleaded "
        "menolak menuding menilai membenarkan mengkritik mengimbau menangis ditahan ditangkap absen menikah tewas menyayangkan "
        "recordo lamento advirtio pregunto respondio conto llego llamo firmo escribio perguntou respondeu ligou chegou assinou "
        "escreveu recordou lamentou admitiu"
    ),
    NAMER: _w("llaman chaman"),
    Flag.GREET: _w(
        "sorry desculpe desculpa perdon perdona disculpe disculpa perdoe siento queridos queridas estimados estimadas prezados prezadas caros caras"
    ),
    CALL: _w("profe tio tia"),
    OF: _w(
        "mosteiro monasterio convento capela capilla ermita palacio castelo castillo puente torre serra sierra vale valle "
        "puerto feria fiesta festa marques conde duque cuesta paseo ronda glorieta alameda travessa largo estacion estacao "
        "metro terminal consejo conselho doenca enfermedad sindrome lei ley dia colegiata abadia santuario batalla batalha tratado premio copa trofeo trofeu"
    ),
    Flag.PROPER: _w(
        "levi levi's levis carter's belkin linksys logitech norton symantec mcafee kaspersky lysol cisco ericsson pandora "
        "chevrolet silverado chevy cadillac buick gmc dodge jeep subaru lexus acura infiniti volvo saab skoda peugeot renault citroen "
        "opel vauxhall fiat lancia alfa jaguar bugatti lamborghini maserati yamaha kawasaki ducati vespa "
        "ipod imac macbook airpods kindle cortana firefox chrome safari photoshop "
        "kitchenaid cuisinart keurig nespresso philips oral-b braun dyson hoover bissell roomba vitamix oster "
        "lindt ferrero nutella kinder haribo pringles doritos lays oreo snickers twix pepsi fanta sprite gatorade "
        "heineken budweiser carlsberg guinness bacardi smirnoff absolut baileys martini campari "
        "rolex swatch swarovski givenchy balenciaga burberry fendi versace ferragamo chloe's longchamp "
        "vans skechers crocs birkenstock timberland reebok asics patagonia wrangler "
        "nivea garnier neutrogena aveeno cetaphil olay clarins sephora avon vaseline dettol febreze swiffer "
        "walgreen walgreens walgreen's costco kroger safeway asda morrisons sainsbury sainsbury's waitrose argos  "
        "wayfair etsy ebay alibaba aliexpress temu flipkart nykaa myntra "
        "kodak leica fujitsu epson ricoh xerox nvidia ryzen radeon geforce playstation xbox nintendo wii pokemon  "
        "ninja panda scottie antivirus"
    ),
    # Words that are names as well, and stand in titles of things.
    Flag.WORD: _w(
        "garland bunting paisley teddy dolly doll teal panda scottie ninja molly marker parrot champ hyacinth roman genie"
    ),
    # Things: a name that stands before one is a brand or a kind.
    Flag.ORG: _w(
        "equipe equipo atendimento suporte soporte setor "
        "jar jars lid lids jeans boots shoes sneakers trainers sandals heels slippers shirt shirts blouse dress skirt jacket "
        "coat hoodie sweater jumper cardigan pants trousers shorts leggings socks underwear boxers bra bikini swimsuit pyjamas "
        "pajamas scarf gloves hat cap beanie belt wallet handbag purse backpack tote suitcase luggage necklace bracelet "
        "earrings earring pendant brooch watches wristwatch strap straps sunglasses glasses perfume cologne lipstick mascara "
        "shampoo conditioner lotion soap candle candles mug mugs cup teapot plate bowl bowls saucer cutlery knife knives fork "
        "pans skillet kettle toaster blender mixer oven fridge freezer dishwasher vacuum hairdryer razor "
        "shaver toothbrush charger cable adapter laptop tablet keyboard headphones earphones earbuds speakers "
        "headset microphone camera lens tripod printer cartridge toner monitor projector console controller puzzle "
        "jigsaw doll dolls playset figurine figure costume wig mask balloons poster posters canvas mattress pillow pillows duvet "
        "quilt blanket curtain curtains cushion cushions carpet rugs chairs tables stools sofas couch armchair bookcase "
        "wardrobe drawers nightstand chandelier lamps lantern bulb bulbs mirrors clock clocks vase planter pot pots shed tent "
        "whiskey whisky rum vodka wine beer lager cider tea coffee chocolate cookies biscuits crackers crisps cereal "
        "granola syrup sauce ketchup mustard mayonnaise pasta flour yoghurt yogurt cheese sausages "
        "toy toys stroller pram crib diapers diaper nappies wipes antivirus firewall software router modem "
        "trucks truck suv sedan hatchback pickup motorbike motorcycle scooter bicycle tyres tires brakes tailgate bumper "
        "guitar violin piano ukulele drum drums strings racket racquet golf helmet treadmill dumbbell kettlebell yoga "
        "jersey tickets ticket standings championship playoffs tournament scarf harness leash collar kennel terrier "
        "spaniel retriever puppy railway railroad locomotive airlines disease syndrome lymphoma equation theorem"
    ),
}

#: Two words in a row that are nobody's name: brands, places, works, figures.
PAIRS = tuple(
    entry.strip()
    for entry in """
dow jones, charlie brown, jack russell, king charles, st george, st patrick, st patrick's, st george's, saint george, saint patrick, saint petersburg,
st andrew's, st nicholas, mother teresa, easter bunny, father christmas, mother nature, uncle sam, john deere, john lewis, jimmy dean, sara lee,
marie callender, betty crocker, duncan hines, captain morgan, johnny walker, jose cuervo, don julio, don simon, juan valdez, dom perignon,
tom ford, stan smith, stella mccartney, alexander mcqueen, oscar renta, karl lagerfeld, elizabeth arden, helena rubinstein, charlotte tilbury,
bobbi brown, max factor, rimmel london, fred perry, ben sherman, paul smith, ted baker, ray ban, lee cooper, eddie bauer, jack jones, jack wills,
tommy bahama, perry ellis, nine west, ann taylor, banana republic, abercrombie fitch, brooks brothers, marks spencer, selena gomez,
sydney harbour, sydney opera, berlin wall, tom jerry, bob builder, thomas tank, barbie dreamhouse, charlie lola, marie antoinette, willie winkie,
morgan freeman, nelson mandela, simon bolivar, martin luther, luther king, san siro, santa marta, santa rosa, santa maria, sao joao, santo antonio,
cruz roja, cruz vermelha, cruz azul, isla mujeres, ilha bela, sierra nevada, sierra leona, sierra leone, serra malte, casal garcia, velho barreiro,
boca juniors, vasco gama, vila madalena, santos dumont, oscar freire, albert einstein, mane garrincha, porto seguro, angra reis, monte carlo,
iron maiden, led zeppelin, pink floyd, black sabbath, def leppard, pearl jam, joy division, guns roses, lynyrd skynyrd, jethro tull
""".replace("\n", " ").split(",")
    if len(entry.split()) == 2
)
