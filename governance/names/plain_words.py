"""Ordinary words of shops, titles and messages in Malay, Indonesian, Spanish, Portuguese and English, which name nobody.

Titles of things are written with capitals throughout, and some of their words are family names elsewhere ("Baris",
"Jari", "Lebar"). Words that people of these languages are called by were left out. Accents are folded.
"""

from __future__ import annotations

_MALAY_INDONESIAN = (
    "lebar panjang tinggi rendah dalam luar atas bawah kiri kanan tengah tepi hujung ujung depan belakang arah baris lajur ruang bidang sudut garis bulat segi petak kotak "
    "ikon mesej pesan surat fail berkas folder nombor nomor siri seri kod kode kekunci kunci sandi laluan jalur lalai hos skema sifat entiti enjin aksara simbol nilai tabel jadual jadwal "
    "jenis macam ukuran berat ringan tebal tipis nipis lembut halus kasar keras rapuh kuat lemah baru lama tua muda segar kering basah panas sejuk dingin hangat suam "
    "merah biru hijau kuning hitam putih kelabu abu perang coklat cokelat ungu oren jingga emas perak gelap terang muda tua corak motif polos warni "
    "kapas katun sutera sutra kulit getah karet plastik kayu jati besi baja keluli kaca buluh bambu rotan kertas nilon poliester baldu beludru linen kanvas "
    "meja kerusi kursi katil ranjang bantal selimut cadar sprei tilam kasur tikar langsir gorden almari lemari rak laci lampu kipas jam cermin pasu vas bingkai hiasan "
    "periuk panci kuali wajan pinggan piring mangkuk mangkok cawan cangkir gelas sudu sendok garpu pisau talam nampan botol balang toples bekas tutup penutup salutan lapisan "
    "baju kemeja seluar celana kain rok gaun jaket sarung stokin kaus kaos topi tudung selendang tali pinggang butang kancing lengan kolar kerah poket saku zip bordir sulam jahit "
    "kasut sepatu selipar sandal tapak sol beg tas ransel dompet gelang cincin rantai kalung subang anting "
    "sabun syampu sampo ubat obat gigi gosok berus sikat minyak krim losyen bedak gincu pewangi pelembap pencerah pemutih pembersih penyegar masker wajah muka rambut kuku jari kulit badan tubuh "
    "beras nasi ayam ikan daging telur sayur buah pisang kelapa gula garam lada cili cabai bawang tepung roti kek kue kuih biskut kerepek keripik rangup renyah perisa manis masin asin pedas pahit masam asam sedap enak lazat lezat gurih "
    "susu kopi teh madu jus sirup kicap kecap sos saus sambal rempah herba herbal asli jadi semula alami "
    "elektrik listrik pengecas kabel bateri baterai skrin layar sentuh kamera suara bunyi telinga cas isi ulang kelajuan kecepatan kuasa daya tenaga kelipan kursor "
    "mudah alih lipat susun pasang cabut guna serbaguna pelbagai berbagai banyak sedikit lengkap penuh kosong percuma gratis diskon promosi promo jualan terhad terbatas stok harga runtuh "
    "kalis tahan anti licin melekat lengket pecah bocor karat air api angin debu "
    "kanak budak anak bayi lelaki pria perempuan wanita remaja dewasa sekolah pejabat kantor dapur bilik kamar tandas ruang taman kebun rumah bangunan "
    "kisah cerita dongeng rahsia rahasia misteri musim episod episode babak bahagian bagian bersiri drama filem tayangan arahan pengarah sutradara terkenal terakhir pertama kedua ketiga "
    "degupan jantung kadar suhu tekanan darah langkah kalori tidur malam siang pagi petang sore senja langit bulan hujan "
    "ringkasan pelaksanaan eksekusi pengesahan pengenalan pengecualian penjawab penjual pembeli pengguna pelanggan kumpulan kelompok dasar tujuan tindakan kerja jana baca tulis salin simpan hapus padam buka tutup cari kirim hantar terima balas tolak menolak "
    "awan awam peribadi pribadi subjek alternatif maksimum minimum sekunder latar hadapan lanjutan tingkatan peringkat tahap aras edaran titik peta senarai daftar gambar foto kelas kursus buku majalah halaman muka surat "
    "kotor bersih wangi busuk cantik indah hodoh jelek buruk baik bagus elok selamat rosak rusak lambat cepat laju pantas tepat sesuai deskripsi ramah penghantaran pengiriman bungkusan paket "
    "proyektor minimalis edukasi mainan balok lumpur laut pantai mencerahkan resepi resep masak goreng rebus kukus panggang bakar "
    "memang masih sangat lagi juga sahaja saja boleh bisa perlu harus mesti akan telah sudah belum untuk dengan daripada kepada semua setiap beberapa lain sama "
)
_SPANISH_PORTUGUESE = (
    "cuero couro suela sola solado zapatos sapatos zapatillas sandalias botas mochila bolso bolsa cartera carteira vestido camisa camiseta pantalon calca falda saia chaqueta jaqueta abrigo casaco "
    "algodon algodao lana lino linho seda microfibra tela tecido encaje bordado estampado lunares rayas listras cuadros manga cuello gola escote alca cintura talle largo larga curto curta corto "
    "madera madeira acero aco vidrio vidro plastico ceramica granito marmol aluminio hierro ferro bronce inoxidable inoxidavel antiadherente antiaderente antideslizante antiderrapante impermeable impermeavel "
    "olla panela sarten frigideira cuchillo faca cuchara colher tenedor garfo plato prato taza xicara vaso copo jarra termo tapa tampa cafetera cafeteira licuadora liquidificador batidora horno forno nevera geladeira lavadora "
    "silla cadeira mesa sofa cama colchon colchao almohada travesseiro sabana sabanas lencol cobija cobertor cortina alfombra tapete estante armario gaveta cajon escritorio luminaria lampara bombilla lampada "
    "reposabrazos respaldo encosto ajustable ajustavel reclinable reclinavel giratoria plegable dobravel portatil recargable recarregavel inalambrico inalambricos cargador carregador bateria baterias pilas cable cabo adaptador enchufe tomada "
    "taladro furadeira parafusadeira percutor martillo martelo destornillador alicate llave chave fenda tornillo parafuso caja caixa maleta juego jogo conjunto kit paquete pacote unidad unidade piezas pecas "
    "audifonos auriculares fone ouvido microfono altavoz parlante pantalla tela teclado raton impresora impressora celular camara camera cancelacion cancelamento ruido sonido som "
    "crema creme facial hidratante serum labial esmalte champu shampoo acondicionador condicionador jabon sabonete desodorante perfume fragancia vainilla baunilha limpiador antissinais piel pele cabello cabelo "
    "cafe molido moido tostado torrado oscuro oscura escuro escura grano graos te cha azucar acucar harina farinha arroz frijol feijao aceite oleo vinagre salsa molho queso queijo leche leite jamon presunto pollo frango carne pescado peixe cerdo dulce doce salado salgado "
    "alimento racao perro perros gato gatos caes adulto adultos cachorro raza razas raca racas pequena pequenas pequeno pequenos grande grandes mediano mediana "
    "guia manual libro livro novela historia cuento conto poesia diccionario cuaderno caderno aprender ensinar aprende completa completo practica practico pratico pratica basico basica avanzado avancado jardineria jardinagem urbana urbano ajedrez xadrez cocina cozinha "
    "misterio secreto segredo destino viaje viagem noche noite verano verao invierno inverno otono outono primavera temporada temporadas capitulo episodio pelicula filme serie "
    "negro negra preto preta amarillo amarela amarelo rojo roja vermelho vermelha verde azul marino marinho gris cinza marron marrom naranja laranja morado roxo beige dorado dourado plateado prateado claro "
    "oferta descuento desconto rebaja promocion promocao envio frete gratis nuevo nuevos novo novos usado usada original garantia calidad qualidade precio preco barato caro rapido recomendable recomendo "
    "fichero ruta cadena formato campo directorio servidor enlace archivo arquivo pasta tamano tamanho longitud comprimento anchura altura peso espesor restriccion configuracion configuracao actualizacion atualizacao importacion bibliotecas memoria segmento puntero simbolo tabla tabela nombres ventanas ventana janela seccion secao definicion codificacion atributo valido invalido desconocido vacia vacio "
    "resistente suave suaves macio macia duro dura blando fino fina grueso gruesa grosso ligero leve pesado fuerte forte extra super mega mini doble duplo triple triplo dos tres cuatro quatro cinco seis siete sete ocho oito "
    "hombre hombres homem mujer mujeres mulher nino ninos ninas menino menina bebe infantil femenino femenina feminino feminina masculino masculina unisex escolar oficina escritorio casa cocina bano banheiro jardin jardim exterior interior "
    "percal fios casal solteiro queen king nordico nordica estilo clasico classico moderno moderna vintage elegante casual social deportivo esportivo matrimonial matrimoniales capacidad capacidade litros gramos gramas metros centimetros onzas "
    "costa faro playa praia isla ilha montana montanha bosque floresta ciudad cidade pueblo"
)
_ENGLISH = (
    "bangle bangles caddy chalet childs cinderella cinnamon diamante farthing frisbee goblet hanger hyacinth jubilee knick leopard ludo moulds murano ninja panda "
    "peeks perches rosette sequin sequins sippy sleigh smiley stencil vegas amethyst aluminium alpine babushka bead beads birdhouse birdy bonbons botanique boudoir brocante bubblegum cacti cakestand camphor "
    "candlestick candleholder candlepot chalkboard cherub chilli chrysanthemum cloche coathanger cockerel cockle colour coloured colouring colours comforter confetti cornice coven croquet cupcake cupcakes decoupage doilies doily doiley "
    "doormat doorstop doughnut doughnuts donut donuts dovecote dragonfly feltcraft filigree flowerpower folkart fuchsia gazebo gingerbread giraffe giraffes gymkhana hairband hairclip hairgrip honeycomb hottie jardiniere jewellery keepsake keyring keyrings kites "
    "knickerbocker ladybird lampshade lightbulb lolly lovebird memoboard milkmaid moulding nativity octagon organiser organizer origami ornament panettone paperweight parisienne parlour pharmacie pinecone placemat placemats polkadot popart popsicle pottering pouffe "
    "raffia raspberry refectory regatta regency reindeer retrospot rosebud rotator rounders sandcastle scandinavian scissor scissors secateurs selfie sharpener skateboard skittle skittles snowboard snowflake snowman songbird spaceboy spaceball stripey strainer sundae "
    "sweetie swirly tablecloth tassel teacup tealight teatime thyme toadstool toastrack toilette trellis tricycle truffle tuscan utensil washbag whisk wildflower xtra zebra zebras bluebird butterfly butterflies bumblebee buttons charms dolphin elephant flamingo hedgehog "
    "kitten ladybug mermaid mushroom owl penguin pirate poppies puppy rabbit robot rocket skull spaceman squirrel sunflower swallow tulip unicorn woodland bread bin diner style enamel marker marble pebble pendant pewter porcelain ceramic terracotta "
    "glitter sparkle twinkle tinsel bauble baubles wreath stocking stockings gift wrap ribbon bow bunny chick egg eggs hen cockatoo peacock pheasant polka gingham tartan plaid damask floral stripe stripes spots spotty dotty retro vintage antique shabby chic rustic "
    "wooden metallic metal plastic rubber leather suede velvet fleece cotton linen satin lace denim tweed flannel corduroy wool cashmere polyester nylon acrylic faceted quilted knitted crochet woven embroidered printed striped "
    "folding foldable portable wireless cordless rechargeable waterproof shockproof leakproof breathable lightweight adjustable reusable disposable washable stackable magnetic inflatable "
    "firewall antivirus uninstall reinstall download upload login logout username password website homepage internet online offline broadband bluetooth smartphone cellphone touchscreen wallpaper screensaver "
    "megapixel pixel zoom autofocus tripod viewfinder shutter flash battery batteries headset subwoofer woofer tweeter amplifier equalizer playlist mp karma zen nis dependability elph"
)
_PEOPLE = frozenset(
    "king queen kit mesa cadena cabello camara dulce verano pueblo montanha floresta playa praia cerdo gato leche lana abrigo silla "
    "isla caro gigi jana jari laci nino oren siri sol sandi seda urbano ruta cari tali peta kiri baris "
    "salgado cortina dorado gola madera acero hierro marmol marron sandal kolar "
    "marinho costa faro bosque claro forte fuerte leite queijo frango vermelho roxo pena casa casal azul linho ferro machado ciudad montana largo granito marino macia leve novo nuevos jardin jardim rojo roja lino blanco verde delgado mar rei "
    "bulan sutera sutra intan permata emas perak langit senja baik bagus indah cantik manis jati daya jaya tengah pantas asli tua muda lada garam madu selamat besi baja hujan tapak damai kuning hijau biru tinggi teh kasar".split()
)

#: Words that are nobody, folded.
ORDINARY = frozenset((_MALAY_INDONESIAN + _SPANISH_PORTUGUESE).split()) - _PEOPLE | frozenset(_ENGLISH.split())

#: Forms of everyday verbs, and a few other words, of Spanish and Portuguese, that people are called by as well, most by
#: family names. Folded. They keep their flags as names: with a given name before them they are one.
ALSO = frozenset(
    (
        "adie adora al alegre amas amo ando ar armen ayudan bailado baile bajan bana banas bate bater bates bebo borra borras "
        "borre brilla caba cabam caban cabe cabera cabido caira calo cambia canta cantara cante casada casado casados casar "
        "casas casen cayo cenan cerra cerro chege cogan cogen coger colar colgan colo coman conte corra corre corren correr "
        "correra corria corrio cose cosen cosio costas costen crea crean crear cree cresci criado cruzan cruze cruzen dadas "
        "danas danca danco dando dano dara debes debo dejan demora demore desean dever diza dola dolan dolen doler dolio dorman "
        "dou duran durando duras dure duren estrela estrella evita falha falla fallo falto fico firman fogo forman gana ganas "
        "gane gano gira gire gosta guarana guardado gustas halla hallada hallan hallas halle hara haver hua huia ira jugan jugo "
        "jura jurado juran juras lavada lavala lavan lavar lave laven leen leer lees leia leida lem lemos lendo lento ler lera "
        "leu leva levar leve levo ligas lige llamas lua manda mandala manter mao marca marcou matar matara matas matava matei "
        "maten mato meda mede medi mejorado mento miran mirando miras miren miro montan montas moran morando morar morara moras "
        "moren mori moro morra morre morro mova nace nacer nacio negar neve odie odien ojo paga pago parada parado parara paras "
        "paro parten partida pase peco peda pede peden pensa penso pesa pesce pinta pintado pintar pono presta provo queja "
        "querido quito ree reen rees regalado reio res robar robare roda rodar rodas rogado rogala rogan rogas rompa rota saam "
        "saba saban sabio sabo sae saida sair salen sali salido salta salte saluda salva salvar salvas seco segui senta senti "
        "serao serva servan serven servi sirvio somo suben subia subido suman sumaran sumas sumi sumida tena tenda tenen teno "
        "tera tira tirado tiro toca toce tomala toman tome tomei tomo trae traian tratar usame valen valer valera vales vali "
        "vence vences veno vian vidas viste vivan vives volo "
    ).split()
)
