"""Words that tell where names are, by language. Data: add to it freely. All Latin ones in lower case, no accents."""

from __future__ import annotations

from governance.names import cues_names, plain_words
from governance.names.lexicon import Flag

# What is known of a word beyond `Flag`.
SAYS = 1 << 16  # what people do: "said", "shouted", "lives"
LABEL = 1 << 17  # "Name", "Nombre", "Penerima": a colon and a name follow
AT = 1 << 18  # "in", "dari", "em": a place follows rather than a person
CLAN = 1 << 19  # Chinese and Korean family names: syllables of given names follow
SYLLABLE = 1 << 20  # single syllables of Chinese and Vietnamese names
TALK = 1 << 21  # "I", "my", "saya": somebody is speaking, so names without capitals are likely
SAINT = 1 << 22  # San, Santa, New: with what follows a place
OF = 1 << 23  # "Hospital", "Jalan", "phường": what is named after it is no person
SURNAME = 1 << 27  # family names that are words, and names first behind a given one: "brown", "baker"
NAMER = 1 << 26  # "name", "llamo": a name follows, after "is" and the like
VIET = 1 << 25  # who is spoken of in Vietnamese: "chị", "bác sĩ", "bệnh nhân nam"
CALL = 1 << 24  # what a customer or friend is called: "kak", "seu"; a name without capitals follows


def _w(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: Words before which or after which, or by which, names stand or do not stand.
LATIN: dict[int, tuple[str, ...]] = {
    Flag.TITLE: _w(
        "mr mrs ms miss mx dr prof professor doctor sir madam madame mme mlle monsieur lady lord captain capt sgt "
        "sergeant lt lieutenant col colonel gen general maj major officer detective inspector judge justice senator "
        "sen rep congressman congresswoman governor gov president chancellor minister mayor king queen prince "
        "princess pope father fr sister brother bro uncle aunt auntie grandma grandpa reverend rev rabbi pastor "
        "bishop archbishop coach nurse attorney agent ambassador secretary chairman dato datuk tan tun encik puan "
        "cik tuan haji hajjah "
        "sr sra srta senor senora senorita don dona doctora dra ing lic licenciado licenciada ingeniero profesor "
        "profesora presidente presidenta ministro ministra alcalde alcaldesa gobernador gobernadora juez fiscal "
        "diputado diputada concejal senador senadora portavoz delantero entrenador tecnico futbolista rey reina "
        "principe papa padre hermano hermana tio tia cura obispo general capitan coronel comandante "
        "seu senhor senhora professor professora doutor doutora engenheiro engenheira prefeito prefeita governador "
        "governadora deputado deputada vereador desembargador desembargadora relator relatora juiz juiza advogado "
        "advogada ministro ministra delegado delegada "
        "bapak bpk pak ibu bu mas mbak bang kak kakak saudara saudari sdr sdri tuan nyonya nona ustaz ustad kyai kh "
        "habib gubernur bupati walikota menteri presiden jenderal letjen mayjen brigjen kolonel kombes akbp kompol "
        "akp iptu ipda aiptu aipda bripka briptu kasat kapolsek kapolda asp dsp acp insp supt sarjan cikgu pn peguam ustazah "
        "kapolres akbp sgt profesor tn ny nn tuanku seri hlv camat lurah des min hj ajun komisaris ketua wakil sekretaris direktur dokter drg drs prof ir hj raden syekh sultan "
        "ong ba anh chi em co chu bac cau thay be cu gs ts pgs ths bs nsnd nsut "
        "г-н г-жа господин госпожа господина госпоже тов товарищ президент министр премьер депутат директор режиссер "
        "актер актриса певец певица писатель поэт художник адвокат судья генерал полковник майор капитан губернатор "
        "мэр глава тренер профессор академик доктор журналист журналистка корреспондент сенатор канцлер тетя дядя "
        "гражданин гражданка господином президента министра президентом министром главы главой спикер лидер лидера "
        "herr frau dhr mevr signor signora sig dott"
    ),
    Flag.ORG: _w(
        "logistics freight traders trading foods pharma pharmaceuticals labs laboratories media capital ventures energy electric "
        "steel chemicals textiles industries enterprises consulting consultants solicitors associates federation parliament police "
        "gallery orchestra arena ltda eireli seguros transportes construcciones laboratorios "
        "inc ltd llc corp corporation company co gmbh plc sa ag university college school institute bank hospital "
        "hotel church museum airport station stadium theatre theater library association committee council ministry "
        "department agency commission foundation trust club fc united city county state act party league cup award "
        "awards festival records entertainment studio studios group holdings partners insurance airlines motors "
        "systems technologies software solutions services center centre house building tower mall store shop "
        "restaurant cafe bar island islands mountain lake river bay beach park bridge valley hills airport news "
        "times post journal magazine tv radio channel network series season episode edition collection set kit "
        "table chair sofa bed lamp rug shelf cabinet desk dresser mirror stool bench sectional recliner ottoman "
        "banco universidad universidade hospital hotel instituto ministerio ministerio tribunal comision comissao "
        "asociacion associacao fundacion fundacao club clube partido federacion federacao liga copa empresa grupo "
        "compania companhia rede estadio aeropuerto aeroporto escuela escola colegio iglesia igreja camara senado "
        "universitas rumah sakit kementerian dinas partai badan komisi lembaga yayasan masjid bandara stasiun "
        "sekolah pt cv tbk kabupaten kota provinsi kecamatan kelurahan desa pulau gunung sungai "
        "cong ty benh vien truong dai hoc ngan hang uy ban bo tinh thanh pho quan huyen phuong xa "
        "ооо зао оао пао ао банк университет институт больница театр музей компания завод фонд партия клуб"
    ),
    Flag.BEFORE: _w(
        "by with from to for named called call tell told ask asked contact meet met dear hi hello hey thanks thank "
        "regards sincerely cheers am is attn cc signed customer client user patient employee resident buyer seller "
        "recipient sender holder landlord landlady neighbour neighbor waiter waitress barber guide plumber nanny niece nephew cousin fiance fiancee tenant husband wife son daughter brother sister mother father friend partner boss manager "
        "actor actress singer author writer director producer guitarist drummer bassist vocalist player striker "
        "goalkeeper driver teacher student lawyer analyst spokesman spokeswoman founder ceo cfo name names "
        "name's i'm its it's and says said including applicant officer owner borrower colleague manager ms producer "
        "novelist engineer midfielder defender winger forward sprinter economist goalkeeper photographer architect designer "
        "gelandang penyerang kiper bek penulis pengamat pengacara jubir anggota kepala dosen guru pengusaha pedagang petani mahasiswa "
        "karyawan peniaga pelajar pengerusi timbalan mangsa tertuduh suspek bekas penjaga jurulatih penyanyi pelakon pengarah "
        "volante defensa portero mediocampista zaguero arquero tenista ciclista consejera consejero jueza escritora escritor "
        "novelista poeta pintor periodista empresario abogada abogado zagueiro atacante goleiro meia lateral escritor jornalista "
        "empresario suspeito vitima reu testemunha paciente "
        "por con para llamado llamada llama llamo soy de segun entre nombre cliente paciente actor actriz cantante "
        "director directora autor autora esposa esposo marido hijo hija hermano madre padre amigo amiga jugador "
        "com chama chamo sou nome segundo ator atriz cantor cantora diretor diretora autora marido filho filha irmao "
        "mae pai amiga jogador tecnico "
        "oleh dengan kepada dari nama bernama namanya saya istri suami anak aktor aktris penyanyi sutradara pemain "
        "pelatih kata ujar tutur bersama korban tersangka terdakwa pelaku saksi warga "
        "locador locadora locataria locatario arrendador arrendadora arrendatario arrendataria inquilino inquilina fiador fiadora contratante proprietario "
        "proprietaria comprador compradora penyewa "
        "garantiu contou relatou disse afirmou explicou lamentou lembrou completou declarou criticou ressaltou destacou comentou perguntou "
        "respondeu alertou admitiu contra dijo afirmo explico lamento aseguro senalo declaro anadio agrego conto relato recordo destaco "
        "comento pregunto respondio advirtio sentencio detenido acusado acusada investigado menor adolescente bn "
        "ten cua voi cho gap goi dien vien ca si nhac si tac gia dao dien cau thu huan luyen vien benh nhan nghe si "
        "от для с по зовут имя клиент клиента сказал заявил сообщил муж жена сын дочь друг"
    ),
    Flag.AFTER: _w(
        "said says say told tells asked asks wrote writes added adds replied called calls emailed joined lives lived "
        "works worked was is has had will would can came went got gave took made born died 's who whose jr sr "
        "ii iii phd md esq thinks wants likes loves sings plays scored won "
        "dijo dice declaro explico senalo aseguro afirmo anadio agrego indico reconocio comento es fue ha tiene "
        "disse diz afirmou declarou explicou contou lembrou e foi tem esta "
        "mengatakan menyatakan menjelaskan menuturkan mengaku menambahkan mengungkapkan adalah telah akan juga yang "
        "menyebut menegaskan membantah berharap "
        "noi cho biet la da se cung chia se tra loi khang dinh "
        "сказал сказала заявил заявила сообщил сообщила отметил отметила рассказал рассказала считает говорит "
        "подчеркнул добавил пояснил был была родился родилась"
    ),
    Flag.LINK: _w(
        "de da do dos das del della du la le les van von der den ter ten bin binti binte al el ul bint af zu ibn san anak alias"
    ),
    Flag.ROAD: _w(
        "street st avenue ave road rd boulevard blvd lane ln drive dr court ct place pl square sq terrace way "
        "highway hwy parkway pkwy close crescent circle cir trail trl alley mews row plaza rue calle avenida "
        "carrera rua travessa alameda jalan jl gang via strasse strada ulica estrada rodovia largo travessa praca plaza"
    ),
    Flag.NOT: _w(
        "nik umid crn sss tin npwp ktp kk cpf cnpj rg rfc curp nif nie dni ruc rut nit cuit cuil bvn aadhaar ssn ein iban swift bic imei iccid oaid "
        "idfa nric passport sku isbn ean upc gtin awb faq pdf usb hdmi led lcd cvv otp pin atm qr url ip cod resi spf uv api vip "
        "kesehatan keuangan pendidikan perhubungan pertahanan pertanian perdagangan perindustrian kehutanan sosial agama hukum bumn "
        "kewangan kesihatan pengangkutan pelajaran belia wilayah dalam luar "
        "oab atte secretaria cpf cnpj npwp ktp nif curp rut crm rt rw date "
        "sdt thcs thpt vov vtv cccd cmnd "
        "telp tel tlp hp wa fax email mail ola olá jl jln ruko lorong wi-fi wifi efe afp ap ansa dpa xinhua reuters antara hcm ubnd "
        "domicilio localidad episodio sexo edad fecha varon mujer nhc cipa nss dni ncol nºcol colegiado especialidad "
        "iban bot pin otp sms url faq vip ceo cfo cto faq asap usps ups dhl fedex "
        "i i'm i'll i've i'd a an the this that these those it he she they we you my your his her our their its and "
        "or but if when while what who where why how which please thanks thank hello hi hey dear yes no not ok okay "
        "all any some most many other another such there here then now today tomorrow yesterday monday tuesday "
        "wednesday thursday friday saturday sunday january february march april june july august september october "
        "november december christmas easter god christ lord internet google facebook apple amazon microsoft "
        "twitter youtube samsung sony nokia canon iphone ipad android windows linux netflix disney islam muslim "
        "christian jewish catholic english chinese japanese french german american british indian european african "
        "asian north south east west northern southern eastern western central new old great big little good bad "
        "best first last next one two three four five six seven eight nine ten hundred thousand million street "
        "avenue road usa uk eu un us am pm dvd cd tv pc "
        "el los las un una unos unas este esta estos estas ese esa eso en con por para pero como cuando donde que "
        "quien si no muy mas tambien ya hoy ayer manana lunes martes miercoles jueves viernes sabado domingo enero "
        "febrero marzo abril mayo junio agosto septiembre octubre noviembre diciembre segun tras ante desde "
        "sin sobre entre hasta san santa santo "
        "os as um uma uns umas ele ela eles elas em com mas nao sim muito mais hoje ontem segunda terca quarta "
        "quinta sexta janeiro fevereiro abril maio junho julho setembro outubro novembro dezembro apos "
        "tribunal recurso processo lei artigo estado uniao ministerio relatorio acordao sao brasil "
        "ini itu dan atau tetapi tapi saya kami kita anda dia mereka ada tidak bukan sudah akan juga jika karena "
        "untuk dengan pada dari di ke yang dalam oleh senin selasa rabu kamis jumat sabtu minggu januari februari "
        "maret mei juni juli agustus oktober desember indonesia jakarta "
        "toi ban chung nay kia do khong co la va voi cua cho trong ngoai tren duoi khi neu thi nhung cac mot hai ba "
        "bon nam sau bay tam chin muoi viet ha noi sai gon tp thanh pho ngay thang "
        "и в на с по из за от до не но а что как это этот эта эти он она они мы вы я ты все так же при для под над "
        "или если когда где россия россии москва москве москвы санкт петербург сша украина украины европа госдума "
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
    ),
    Flag.MONO: _w(
        "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh truong dao trinh doan mai lam "
        "luong cao to ta thai phung quach chu ha luu chau trieu vuong kieu khuc nghiem diep"
    ),
    Flag.WORD: _w(
        "jesus longo capa vara saude moda verao inverno preto preta branca branco rosa azul verde ouro prata flor flores monte luz paz "
        "campo campos pinto leite mata "
        "leao vale lago ponte torre castelo doce amargo contas rojo roja "
        "masculino masculina feminino feminina estampado infantil adulto kit jogo panela panelas copo prato faca garfo colher "
        "lencol toalha cama mesa banho sofa cadeira estante luminaria tapete cortina brinquedo boneca carrinho bicicleta celular "
        "carregador fone cabo pelicula relogio oculos bolsa mochila tenis sandalia bota meia calca camiseta blusa saia vestido "
        "manga larga corta fiesta algodon sabanas mesa centro cajones juego set zapatillas negro negra blanca gris marron crema aceite "
        "jabon champu vaso plato cuchara tenedor silla sillon lampara alfombra cortina juguete muneca coche reloj gafas bolso "
        "mochila botas falda pantalones abrigo chaqueta cinturon bufanda guantes sombrero gorra anillo collar pulsera pendientes "
        "soledad virgen olivo oliva marino marina perro gato caballo toro vaca cerdo gallo gallina pollo pescado carne leche queso "
        "pan vino cerveza arroz sal azucar cafe miel manzana naranja limon pera uva fresa cereza durazno pina sandia "
        "ministerio ayuntamiento congreso senado tribunal supremo fiscalia guardia civil nacional policia ejercito universidad "
        "wanita pria anak terbaru bahan katun asli original warna hitam putih merah biru hijau kuning coklat ungu abu motif "
        "polos lengan panjang pendek tudung bawal premium pek jimat paket hemat murah borong grosir eceran ready stok "
        "pinggan mangkuk cawan kipas periuk kuali bantal selimut cadar langsir karpet almari rak kasut selipar beg jam tangan "
        "gelang rantai cincin anting baju seluar kain songket batik sutera kapas benang jarum butang zip "
        "do thun nam nu co tron tay ngan dai ao quan vay dam giay dep tui vi mu non kinh dong ho noi chao bep tu lanh may giat "
        "dieu hoa ti vi dien quat den ban ghe giuong nem chan ga goi rem tham guong san pham tot dong can than nhanh "
        "nuoc mam tuong ot dau muoi duong sua banh keo mi bun pho com xoi che tra ca phe bia ruou trai cay rau thit ca tom cua "
        "nya nyaa jaga saran gigi kena indah koko tanya mandi yaa hal utama jaya pria bangun karyawan lemari cemilan kesan "
        "bercak ember mak eco griya kaya tai titik salam dana polis daerah bayaran barangan tudung "
        "kamar bagus oke cuman cuma karna murah makan makanan minum kotor meja kursi keran sisi cari mandi salah air "
        "panas dingin bersih nyaman hotel handuk sprei selimut bantal kasur lantai dinding pintu jendela lampu listrik "
        "sabun sampo wangi bau rokok asap nyamuk kecoa semut parkir parkiran motor mobil jalan dekat jauh lokasi "
        "strategis harga mahal pelayanan pelayan staf staff resepsionis ramah sopan cepat lambat lama tunggu sarapan "
        "menu enak lezat hambar kopi teh susu gula nasi ayam sapi ikan sayur buah goreng bakar kuah pedas manis asin "
        "barang pesanan paket kirim pengiriman kurir penjual pembeli toko ukuran warna bahan kualitas rusak cacat "
        "retur ganti uang bayar transfer rekening diskon promo gratis ongkir alamat nomor nama tolong mohon maaf "
        "terima kasih selamat pagi siang sore malam hari bulan tahun minggu kemarin besok tadi sekarang nanti sangat "
        "sekali banget cukup kurang lebih lumayan sih dong deh kok aja saja gak nggak tidak jangan belum sudah bisa "
        "boleh harus mau ingin suka senang kecewa puas sesuai foto gambar aplikasi pesan overall recommended tempat "
        "ruang ruangan luas sempit kecil besar tinggi rendah baru rapi wifi sinyal kencang mati hidup nyala rumah "
        "orang anak ibu bapak keluarga teman tetangga tamu penginapan menginap nginap cek masuk keluar turun naik "
        "lift tangga kolam renang gym taman pantai gunung masjid pasar mall warung semoga mantap mantul keren jelek "
        "parah bocor pecah longgar sobek tipis tebal lembut halus kasar ringan berat muat pas kebesaran kekecilan "
        "model motif jahitan kancing resleting saku lengan kerah celana baju kaos kemeja jaket sepatu sandal tas "
        "kulkas kipas mesin cuci setrika kompor panci wajan piring gelas sendok botol tutup daun ranting akar kamarnya "
        "tempatnya harganya pelayanannya barangnya ukurannya warnanya bahannya enaknya acara warga polisi kasus korban "
        "pihak menurut selain namun sementara sebelumnya setelah ketika saat meski walau bahkan sebab akibat hasil "
        "masyarakat pemerintah negara presiden menteri rapat sidang pemilu partai calon pasangan tim pemain gol laga "
        "babak pelatih juara musim klub bola film lagu konser penonton rp juta miliar triliun persen "
        "hotel hoteles habitacion habitaciones desayuno cena comida precio precios calidad producto productos envio "
        "pedido pedidos tienda cliente clientes servicio atencion gracias buenos buenas dias tardes noches hola bueno "
        "buena malo mala excelente perfecto perfecta rapido rapida llego llegaron recomiendo recomendado compra compre "
        "color talla tela zapatos camisa pantalon bolsa caja paquete entrega repartidor direccion telefono numero "
        "correo nombre apellido casa calle ciudad barrio piso puerta empresa gobierno presidente ministro partido "
        "policia agua tiempo vida mundo anos semana mes hora minutos euros pesos dolares mientras ademas aunque "
        "durante despues antes siempre nunca todo toda todos todas cada otro otra otros nuestro nuestra su sus mi mis "
        "tu tus hay ser estar tener hacer puede pueden debe asi aqui ahi alli vez veces primera primero ultima ultimo "
        "produto produtos entrega pedido loja cliente compra comprei qualidade preco prazo chegou recebi recomendo "
        "otimo otima bom ruim pessimo rapida rapido obrigado obrigada bonito bonita caixa pacote "
        "endereco telefone numero nome casa rua cidade bairro andar porta empresa governo presidente ministro policia "
        "agua tempo vida mundo anos semana mes hora minutos reais tambem ainda depois antes durante sempre nunca tudo "
        "todos cada outro outra nosso nossa seu sua seus suas meu minha foi ser ter fazer pode podem deve assim aqui "
        "vez vezes primeira primeiro ultima ultimo segundo voto decisao acao pedido autor reu parte partes sentenca "
        "agravo apelacao embargos ministerio publico federal estadual municipal fls art inciso paragrafo caput turma "
        "camara vara juizo comarca secao data assunto origem relator revisor requerente requerido impetrante "
        "san phong khach san sach dep tot gia hang giao nhanh cham shop mua ban ao quan giay tui mau size chat luong"
    ),
    Flag.GREET: _w(
        "hi hello dear hey i'm named called signed sincerely regards name's attn llamo llama llamado llamada chamo chama "
        "hola ola querido querida estimado estimada prezado prezada caro cara gracias obrigado obrigada kasih terimakasih makasih agradeco felicitar parabens felicidades "
        "felicitaciones enhorabuena congrats congratulations bernama namanya halo hai yth зовут "
        "здравствуйте уважаемый уважаемая имени chao"
    ),
    Flag.PLACE: _w(
        "roma santos lisboa burgos lugo leon cordoba granada merida toledo segovia avila soria jaen cadiz murcia alicante gerona "
        "girona lleida bilbao vitoria pamplona oviedo gijon vigo pontevedra zamora salamanca caceres badajoz huelva almeria malaga "
        "quito lima cali medellin cartagena barranquilla cusco arequipa trujillo piura mendoza rosario salta tucuman rancagua "
        "temuco valdivia concepcion monterrey guadalajara puebla tijuana veracruz oaxaca chiapas jalisco sonora sinaloa durango "
        "porto braga coimbra faro aveiro setubal evora salvador recife fortaleza manaus belem curitiba niteroi sorocaba campinas "
        "osasco londrina joinville blumenau natal maceio teresina goiania cuiaba palmas ilheus contagem uberlandia "
        "jakarta bandung bogor bekasi depok tangerang semarang surabaya malang solo yogyakarta medan padang palembang lampung "
        "makassar manado denpasar kupang ambon jayapura banjarmasin balikpapan samarinda pontianak sleman bantul garut cianjur "
        "klaten kudus blitar kediri madiun jember banyuwangi gresik sidoarjo ubud gianyar papua aceh riau jambi bengkulu "
        "klang ipoh penang melaka kedah perak johor pahang kelantan terengganu perlis sabah sarawak selangor putrajaya kuching miri "
        "muar kajang ampang cheras seremban taiping kulim kluang kota damansara "
        "england scotland wales ireland kent essex surrey sussex devon cornwall york lancaster lincoln chester boston cleveland "
        "houston denver dallas austin memphis detroit oakland toronto ottawa calgary halifax melbourne sydney perth adelaide "
        "brisbane canberra hobart nairobi lagos accra kampala durban pretoria cairo casablanca tunis riyadh jeddah doha tehran "
        "baghdad kabul karachi lahore delhi mumbai chennai kolkata dhaka colombo kathmandu bangkok manila cebu davao tokyo osaka "
        "seoul busan beijing shanghai shenzhen taipei parma bologna verona torino milano napoli siena lyon nice cannes leeds "
        "bayern hamburg bremen essen parana bahia ceara goias acre para sergipe alagoas amapa roraima rondonia tocantins"
    ),
    Flag.PROPER: _w(
        "bloomberg ford dyson nando milo chanel dior gucci prada armani versace adidas reebok puma philips siemens bosch braun "
        "honda toyota suzuki mazda hyundai kia nissan ferrari porsche mercedes benz audi volkswagen chrysler tesla boeing marvel "
        "nestle kellogg cadbury hershey heinz starbucks wendy's mcdonald's domino's walmart tesco aldi lidl ikea zara mango shein "
        "lazada shopee tokopedia gojek grab barclays hsbc lloyds santander visa mastercard paypal netflix spotify tiktok "
        "instagram whatsapp telegram zalora traveloka pertamina petronas maybank mandiri telkom indosat vodafone movistar claro "
        "natura boticario magalu mercado olx rappi ifood uber lyft airbnb hilton marriott hyatt sheraton ritz-carlton hermes cartier "
        "tiffany rolex omega casio seiko canon nikon fujifilm panasonic sharp hitachi toshiba lenovo asus acer dell oppo vivo xiaomi "
        "huawei realme garmin fitbit gillette colgate palmolive dove nivea loreal maybelline revlon clinique lancome guerlain "
        "wilson spalding callaway titleist mizuno yonex lego mattel hasbro barbie pixar dreamworks crayola fisher-price huggies "
        "pampers gerber tupperware pyrex corelle tefal tramontina rowenta moulinex electrolux whirlpool bosch miele smeg dewalt "
        "makita stanley black decker husqvarna goodyear michelin pirelli bridgestone shell texaco chevron exxon repsol olympikus motorola"
    ),
    Flag.SUFFIX: _w("jr sr ii iii iv phd md dds esq cpa mba dvm jnr snr filho sobrinho"),
    SAYS: _w(
        "spent listed gave wins loses lost beats runs leads writes owns bought sold drives drove visited met "
        "said says tells told asked asks shouted shouts whispered cried laughed smiled replied wrote writes explained "
        "lives lived works worked began thinks thought knows knew believes believed wants wanted likes loves loved married "
        "ordered paid signed called phoned emailed texted moved grew sings sang plays played scored won beat died born "
        "insisted warned admitted denied declined confirmed argued told spoke walked sat stood ran arrived joined resigned "
        "teaches taught studies studied nodded shrugged apologised apologized complained requested "
        "dijo declaro afirmo explico senalo aseguro comento anadio agrego murio nacio vive trabaja pidio marco confia "
        "disse afirmou declarou explicou contou comentou nasceu morreu mora trabalha pediu "
        "mengatakan menyatakan menjelaskan menuturkan mengaku mengungkapkan menyebut menegaskan ujar ujarnya kata berkata "
        "tinggal lahir dilahirkan meninggal bekerja noi bao sinh"
    ),
    LABEL: _w(
        "name names named fullname firstname lastname surname firstname client customer patient recipient sender contact attn "
        "attention user passenger guest cardholder holder applicant employee author authors payee buyer seller by signed "
        "doctor physician nurse witness winner captain photo scorers goals attendees participants convocados asistentes presentes socios peserta from to dear agent traveller traveler beneficiary "
        "nombre nombres apellido apellidos medico paciente cliente titular destinatario remitente firmado firma autor autores "
        "autora correspondencia contacto goles remitido responsable foto entrevista solicitante beneficiario recibe atte "
        "nome sobrenome relator relatora relatores agravante agravado agravada recorrente recorrido recorrida advogado advogada "
        "advogados apelante apelado apelada impetrante impetrado requerente requerido autor reu embargante embargado paciente "
        "perito testemunha testemunhas destinatario remetente contato assinado procurador procuradora revisor revisora "
        "nama penerima pengirim pemesan pasien pelanggan pembeli pelapor atas an kepada untuk dari penghantar pesakit dokter "
        "ten nhan gui benh khach hang ho tac gia nguoi chu"
    ),
    AT: _w(
        "in from at near into toward towards via visit visited leaving outside around across of "
        "en desde hacia em no na nos nas pelo pela di ke dari se tai o den ve ben que"
    ),
    SAINT: _w(
        "san santa santo sao saint st new nueva nuevo nova novo los las el la rio monte puerto porto fort mount lake nossa senhora virgen virgem"
    ),
    OF: _w(
        "hospital hotel hotels universidad universidade universitas universiti university banco bank museo museu estadio stadion "
        "stadium instituto colegio escuela escola teatro plaza praca calle avenida rua parque aeropuerto aeroporto iglesia "
        "igreja catedral fundacion fundacao club clube real atletico deportivo sporting partido partai parti liga copa kota "
        "kabupaten kecamatan kelurahan desa provinsi pulau gunung sungai bandara masjid jalan jl jln gang gg lorong taman kampung "
        "kampus kawasan gedung rumah sakit warung toko pasar mall pt cv tbk ooo jalan persiaran lebuh lebuhraya bukit sungai pekan "
        "daerah negeri majlis lembaga syarikat sekolah sdn bhd pangsapuri municipio prefeitura comarca municipio estado ciudad "
        "cidade provincia villa vila barrio bairro colonia duong pho phuong quan huyen xa tinh tp thon ap ngo ngach hem truong "
        "dewan majelis komisi stadion kejaksaan pengadilan "
        "vien cong ty khu toa chung cu thanh ban quoc tinh bo nha "
        "st bank club marca street church museum college institute jr"
    ),
    TALK: _w(
        "i i'm im i've my me mine you your u ur we our us omg lol pls plz hey hi hello thanks thank "
        "yo mi mis tu te soy estoy tengo quiero hola gracias eu meu minha voce vc sou estou quero oi ola obrigado obrigada "
        "saya aku gue gw kamu kak min mbak mas gan sis nama halo makasih saya nak dah order "
        "em toi minh chi anh giup"
    ),
    CALL: _w(
        "mr mrs ms miss dr don dona seu sra sr kak kakak mbak mas pak bu bang abang puan encik cik tuan sis chi anh em ong ba co chu bac "
        "name's named call called dear hi hello hola oi ola hai halo birthday parabens cumple feliz happy omg thanks gracias soy sou a.n nama "
        "llamo chamo bernama ten love miss salam"
    ),
    SURNAME: _w(
        "brown white black green gray grey king hill baker cook turner parker carter cooper butler clark clarke bell wood woods ward price "
        "bennett foster hunter stone wells knight marshall mason walker wright miller carpenter fisher porter gardner weaver fox wolf ford "
        "bishop cross hall rivers brooks barber cole reed lamb swan young perry gordon ross jordan bryant russell griffin hayes myers graham "
        "sullivan wallace west owens reynolds fisher ellis gibson mcdonald cruz ortiz gomez murray freeman wells webb simpson stevens tucker "
        "hicks crawford henry boyd kennedy warren dixon ramos reyes burns gordon shaw holmes rice robertson hunt daniels palmer mills nichols "
        "grant ferguson rose stone hawkins dunn perkins hudson spencer gardner payne pierce berry matthews arnold wagner willis ray watkins "
        "olson carroll duncan snyder hart cunningham bradley lane andrews ruiz harper fox riley armstrong weaver greene lawrence elliott chavez "
        "sims austin peters kelley franklin lawson flores santos silva oliveira costa lima rocha leite pinto campos castro rojas rios"
    ),
    NAMER: _w("name names nombre nome nama llamo chamo bernama namanya ten"),
    VIET: _w(
        "ong ba anh chi em co chu bac cau mo di duong thay be con chau cu ban si giao su nhan vien ta uy cao can pham truong tich doc tuong "
        "on cua nam nu ten la nhac tho vo chong me bo trai gai hai luat dan tang linh muc su hlv nghi phuong khach hang"
    ),
    CLAN: (*cues_names.CHINESE_FAMILY, *cues_names.KOREAN_FAMILY),
    SYLLABLE: tuple(cues_names.SYLLABLES),
}
#: Names written down by hand, by what they are.
OWN: dict[int, tuple[str, ...]] = {
    Flag.GIVEN: tuple(cues_names.MALAY),
    Flag.FAMILY: tuple(cues_names.INDONESIAN_FAMILY),
    Flag.GIVEN | Flag.FAMILY: (*cues_names.WORLD, *cues_names.IBERIAN, *cues_names.EUROPEAN),
    Flag.MONO: tuple(cues_names.VIETNAMESE_FAMILY),
}
#: Family names that some list has as words, which they are not.
SURE = frozenset(_w("lopez garcia rodriguez gonzalez arias"))
#: Two words in a row that are nobody's name: places, brands, works, words that belong together.
NOBODY = tuple(
    entry.strip()
    for entry in """
new york, new zealand, new delhi, new jersey, new mexico, new orleans, new england, los angeles, san francisco, san diego, san jose,
san antonio, san juan, san salvador, san sebastian, san fermin, san pedro, san luis, san martin, santa fe, santa cruz, santa catarina, santa clara,
santa monica, santa barbara, sao paulo, sao jose, sao luis, sao bernardo, espirito santo, minas gerais, rio grande, mato grosso,
porto alegre, belo horizonte, buenos aires, costa rica, puerto rico, hong kong, las vegas, sri lanka, saudi arabia, south africa, tel aviv, abu dhabi,
st louis, st petersburg, st mary's, st james, st john's, st paul, st andrews, kuala lumpur, petaling jaya, subang jaya, johor bahru, shah alam, kota kinabalu,
pulau pinang, george town, batu kawan, bukit mertajam, bukit jalil, bukit bintang, bukit indah, batu pahat, alor setar, seri kembangan, port dickson,
ha noi, ha tinh, ha nam, ha giang, ha long, ha dong, hai phong, hai duong, thai binh, thai nguyen, thai lan, vinh phuc, bac giang, bac ninh, bac lieu,
dong nai, dong thap, long an, long bien, an giang, kien giang, hau giang, tien giang, binh duong, binh dinh, binh phuoc, binh thuan, binh thanh, binh tan,
da nang, da lat, nghe an, thanh hoa, quang nam, quang ninh, quang ngai, quang binh, quang tri, quang chau, gia lai, gia lam, kon tum, dak lak, lam dong, lao cai, yen bai,
son la, dien bien, lai chau, hoa binh, hung yen, nam dinh, ninh binh, phu tho, phu yen, phu quoc, khanh hoa, ninh thuan, tay ninh, vung tau, ba ria, ben tre, ben thanh,
tra vinh, soc trang, ca mau, can tho, cao bang, lang son, tuyen quang, cau giay, dong da, ba dinh, hoan kiem, hoang mai, thanh xuan, tan binh, tan phu, tan son,
son nhat, thu duc, go vap, phu nhuan, hoc mon, cu chi, phan thiet, nha trang, vu thu, mai son, viet nam, han quoc, trung quoc, nhat ban, noi bai,
cho ray, bach mai, bach khoa, nguyen dan, chinh hang, dai hoc, chi minh, ho chi, bong da, truyen kieu, tran trong, vo chong, truong dai, bo y, bong da, duong tran, quoc hoi, dien tu, dien thoai, cong ty, cong an, thu tuong,
gadjah mada, jawa tengah, jawa barat, jawa timur, dki jakarta, bandung barat, idul fitri, hari raya, raja ampat, tanah abang, taman sari, nusa tenggara, nusa dua,
banda aceh, bandar lampung, tanjung priok, astra international, bank mandiri, barisan nasional, johnson johnson, harry potter, mac os, tom yum, tommy hilfiger,
bill to, ship to, sold to, remit to, jerry can, jerry cans, blue gum, junior high, the court, merchant onboarding, eleanor rigby, billie jean, hey jude, sweet caroline, jackie brown, mr kipling,
cherry garcia, harvey norman, maggie noodles, mary jane, mary janes, johnny cake, bloody mary, virginia ham, carolina ham, victoria line, uncle ben's, aunt bessie's, dr pepper, mr muscle,
calvin klein, ralph lauren, hugo boss, victoria's secret, victoria secret, michael kors, kate spade, tory burch, marc jacobs, louis vuitton, yves saint, saint laurent,
christian dior, jimmy choo, jack daniel's, jack daniels, johnnie walker, jim beam, ben jerry, mary kay, estee lauder, martha stewart, rachael ray, laura ashley,
ralph wilson, dolce gabbana, wells fargo, goldman sachs, morgan stanley, jp morgan, charles schwab, merrill lynch, ernst young, rolls royce, aston martin, alfa romeo,
land rover, harley davidson, mercedes benz, dr pepper, dr martens, uncle ben's, aunt jemima, la casa, casa blanca, cien anos, semana santa, navidad feliz,
feliz natal, domingo flores, star wars, red bull, mickey mouse, minnie mouse, hello kitty, winnie pooh, peter rabbit, peter pan, snow white, santa claus,
merry christmas, wall street, white house, downing street, capitol hill, silicon valley, real madrid, rose gold, rose garden, royal albert, prince edward, princess royal,
queen anne, queen elizabeth, king size, queen size, king's cross, victoria park, victoria station, lincoln center, kennedy center, jordan shoes, air jordan,
mason jar, mary jane, eiffel tower, christmas tree, art deco, louis xvi, louis xiv, adirondack chair, tiffany lamp, parsons chair, windsor chair, chesterfield sofa,
ben a, ben b, procter gamble, dom casmurro, laskar pelangi, bumi manusia, harimau malaya, proton saga, milo tin, gamis syari, oliva virgen, virgen extra, manga larga, mesa centro,
nossa senhora, nova iguacu, nova lima, vila velha, caxias sul, ponta grossa, campos jordao, campina grande, ribeirao preto, juiz fora, capa celular, moto g, tenis olympikus,
carolina herrera, paco rabanne, adolfo dominguez, massimo dutti, el corte, corte ingles, la liga, le monde, del rey, rey leon, ley organica, codigo civil, codigo penal,
banco santander, maria fumaca, ana maria, bintang lima, casas bahia, pai nosso, senhora aparecida, grande sertao, don quijote, aurora boreal, virgen carmen, marks spencer, vera wang, royal mail, royal navy, deutsche bank, saint seiya, one piece, dragon ball, demon slayer, louis philippe, van heusen, peter england,
allen solly, kelly clarkson, orren ellis, gurney slade, wade logan, george oliver, willa arlo, laurel foundry, winston porter, alcott hill, ivy bronx, etta avenue, joss main, august grove, darby home, charlton home, andover mills, park avenue, madison square, madison avenue, times square, old trafford, great gatsby, moby dick, don quixote, jane eyre, anna karenina, tom clancy's
""".replace("\n", " ").split(",")
    if len(entry.split()) == 2 and entry.strip() != "ana maria"
)

#: Ordinary words that some list of names holds, written without accents: they are nobody's name.
PLAIN = plain_words.ORDINARY | frozenset(
    _w(
        "kamar mandi tidur kebersihan kotor berisik laci lemari gara rupa huni kapur barus nyesel batal kasi mya krg disebelah penerangan dua tiga empat "
        "enam tujuh delapan sembilan sepuluh staf stafnya selimut handuk bantal sprei kasur kamarnya tempatnya sudah belum jangan penuh kosong rusak bocor mati lampu "
        "pintu kunci kaca cermin ember gayung keran pompa kompor piring gelas sendok garpu wajan panci sapu pel meja kursi rak tikar karpet gorden tirai bau wangi harum "
        "apek lembab basah kering licin debu noda bekas sobek jebol patah retak penyok kusam luntur pudar cetak jahit sulam bordir celana rok jaket kaos kemeja gamis jilbab "
        "kerudung mukena sarung peci kopiah sandal sepatu kaos topi dompet ikat pinggang gelang kalung cincin anting jam kacamata payung mantel "
        "barre maillot carbone legere vtt cadre roue pneu frein guidon pedale casque gant chaussette manche poche fermeture doublure ceinture "
        "hom khong duoc "
        "conforme segundo conclui chegou recebi comprei gostei amei adorei produto entrega prazo embalagem qualidade tamanho preco nota loja vendedor pedido caixa sacola "
        "llego compre recibi gusta encanta talla pedido paquete envio precio calidad caja bolsa tela color tienda vendedor "
        "barang sampai kualiti cantik murah mahal cepat lambat penjual pembeli kedai saiz warna kain baju tudung kasut beg bungkusan penghantaran harga cuti pasar menara durian sabun kicap"
    )
)
