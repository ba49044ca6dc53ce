"""Given names, short forms and family names that registers of Europe and America lack: West, East and Southern Africa,
Java, Sunda, Bali, the Bataks and the Moluccas, Borneo, the Andes and the south of Chile, the highlands of Vietnam; and what
people are called at home in Britain, Spain, Spanish America and Brazil. Data: add to it freely, in lower case, without
accents."""

from __future__ import annotations

GIVEN: tuple[str, ...] = tuple(
    # Ghana and its neighbours
    (
        "kobina kwabla kwamena kwadwo efua ekua aba adwoba akosiwa afriyie serwaa pokuaa nhyira obioma ebere rukayat mariam folasade oluwafemi oluwakemi olamide oluwadamilola ayomide oluwatosin damilola "
        "toluwani adedayo adeola adesola adewunmi adunni modupe morenike oyinkansola olajumoke kolawole gbenga segun chukwudi chukwuma chibuzo chidera chinwe chinyere somtochukwu tochukwu ugochukwu uju nwando onyinye "
        "hadiza ladi talatu bilkisu maryamu nafisa umar "
        # East Africa
        "tumaini zuberi mwanaisha mwajuma mwanahamisi neema furaha pendo upendo bahati shukuru mosi rashidi athumani saidi ramadhani kassim abdallah nyokabi nyaguthii gathoni wairimu wangui wangeci muthoni nduta "
        "kipkemboi kipkoech kiplagat kipruto kiptoo chepkemoi chepkoech chelimo jepchirchir jerotich nafula nanjala wekesa akoth awuor adongo auma apiyo anyango okello opio ocen achan acen alaba wanyama babirye nakato "
        "wasswa kato nalubega nakimuli nansubuga ssemakula mugisha tumusiime ainembabazi uwimana uwase mukamana ndayisenga habimana niyonzima iradukunda ishimwe umutoni ingabire hirut meseret dawit samrawit hiwot mulugeta "
        "getachew alemitu tsegaye yohannes eyerusalem bethlehem tigist kidist mekdes biruk henok natnael "
        # Southern Africa
        "palesa refilwe boitumelo kgosi katlego dineo nkosinathi nonhlanhla nomfundo nosipho ntombi ntombizodwa sizwe vusi vusumuzi sifiso siphiwe siyabonga mfundo mduduzi mthokozisi lungile lwazi ayanda ayabonga "
        "anathi athenkosi yanga zodwa khanyisile keabetswe karabo kgomotso lesedi masego oratile tsholofelo thato tumelo thuso tapiwa tafadzwa kudzai ruvimbo tatenda takudzwa rumbidzai rutendo tanaka tariro vimbai "
        "chiedza kudakwashe mutsa shingai tawanda tonderai blessmore mulenga chanda mutale bwalya chilufya mwila natasha thokozani chikondi chisomo dalitso mphatso tadala yamikani "
        # Francophone Africa
        "ndeye khady binta bakary coumba rokhaya mame astou fatou djibril mbaye assane lamine souleymane adama salimata kadiatou hawa oumou nana awa aissatou issa yaya zakaria abdoulaye boubacar "
        # Britain and Ireland, as people are called
        "gaz shaz daz dazza shazza jaz loz maz taz caz deano robbo jonno davo macca wozza gav bazza carys emrys ailsa ceri eleri ffion gethin nerys tegan rhiannon eluned iestyn ieuan macsen tomos "
        "blathnaid clodagh dearbhla eimear fiadh grainne muireann orlaith sadhbh sinead caolan cathal colm darragh donnacha eoghan fiachra lorcan odhran oisin ruairi senan "
        # Spain and Spanish America
        "paqui pepi bego juani juanjo juanma josema josemi guille chepe licha chela chabela tencha nacha pacorro curra charito rosarito carmencita loles mamen marisa marijose maricarmen marijo mariangeles fuensanta "
        "yuleidy yuleimy yusleidy yorlady yuliana yurani leidis yeison yerson yojan duvan esneider jhonny jhonatan franklyn maykel maikol michell osmany osniel yadier yoandri yoel yosvany yanet yaneth yaritza yajaira "
        "tonatiuh cuauhtemoc citlalli xitlali ixchel izamal quetzalli tlaloc tupac inti amaru illari killa sumaq wayra nahuel lautaro ayelen malen millaray rayen antilaf "
        # Brazil
        "tonhao jucileide wellyson eliete gildasio adamastor nonato luizinho ricardinho neguinho genilson francinaldo francisca francineide edinalva ednalva ivaneide maricleide rosicleide lucineide josineide claudineia "
        "claudinei valdinei vanderlei wanderlei wandercleia cleidiane cleidson cleiton clayton kelcilene keila keity lucimar lucimara luzinete marlucia marineide neidinha nivaldo orivaldo osvaldina raimunda sebastiana "
        "severina sinval tarcisio ubirajara ubiratan jandira jupira moacir peri potira jaci iara guaraci wellerson weverton welisson gleidson gleiciane taynara thayna thaissa rayane rayanne kauan kaue kaua enzo "
        # Java, Sunda, Madura
        "jajang tatang aceng encep cecep iip ucu yayat engkos neneng enung eneng ikah ujang ade dede entin eti euis iis ikin kokom nonoh onah oneng tini titi wiwi yeyet yoyoh nana nunung nenden nanang tuti narti "
        "sukijan tukiyem tukijo sutinah sugeng sugiyo sugiarto sugiyanto suparti suparno sumiyati suminten ponimin ponijan ponijo tukiran legiman legini lasmi lasmini lasiyem kasinem kasiyem karto kromo parmin parjo "
        "parjiyem ngatinem ngadimin ngadiman ngatiman ngatmi juminten jumiyem kliwon harti hartini sarmi sarmini darmi darminah surti surtini sarinem sarinah painah painah paijah pariyem wasinah wasini wagini waginem "
        "wakijan mujiyem mujirah misnah misnati saminah samini saniyem satinah satiyem satini tumini tuminah tumirah warsini warsinah watini yatmi yatmini yatiyem "
        # Bali, the Bataks, the east
        "kadek cokorda sagung komang poltak togar tigor butet tiur tiurma rotua rouli hotma hotmaida tiarma kornelis dominggus bernadus ferdinan terens ricky yafet yeremia yosafat marthen marthinus melkianus melkias "
        "oktovianus otniel yulianus yuliana wempi welem welmince wilhelmina agustina apolonia fransiskus yohana yohanis thobias tobias "
        # Borneo and the peninsula
        "ungau lawai bujang empiang kumang jugah entri lajim gimbang mahadzir letchumy kaliamma mariayee muniamma senik meksom mekyah nikmat rokiah rohayah saripah siti hasnah hasmah maznah normah rosmah rubiah salbiah "
        "zaiton zaharah zainun zubaidah jamaliah kamariah khatijah "
        # Peoples of Vietnam
        "hmok eban rcham hbia hbiak hlinh hnhiem"
    ).split()
)

FAMILY: tuple[str, ...] = tuple(
    (
        "frimpong lamptey nortey agyemang ampofo ankomah antwi acheampong addo akuffo amponsah asiedu awuah baidoo bediako danquah dapaah donkor gyamfi kwarteng nkansah nkrumah ntim obeng oppong quansah yeboah yirenkyi "
        "tetteh tettey adebanjo adegoke adeyemi afolabi akinola akintola alabi ogunleye ogunbanjo okafor okonkwo okorie onwudiwe nwachukwu nwankwo eze ezeh igwe ibekwe uzor danladi "
        "mukendi tshibangu ilunga kasongo ngoy mbuyi kalala nzuzi kabila lubamba mbemba mutombo tshimanga konate seck sow camara drame fofana sangare dembele kouyate doumbia bamba kouassi kouame koffi yao nguessan "
        "chikwanha mutasa mapfumo chigumba mavhunga zvobgo mugabe zulu cele zungu buthelezi hadebe khoza kubheka madonsela mahlangu makhanya maseko mazibuko mchunu mdluli mnguni mthethwa mtshali ndaba ngcobo ngubane "
        "nkosi ntuli nxumalo radebe shezi sibiya sithebe skosana tshabalala vilakazi xaba mabaso shabalala gumede molefe mokoena mofokeng moloi motaung tau phiri banda chirwa mwale nyirenda tembo zimba "
        "condori ticona apaza ccori yupanqui huanca huaman choquehuanca copa cusi flores mayta nina poma quenta sirpa tito villca calfu huenchu huenchullan huenchumil curihual curiqueo ancamil antileo catrileo "
        "cayuqueo conuepan llancao llanquileo marileo melinao millapan nahuelpan painemal quilaqueo "
        "wolo simbolon hutabarat sihombing siregar nasution simanjuntak sitompul manurung panjaitan silalahi tambunan sinaga damanik ginting sembiring tarigan sitepu hutagalung hutapea lumbantobing nainggolan napitupulu "
        "pakpahan pardede pasaribu rajagukguk sianturi siahaan sibarani siburian sidabutar sihotang simamora simarmata simatupang sirait situmorang tampubolon tobing kaban bangun barus surbakti lumban manalu manik "
        "latuconsina pattimura pattiasina sahetapy tuhuteru wattimena lekatompessy manuputty nikijuluw sapulete kambu wanggai yoku kogoya wenda tabuni gobay pigai mote puhiri kayame mandacan rumbiak rumaropen "
        "majimbun ongkili masidi kitingan kpa ksor rmah siu kbuor mlo nie"
    ).split()
)
