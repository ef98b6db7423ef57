"""Every word of a reminder letter, in the three languages. Not gettext: see billing.pdf.words."""

from dataclasses import dataclass

from billing.pdf.document import Language


@dataclass(frozen=True, kw_only=True)
class LetterWords:
    titles: dict[str, str]
    openings: dict[str, str]
    number: str
    dated: str
    pay_by: str
    debt: str
    due: str
    principal: str
    earlier_costs: str
    fee: str
    sum: str
    total: str
    basis: str
    instalment: str
    disputed: str
    compensation: str
    credit: str
    interest_runs: str
    interest_so_far: str
    already_paid: str
    contest: str
    court: str
    handover: str
    laws: str
    slip: str
    amount: str


FINNISH = LetterWords(
    titles={"friendly": "Muistutus", "reminder": "Maksumuistutus", "demand": "Maksuvaatimus"},
    openings={
        "friendly": "Emme ole vielä saaneet maksua alla mainituista laskuista. "
        "Pyydämme maksamaan ne viimeistään {day}.",
        "reminder": "Alla mainituista laskuista on maksamatta erittelyn mukainen määrä. "
        "Pyydämme maksamaan sen viimeistään {day}.",
        "demand": "Muistutuksestamme huolimatta alla mainitut laskut ovat edelleen maksamatta. "
        "Vaadimme suoritusta viimeistään {day}.",
    },
    number="Kirjeen numero",
    dated="Päivä",
    pay_by="Uusi maksupäivä",
    debt="Saatava",
    due="Eräpäivä",
    principal="Pääoma",
    earlier_costs="Aiemmat kulut",
    fee="Muistutuskulu",
    sum="Yhteensä",
    total="Maksettava yhteensä",
    basis="Lasku {number}, {day}",
    instalment="maksusuunnitelman erä {number}",
    disputed="riitautettu osa {amount} ei sisälly",
    compensation="Kulut sisältävät vakiokorvauksen, 513/1999 10 e §.",
    credit="Teillä on meillä hyvitystä {amount}, jota ei ole vähennetty. Jos haluatte sen käytettäväksi tähän maksuun, "
    "ilmoittakaa siitä meille.",
    interest_runs="Viivästyskorko kertyy korkolain 633/1982 mukaan maksupäivään asti ja laskutetaan erikseen.",
    interest_so_far="Viivästyskorkoa on kertynyt {day} mennessä {amount}. Se kertyy maksupäivään asti "
    "(korkolaki 633/1982) ja laskutetaan erikseen.",
    already_paid="Jos olette jo maksaneet, kirje on aiheeton, eikä siitä peritä kulua.",
    contest="Jos ette hyväksy saatavaa tai sen osaa, ilmoittakaa siitä perusteluineen ennen maksupäivää: {contact}. "
    "Riitautettua osaa ei peritä, ennen kuin asia on selvitetty.",
    court="Kuluttajana voitte pyytää, että vapaaehtoinen perintä lopetetaan ja asia viedään tuomioistuimeen "
    "(513/1999 4 c §).",
    handover="Jos maksua ei tule määräpäivään mennessä, saatava voidaan antaa perintätoimiston perittäväksi.",
    laws="Muistutuskulun enimmäismäärä: {statute}.",
    slip="Maksutiedot",
    amount="Maksettava",
)

SWEDISH = LetterWords(
    titles={"friendly": "Påminnelse", "reminder": "Betalningspåminnelse", "demand": "Betalningskrav"},
    openings={
        "friendly": "Vi har ännu inte fått betalning för fakturorna nedan. Vi ber er betala dem senast {day}.",
        "reminder": "Fakturorna nedan är obetalda enligt specifikationen. Vi ber er betala beloppet senast {day}.",
        "demand": "Trots vår påminnelse är fakturorna nedan fortfarande obetalda. Vi kräver betalning senast {day}.",
    },
    number="Brevets nummer",
    dated="Datum",
    pay_by="Ny betalningsdag",
    debt="Fordran",
    due="Förfallodag",
    principal="Kapital",
    earlier_costs="Tidigare kostnader",
    fee="Påminnelseavgift",
    sum="Summa",
    total="Att betala totalt",
    basis="Faktura {number}, {day}",
    instalment="betalningsplanens post {number}",
    disputed="den bestridda delen {amount} ingår inte",
    compensation="Kostnaderna innehåller standardersättningen, 513/1999 10 e §.",
    credit="Ni har ett tillgodohavande på {amount} hos oss, som inte har dragits av. Meddela oss om ni vill att det "
    "används för denna betalning.",
    interest_runs="Dröjsmålsränta löper enligt räntelagen 633/1982 till betalningsdagen och faktureras separat.",
    interest_so_far="Dröjsmålsräntan uppgår {day} till {amount}. Den löper till betalningsdagen "
    "(räntelagen 633/1982) och faktureras separat.",
    already_paid="Om ni redan har betalat är brevet obefogat och ingen avgift tas ut.",
    contest="Om ni inte godkänner fordran eller en del av den, meddela det med motivering före betalningsdagen: "
    "{contact}. Den bestridda delen indrivs inte förrän saken är utredd.",
    court="Som konsument kan ni begära att den frivilliga indrivningen avbryts och saken förs till domstol "
    "(513/1999 4 c §).",
    handover="Om betalning inte inkommer i tid kan fordran överlämnas till en indrivningsbyrå.",
    laws="Påminnelseavgiftens högsta belopp: {statute}.",
    slip="Betalningsuppgifter",
    amount="Att betala",
)

ENGLISH = LetterWords(
    titles={"friendly": "Reminder", "reminder": "Payment reminder", "demand": "Payment demand"},
    openings={
        "friendly": "We have not yet received payment of the invoices below. Please pay them by {day}.",
        "reminder": "The invoices below are unpaid as itemised. Please pay the amount by {day}.",
        "demand": "In spite of our reminder the invoices below are still unpaid. We demand payment by {day}.",
    },
    number="Letter",
    dated="Date",
    pay_by="New day of payment",
    debt="Debt",
    due="Due",
    principal="Principal",
    earlier_costs="Earlier costs",
    fee="Reminder fee",
    sum="Sum",
    total="To pay in total",
    basis="Invoice {number}, {day}",
    instalment="instalment {number} of the plan",
    disputed="the disputed part of {amount} is not included",
    compensation="The costs include the standard compensation, Act 513/1999, section 10 e.",
    credit="You have a credit of {amount} with us, which has not been deducted. Tell us if you want it used for this "
    "payment.",
    interest_runs="Late payment interest runs under the Interest Act 633/1982 until payment "
    "and is invoiced separately.",
    interest_so_far="Late payment interest up to {day} is {amount}. It runs until payment "
    "(Interest Act 633/1982) and is invoiced separately.",
    already_paid="If you have paid already, this letter is needless and no fee is charged.",
    contest="If you contest the debt or a part of it, please tell us why before the day of payment: {contact}. "
    "A contested part is not collected until the matter has been settled.",
    court="As a consumer you may ask that voluntary collection stop and the matter be decided in court "
    "(Act 513/1999, section 4 c).",
    handover="If payment does not arrive in time, the debt may be handed to a collection agency.",
    laws="Highest reminder fee: {statute}.",
    slip="Payment details",
    amount="To pay",
)

IN: dict[Language, LetterWords] = {
    Language.FINNISH: FINNISH,
    Language.SWEDISH: SWEDISH,
    Language.ENGLISH: ENGLISH,
}
