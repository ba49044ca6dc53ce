"""Names and syllables of Malaysia, Indonesia and Vietnam that the packages lack, and given names that are places as well.

Written by hand. Lower case, no accents. `latin_words` puts them beside the other lists.
"""

from __future__ import annotations

from governance.names.cues import LABEL, OF
from governance.names.latin_cues import CLOSING
from governance.names.lexicon import Flag


def _w(*texts: str) -> tuple[str, ...]:
    return tuple(sorted({word for text in texts for word in text.split()}))


#: What Malay names of two parts end with, and what stands before it.
_FAITH = "aziz azim badar bahar burhan fakhr fakhru hafiz hafizu hasan hisam ikhwan imad izz jalal jamal kamar kamaru khair khairu mahy najm nasir nizam nur nuru qamar rafi rahim saif saifu salah sham shamsu shihab siraj taj taqi wahid zahir zain zainu ziya zul"
_UDDIN = tuple(root + end for root in _FAITH.split() for end in ("uddin", "udin", "ddin"))
_ULLAH = tuple(
    root + "ullah"
    for root in "abd amin asad atta fadhl faiz fath habib hamid hidayat ihsan in'am izzat karim khalil nasr ni'mat rahmat saif shafi syafi wali zikr".split()
)

#: Given names of the Malay world, in the spellings of Malaysia and Singapore.
MALAY = _w(
    "abqari adham adib adiba adilah adlan adli adnan afif afifah afiq afiqah afnan ahmed aida aidil aifa ailin aiman ainaa ainin ainnur ainul aiza aizat ajib ajmal akashah akhmal akif akmal alauddin alawiyah "
    "aleeya alia aliah alias alif aliya alya amali amalina amani ameer ameera ameerah ameerul amer amirah amirul ammar amni amran amsyar amzar anas anati anuar anwar aqeel aqeela aqil aqila aqilah arfan arfah "
    "arham arianna arif ariffin arissa armand asiah asmadi asmah asma asmat asnah asri asraf aswad asyikin asyraaf athirah atiqah aufa awi ayub ayuni ayunie azam azfar azhan azhari azian azila azim azimah azira azizan "
    "azizul azizulhasni azlin azlinda azmir azmira aznan azni azreen azri azrina azrul azwan azza badariah badli badriah bahari bahiyah baizura balqis balqish basirah basri batrisya bazli borhan busyra che dahlia "
    "damia dania darwish dayana dayini delisha dhia diyana djamil duratul effa elia elina eliza emir erni ezani ezwan ezzati fadhilah fadhli fadzil fadzilah fadzli fadzlina faezah fahada fahimah fahrin faidhi fairuz fairul "
    "fairus faiq faiqah faiza faizul fakhira fakhri fakhrul fareez farhah farhana fariha farihah fariz farizah faruq fasihah fathi fathia fathihah fathin fatihah fatin fattah fauzan fauzia fauziana fawwaz fazil fazilah fazira fazli "
    "fazlin fazlina fazreen fikri firas fitrah fizah ghafar ghani ghazali habsah hadirah hadri hafis hafizi hafizul hafsah haida haifa haikal hailmi hajar hajjar hakimah haleem haliza halizah halimatun hamdan hamdi hamimah hamka hamsiah "
    "hana hanan hani hanifah hanis hanisah hannah harith hariz harizah hashimah haslinda hasmah hasni hasniza hasnul hasrul hasyim hasyimah hatta hawa hayatun hazeeq hazim hazimah hazirah hazlina hazman hazmi hazrul hazwani "
    "helmi hidayatul hikmah hizam husna husnul huzaifah ibtisam idayu idham ilham ilya ilyana ilyas inani insyirah iqbal iqmal irdina irsyad irwani isa ishak iskandar ismahani ismalina izhar izni izuan izzah izzuan izzudin "
    "jaafar jamaliah jamilah jamri jasni jasmani jefri johan jumaat jusoh juwita kalsom kalthom kamal kamaliah kamarudin kamaruzzaman kamil kamilah kassim khadeeja khadijah khairani khairiah khairina khairiyah khairun khairunnisa khaizuran khalidah khalis "
    "khatijah khuzaimah lailatul laila latifa liana liyana lokman lutfi luqman mahadi mahani mahfuz mahirah maimun maisarah maisara majid malek mamat maryam marliana marina maslina masitah masnah mastura maznah mazlan mazlina mazni mazuin mazwin "
    "mimi mohamad mohammed mohd mokhtar muaz mubin muhaimin muhaini muhsin mukhriz munirah muntaha murad mursyid musa musliha muslim muszaphar mutalib muzammil nabihah nadhirah nadzirah nafisah najihah najla najwa nasaruddin nashriq "
    "nasrul nasuha naurah nazatul nazim nazira nazmi nazri nazrin nazrul nazura nikman noorain noorhayati noorliza nooraini noraida norashikin norasyikin norazah norazila norazizah norazman norazmi norbaiti norfarah norhafiza norhafizah norhaida norhaliza "
    "norhana norhaslinda norhayani norhidayah norini norisah norita norizan normala norman norma norsiah norsyahida norulhuda norzaidah norzila nuraina nurain nuramira nurasyikin nurazlina nurbaya nurdiana nurdini nurfarah nurfarahin nurhafiza "
    "nurhanis nurhidayah nurin nurizzati nurliyana nurnadia nurnajwa nursyahirah nursyuhada nursyuhadah nurulhuda nurulizzah nuryana omar puteh qaireen qaisara qalesya qamarina qasih qayyum qhaliff qistina rabiatul radhiah radzi rafeah raffi rafiq rafiqah "
    "rahayah rahimi rahmah raihana raihanah raja ramlee raudhah rauf razali razif raziq razlan razman redzuan rifqah ridhwan rizal rizman rizuan rizwan robiah rohana rohaida rohaidah rohaizad rohaizat rohaiza rokiah rosdi roshada roshidah rosiah rosidah roslina rosmaini "
    "rosmawati rosnani rosniza rozana rozi rozilah rozlan ruhana ruhani ruqayyah rusydi ruzaini saadiah saari sabariah sabrina sadiq safiah safiya safiyyah safuan safwan sahak sahidah sahrul saifullah sakinah salbiah saleha salihah salina salleh salwa salwani samiun "
    "sanisah sapiah sarimah saripah saufi sazali senah shafiq shafiqah shahida shahidah shahir shahira shahirah shahmi shahriman shahril shahrin shahriza shahrom shahrudin shaiful shakila shakir shakirah shamil shamim shamsiah shamsuri shamsuddin shaari sharifuddin sharina sharipah sharul shauqi "
    "shazwan shazwani shuhada shuhaimi shuib shukor shukri sidek sobri sofiah solehah sufian suhaila suhaili suhana suhaiza suhardi sulastri sumayyah suriani surianti suriati suzana suzila suzliana syafawani syafie syafik syafika syafikah syafina syahida syahidah syahira syahirah syahiran syahmi syahril "
    "syahrin syahrizal syahrizat syakir syakirah syamil syamim syamimi syamsul syarifah syazana syazwani syuhada syuhadah syukri syukur taib tajul talib tarmidzi tasnim tengku ummi umaimah umairah umi wafa wafiq wahab wahidah wahyudin wani wanie yahaya yasmin yazid yazmin yuhanis yusliza yusmadi yusni zabidah zaharuddin "
    "zahirah zahrah zaidatul zaidi zaiful zaihan zailani zaim zaimah zainah zainuddin zainudin zaiton zaitun zakiah zakuan zaliha zaliza zamani zamira zamree zanariah zarina zarith zawawi zawiyah zubair zubir zuhaila zuhairi zuhairah zul zulaika zulaiha zulfadhli zulfadli zulfahmi zulhelmi zulkefli zulkhairi zullkarnain zunaidah zuraida zuraidah zuraini zurina",
    # What people are called at home.
    "ucup otong entis tejo bejo parno tumini painem wagimin wagiyem sutikno ngadiman sukarti jumirah paimin komeng leha limah dollah usop minah munah bedah peah",
    # Sabah and Sarawak.
    "awangku dayangku jipanis gimbad langgi jelani nyuak jugah entulu unggat jawie mujah linggir jabu masing riot numpang manyin nansian junaidi abang pengiran kadazan gunting dumpangol kitingan pairin maximus dompok bumburing tongging",
    " ".join(_UDDIN),
    " ".join(_ULLAH),
)
#: Tamil, Punjabi and Malayali names of Malaysia and Singapore, given and family alike.
TAMIL = _w(
    "aanandan achuthan ambiga anandan anbalagan annamalai appadurai appasamy arivalagan arjunan arulanandam arulmani arumugam arunasalam arunachalam ayyappan balachandran balakrishnan balamurugan balasingam balasubramaniam bhaskaran chandran chandrasegaran "
    "chandrasekaran chelliah chelvam chinnasamy chitra devadas devaki devarajan dharmalingam dharshini doraisamy durairaj duraisamy elango ganapathy gandhimathi ganesan ganeson ganeswaran gnanam gobind gopal gopalan govindasamy govindaraju gunalan gunasegaran guruswamy "
    "haridas indran indrani jagathesan jayabalan jayakumar jayanthi jayaraman jeevan jeyanthi jothi kalaichelvi kalaivani kalimuthu kamala kamalanathan kanagasabai kandasamy kandiah kannan karthigesu karthik karuppiah karunakaran kaveri kavitha kesavan komathi krishnan krishnasamy kulasegaran kumaran kumaresan "
    "kumari kunasegaran lakshmanan letchumanan letchumi logan logeswaran loganathan maheswaran malathi malliga manickam manimaran manimegalai manivannan maniam manogaran marimuthu mariappan meenachi meenakshi mogan mohanadas mohanan muniandy munusamy murugan murugesan murugiah muthiah muthu muthusamy nadarajan "
    "nagappan nagaraju nagarajan naidu nallamuthu nantha nanthini narayanan narayanasamy navamani navaratnam nithya packiam palani palaniappan palanisamy parameswaran parameswari paramasivam parimala pandian parvathi perumal pillai ponniah ponnusamy pragash prakash premalatha pushpa puspa radhakrishnan ragavan raghavan rajagopal "
    "rajamanickam rajan rajandran rajaratnam rajasegaran rajeswari rajendran rajoo ramachandran ramalingam raman ramanathan ramasamy ramesh rangasamy ratnam ravichandran ravindran renuka rengasamy retnam sagaran samivelu samy santhi saraswathi saraswathy saravanan sarojini sathasivam sathiaseelan sathya segaran selladurai sellappan selvam "
    "selvamani selvan selvarajah selvaraj selvarajoo selvi sethu shanmugam sivabalan sivagami sivakumar sivalingam sivam sivanesan sivapragasam sivaraman sivasamy sockalingam somasundram subashini subramaniam subramaniyam subramanian sundaram sundram suppiah supramaniam suppramaniam suresh tamilselvi thanabalan thanaletchumi thangaraj "
    "thangavelu thavamani theivanai thilagavathy thinagaran thinesh thirunavukarasu thiruchelvam thurairaj thivya uthayakumar vadivelu valliammah vanitha vasanthi vasudevan vasugi veerappan veeramani veerasamy velan vellasamy velu veloo velusamy vengadasalam vigneswaran vijayakumar vijayan vijayaletchumi vimala vinothini viswanathan yogeswaran yogeswary "
    "amarjit amrit baljit balwant baldev daljit gurcharan gurdial gurmit gurpreet harbans harbhajan harjit harpal inderjit jagjit jasbir jaswant karamjit kuldip kulwant manjit mohinder paramjit pritam ranjit sarjit satwant sukhdev surinder surjit tarlochan"
)
#: Single syllables of Chinese names of Malaysia, Singapore and Indonesia.
SYLLABLES = _w(
    "ah beng boey bok chai cheam chek chiang chieng chiew chik chim chok chor chye eik fei fey fook foong gim ging giok giok gaik goay gook guek hak ham heok hiang hiap hoay hoo hsia hua hui huey hwee ie ik "
    "jee jih jit joe joey kaw kay keh kek kew khai kheong khim khoo khye kiam kiew kiong koay koh kooi kuen kuey kui kuok kwee lai leh lek lian liat lih liew lih ling loke looi luan lung mee meow mooi mun nee nyet nyuk nyok ngan ngoh "
    "oon peck peh pek phaik phei piau pick poey pooi por puay pui qi sai seak seet ser shien shih shin shiuh shyan siaw sian siau siew sin siong soh sook soon suan sui suk swee swie sze teck tek teik thean thiam thye tiam tiang tian tiek tiong "
    "toh tong tsui tuan tuck wah wai wee weng wooi wui yah yam yao yap yaw yee yeok yew yih yik yim yin ying yit yoke yoon yoong yuet yuk yun zhi bun hiok hok hwat kiem kiat liong lok njan sing tjay tjoen tjing tjoe"
)
#: Family names of Chinese of Malaysia, Singapore and Indonesia.
CLANS = _w(
    "liem tjan tjhin tjen oei kwee njoo tjoa tjong tjioe thio tio gouw tjia phoa siauw sie teo teoh tey tay thong toh tong tiong tian siow siew saw sia seet sim soo soh quah quek pung poh phua phang pang ooi ong "
    "ngu ngoh neoh mok mah loo loke loh loi liew lew leong lau lai koo koay khor khoo khong kee kam hoo hiew hew heng goh gan foo fong chuah chua chow chou chiam cheong cheng cheah chay chai chai boey beh aw ang"
)
#: Given names that are places or words as well, and names of people first.
FIRST = _w("charlotte victoria santiago marino mariana carolina lourdes nieves catalina lorena luan tati")

#: Words that tell where names are, by what they tell.
CUES: dict[int, tuple[str, ...]] = {
    LABEL: _w(
        "bapa ejen emel penyewa pemohon waris penjamin pemilik pemegang saksi penumpang disediakan disemak disahkan diluluskan dihantar diterima pembayar penjaga pegawai juruwang ahli "
        "wali pewawancara narasumber pemateri moderator disetujui diperiksa mengetahui ditulis penulis pai mae genitor genitora filiacao conjuge morador moradora socio socia "
        "hospede interessado interessada passageiro enfermeira enfermera pasajero huesped interesado conyuge padre madre progenitor comparece compareceu attorney occupant payor grantee grantor decedent spouse darurat emergency emergencia"
    ),
    Flag.TITLE: _w(
        "konstabel koperal superintendan inspektor leftenan pakcik makcik ustazah mejar brigadier komander allahyarham allahyarhamah mendiang arwah almarhum almarhumah "
        "supt sac yb ybhg ybrs sdra ust bripda serda serma serka praka kopda pratu letkol mayor letda lettu kapten komandan kapolri "
        "srita mosen sgto cabo soldado tte cnel arq abog licda profa frei padre pastora missionario"
    ),
    Flag.BEFORE: _w(
        "teknisi montir mekanik juruteknik jururawat perawat bidan rider posmen kurir sopir satpam nasabah pesara pensyarah pegawai kerani juruwang pemandu penunggang penyelia pengurus pekedai nelayan penduduk jiran "
        "akaun akun rekening pengemudi pengendara ojol penumpang konsumen penggugat tergugat jaksa notaris peneliti aktivis wartawan kontraktor hubungi jumpa pemohon pemilik "
        "identificado identificada alias vulgo apodado apodada conhecido conhecida intima-se chamada identified known inmate nicknamed voicemail"
    ),
    CLOSING: ("kasih",),
    # "Faizal bt Ismail"
    Flag.LINK: ("bt", "bte"),
    # What opens a sentence or a line of a form and is nobody.
    Flag.NOT: _w(
        "umur klinik canselor kandung morada fica olha amanha cedula telefono telefone asunto assunto isu aduan tarikh tanggal jumlah catatan pesanan nombor nomor bil "
        "rujukan ejen emel aqui ahora endereco direccion celular"
    ),
    # What is called after a person: foods and drinks, clothes, works, institutions and places, before its name.
    OF: _w(
        "kecap sambal bakso bakmi mie sate kue sirup biskut sos kicap tepung jamu batik gamis hijab tudung novel filem sinetron lagu album majalah candi monumen tugu pantai danau gua benteng museum makam "
        "terminal universiti kolej stesen surau piala buku film sabun ayam nasi mee kompleks restoran rumah leche colonia carro serum sendal teh kopi bumbu rendang laksa kaos "
        "atun aceite galletas turron cerveza vino tequila harina jamon queso yogur muneca perfume bolso zapatillas camiseta pelicula telenovela novela disco monumento estatua palacio cine rio isla volcan cerro represa "
        "sazonador mermelada salsa crema helado cafe chocolate "
        "azeite biscoito bolacha vinho cerveja cachaca farinha sabao boneca camisa sandalia tenis guarana leite arroz feijao filme livro viaduto tunel estadio lojas magazine casas pousada turma escrava carnaval "
        "escuela escola premio premios avenida bulevar autopista"
    ),
    # What stands behind the name of a work or of a thing that bears one.
    Flag.ORG: _w(
        "dvd blu-ray bluray hardcover paperback audiobook soundtrack vinyl trilogy temporada capitulo edicion edicao novela pelicula gibi vinilo libro livro filme cetakan edisi musim cabang brochura "
        "hairbrush eyeliner palette bourbon mattress sheets towels ornament ornaments collectible keychain lunchbox sneaker cruise bridge school elementary highway"
    ),
}
#: Two words in a row that are a work, a figure of one, somebody of history or a brand.
PAIRS = tuple(
    tuple(entry.split())
    for entry in (
        "forrest gump, jerry maguire, bridget jones, mary poppins, oliver twist, david copperfield, tom sawyer, huckleberry finn, sherlock holmes, james bond, indiana jones, lara croft, edward scissorhands, "
        "romeo juliet, thelma louise, bonnie clyde, hansel gretel, antony cleopatra, tristan isolde, robinson crusoe, dorian gray, captain ahab, jay gatsby, hercule poirot, miss marple, mrs doubtfire, "
        "will hunting, annie hall, norma rae, erin brockovich, billy elliot, donnie darko, john wick, jason bourne, jack reacher, ethan hunt, rocky balboa, tony stark, bruce wayne, clark kent, peter parker, "
        "harley quinn, darth vader, luke skywalker, frodo baggins, bilbo baggins, ron weasley, hermione granger, homer simpson, bart simpson, buzz lightyear, scooby doo, bugs bunny, donald duck, daffy duck, hey jude, "
        "george washington, abraham lincoln, thomas jefferson, benjamin franklin, martin luther, washington irving, isaac newton, charles darwin, marie curie, galileo galilei, leonardo vinci, christopher columbus, "
        "hewlett packard, jo malone, mason pearson, dr martens, uncle ben, jack daniel, ben jerry, ford taurus, ford fiesta, ford mustang, jackson hole, charlotte amalie, prince edward, lloyds london, "
        "benito juarez, emiliano zapata, pancho villa, simon bolivar, jose marti, cristobal colon, hernan cortes, rosario castellanos, pedro paramo, "
        "dona barbara, bernarda alba, lazarillo tormes, dona flor, dom quixote, chica silva, getulio vargas, duque caxias, pedro alvares, alvares cabral, vasco gama, juscelino kubitschek, estrella galicia, "
        "don juan, juan tenorio, velez sarsfield, river plate, santo andre, sao bernardo, sao caetano, dona benta, dona ermelinda, rua augusta, gabriela cravo, "
        "siti nurbaya, roro jonggrang, roro mendut, malin kundang, hang tuah, tuah jaya, si pitung, pangeran diponegoro, jenderal sudirman, cut dien, raden kartini, puteri gunung, "
        "mahsuri, ombak rindu, astro ria, gadis kretek, avanza veloz, hari wesak, hari kartini, raya haji"
    ).split(", ")
    if len(entry.split()) == 2
)
