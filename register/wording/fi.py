"""Rekisteriseloste suomeksi."""

from register.wording import Wording

WORDING = Wording(
    title="Rekisteriseloste",
    registrar="Rekisterinpitäjä",
    business_id="Y-tunnus",
    address="Osoite",
    website="Verkkosivut",
    person_in_charge="Rekisteristä vastaava henkilö ja yhteyshenkilö",
    phone="Puhelin",
    register_name="Rekisterin nimi",
    purposes="Mihin tietoja käytetään",
    purposes_text=(
        "Rekisterin henkilötietoja käytetään yrityksen asiakassuhteiden hoitamiseen ja hallintaan, "
        "asiakasviestintään sekä yritysviestintään ja markkinointiin. Asiakasrekisterin tarkoitus on "
        "asiakasprojekteihin ja -palveluihin liittyvien toimenpiteiden hoitaminen.",
        "Sähköpostirekisteri on markkinointia, viestintää ja tiedottamista varten. Asiakkaan tiedot "
        "poistetaan siitä hänen omalla päätöksellään, milloin tahansa ja syytä kysymättä. Jokaisessa "
        "postituksessa on linkki, josta postitukset voi lopettaa.",
        "Rekisteriin tallennetut henkilötiedot poistetaan, jos asiakas niin haluaa. Jos laki määrää jonkin "
        "tiedon säilytettäväksi, kerromme asiakkaalle, mistä tiedosta ja laista on kyse ja milloin tieto "
        "poistuu.",
    ),
    contents="Mitä tietoja tallennetaan",
    contents_text=(
        "Rekisteriin tallennetaan henkilöiden nimi, yhteystiedot (edustettu yritys, postiosoitteet, "
        "puhelinnumerot ja sähköpostiosoitteet) sekä asiakkuuden hoitamiseen liittyvät tiedot: asiakkuuteen "
        "liittyvä yhteydenpito ja viestintä, toimeksiantojen hoitamiseen, laskutukseen ja perintään liittyvät "
        "tiedot sekä muut toimenpiteet asiakassuhteen ylläpitämiseksi.",
        "Alla kerrotaan kustakin tietoryhmästä, mihin sitä käytetään, millä perusteella, mistä tiedot on saatu, "
        "kuinka kauan niitä säilytetään, kuka ne näkee ja mitä niille tapahtuu, kun pyydät tietojesi "
        "poistamista.",
    ),
    purpose="Käyttötarkoitus",
    basis="Oikeusperuste",
    source="Mistä tiedot saadaan",
    kept="Säilytysaika",
    seen_by="Kuka näkee",
    recipients="Vastaanottajat",
    on_erasure="Kun pyydät poistamista",
    only_owner="vain rekisteristä vastaava henkilö",
    owner_and_billing="rekisteristä vastaava henkilö ja laskutusta hoitava henkilö",
    erased="poistetaan heti",
    kept_by_law="säilytetään lain vaatiman ajan vain niitä varten, jotka tietoa siihen tarvitsevat: {law}; "
    "sen jälkeen poistetaan",
    legitimate_interest=(
        "Kun oikeusperusteena on oikeutettu etu, etumme on hoitaa asiakassuhdetta hyvin ja pitää rekisteri "
        "turvallisena. Tietoryhmän käyttötarkoitus kertoo, mistä edusta kulloinkin on kyse. Sinulla on oikeus "
        "vastustaa tällaista käyttöä."
    ),
    sources="Mistä tiedot saadaan",
    sources_text=(
        "Tietolähteinä ovat asiakkaan itsensä antamat tiedot. Jos tietoryhmällä on muu lähde, se on mainittu "
        "tietoryhmän kohdalla. Jokaisesta henkilöstä merkitään muistiin, milloin ja miten hänen tietonsa "
        "on saatu.",
    ),
    disclosure="Luovutukset ja siirrot",
    disclosure_text=(
        "Asiakasrekisterin tietoja tai sähköpostirekisterin tietoja ei luovuteta yleisesti muille tahoille. "
        "Laskutuksen ja perinnän tietoja voi saada kirjanpitäjä, tilintarkastaja, perintätoimisto, tuomioistuin "
        "tai viranomainen silloin, kun laki tai saatavan periminen sitä vaatii.",
        "Tietoja ei siirretä Euroopan unionin tai Euroopan talousalueen ulkopuolelle.",
    ),
    security="Missä tiedot ovat ja miten ne on suojattu",
    security_text=(
        "Tiedot on tallennettu tämän rekisterin omaan tietokantaan ja tiedostoihin. Aiemmin ne olivat yrityksen "
        "sähköpostijärjestelmässä ja paikallisilla työasemilla; sieltä tuoduista tiedoista on merkitty, mistä "
        "tiedostosta ne ovat peräisin.",
        "Rekisterin tietoturva on järjestetty standardilla tavalla. Rekisterin avaamiseen ja käyttöön "
        "vaaditaan tunnus ja salasana. Rekisteristä vastaavalla henkilöllä, laskutusta hoitavalla "
        "henkilöllä ja julkisilla sivuilla on kullakin omat oikeutensa tietokantaan, ja henkilötietojen "
        "katselusta ja muuttamisesta jää merkintä.",
    ),
    places="Tietokannan lisäksi tietoja on täällä:",
    where="Missä",
    erased_by="Miten poistuu",
    access="Kuka pääsee tietoihin",
    access_text=(
        "Ainoastaan rekisteristä vastaavalla henkilöllä on pääsy kaikkiin rekisterin sisältämiin tietoihin. "
        "Pääsy rekisterin tietoihin edellyttää henkilökohtaisen käyttäjätunnuksen ja salasanan antamista.",
        "Laskutusta hoitavalla henkilöllä on pääsy asiakkuuden laskutukseen ja perintään liittyviin tietoihin.",
    ),
    billing_sees="Laskutusta hoitava henkilö näkee nämä tietoryhmät:",
    rights="Oikeutesi",
    rights_text="Sinulla on EU:n yleisen tietosuoja-asetuksen mukaan oikeus",
    rights_list=(
        "saada tietää, mitä tietoja sinusta on, ja saada niistä jäljennös (15 artikla)",
        "saada virheelliset tiedot oikaistuiksi ja puutteelliset täydennetyiksi (16 artikla)",
        "saada tietosi poistetuiksi (17 artikla)",
        "saada tietojesi käsittely rajoitetuksi, esimerkiksi siksi aikaa kun niiden oikeellisuutta selvitetään "
        "(18 artikla)",
        "saada itse antamasi tiedot koneellisesti luettavassa muodossa ja siirtää ne toiselle (20 artikla)",
        "vastustaa tietojesi käyttöä; suoramarkkinointi loppuu heti, kun vastustat sitä (21 artikla)",
        "peruuttaa antamasi suostumus milloin tahansa; se, mitä ennen peruutusta on tehty, pysyy laillisena "
        "(7 artikla)",
    ),
    rights_how=(
        "Oikeuksien käyttäminen on maksutonta. Ota yhteyttä rekisteristä vastaavaan henkilöön, {person}, "
        "{email}, tai käytä rekisterin julkisten sivujen lomaketta. Varmistamme ensin, että pyyntö tulee "
        "sinulta. Vastaamme kuukauden kuluessa; jos asia vaatii enemmän aikaa, enintään kaksi kuukautta lisää, "
        "kerromme siitä ja syyn siihen."
    ),
    complaint=(
        "Jos tietojasi mielestäsi käsitellään lain vastaisesti, voit tehdä valituksen valvontaviranomaiselle. "
        "Suomessa se on tietosuojavaltuutettu: Tietosuojavaltuutetun toimisto, PL 800, 00531 Helsinki, "
        "029 566 6700, tietosuoja@om.fi, tietosuoja.fi."
    ),
    obligation="Onko tiedot pakko antaa",
    obligation_text=(
        "Tietojen antaminen on vapaaehtoista. Ilman nimeä ja yhteystietoja emme kuitenkaan voi tehdä "
        "sopimusta emmekä hoitaa toimeksiantoa, ja laissa määrätään, että laskussa on ostajan nimi ja osoite "
        "(arvonlisäverolaki 1501/1993, 209 e §). Markkinointia varten tietoja ei tarvitse antaa."
    ),
    automated="Automaattinen päätöksenteko",
    automated_text=(
        "Rekisterin tietojen perusteella ei tehdä automaattisia päätöksiä eikä profilointia "
        "(tietosuoja-asetuksen 22 artikla)."
    ),
    users="Rekisterin käyttäjät",
    users_text="Rekisterissä on tietoja myös niistä yrityksen omista henkilöistä, jotka sitä käyttävät.",
    versions="Selosteen versiot",
    versions_text=(
        "Tämä seloste on muodostettu rekisterin omasta tietoluettelosta. Kun luettelo muuttuu, "
        "julkaistaan uusi seloste. Aiemmat selosteet ja päivät, joista alkaen ne ovat olleet voimassa, "
        "säilytetään."
    ),
)
