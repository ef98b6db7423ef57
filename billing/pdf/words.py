"""Every word printed on an invoice, in the three languages.

Not gettext: the paper speaks the buyer's language whoever prints it, and its wording changes only on purpose.
"""

from dataclasses import dataclass

from billing.pdf.document import Language


@dataclass(frozen=True, kw_only=True)
class Words:
    invoice: str
    credit_note: str
    interest_invoice: str
    draft: str
    not_given: str
    proforma: str
    dated: str
    agreed: str
    by_law: str
    lines_total: str
    enclosures: str
    not_for_payment: str
    page: str
    number: str
    issued: str
    due: str
    supplied: str
    reference: str
    customer_number: str
    buyer_reference: str
    seller_reference: str
    order_number: str
    payment_terms: str
    late_interest: str
    complaint_period: str
    days: str
    credits: str
    business_id: str
    vat_id: str
    domicile: str
    einvoice: str
    buyer: str
    description: str
    quantity: str
    unit_price: str
    discount: str
    vat: str
    line_total: str
    without_vat: str
    with_vat: str
    vat_breakdown: str
    vat_rate: str
    net: str
    gross: str
    net_total: str
    vat_total: str
    total: str
    prepaid: str
    amount_due: str
    credited_total: str
    transfer: str
    payee_account: str
    payee: str
    payer: str
    barcode: str
    scan: str


_FINNISH = Words(
    invoice="Lasku",
    credit_note="Hyvityslasku",
    interest_invoice="Viivästyskorkolasku",
    draft="Luonnos",
    not_given="ei vielä annettu",
    proforma="Proformalasku",
    dated="Päiväys",
    agreed="sovittu",
    by_law="lain mukaan",
    lines_total="Rivit yhteensä",
    enclosures="Liitteet",
    not_for_payment="Tämä ei ole lasku eikä maksukehotus.",
    page="Sivu",
    number="Laskun numero",
    issued="Laskun päivä",
    due="Eräpäivä",
    supplied="Toimituspäivä",
    reference="Viitenumero",
    customer_number="Asiakasnumero",
    buyer_reference="Viitteenne",
    seller_reference="Viitteemme",
    order_number="Tilausnumero",
    payment_terms="Maksuehto",
    late_interest="Viivästyskorko",
    complaint_period="Huomautusaika",
    days="päivää",
    credits="Hyvittää laskun",
    business_id="Y-tunnus",
    vat_id="ALV-tunnus",
    domicile="Kotipaikka",
    einvoice="Verkkolaskuosoite",
    buyer="Asiakas",
    description="Kuvaus",
    quantity="Määrä",
    unit_price="À-hinta",
    discount="Alennus",
    vat="ALV",
    line_total="Yhteensä",
    without_vat="ilman ALV",
    with_vat="sis. ALV",
    vat_breakdown="Arvonlisäveron erittely",
    vat_rate="ALV-kanta",
    net="Veroton",
    gross="Verollinen",
    net_total="Veroton yhteensä",
    vat_total="Arvonlisävero yhteensä",
    total="Yhteensä",
    prepaid="Maksettu ennakkoon",
    amount_due="Maksettava",
    credited_total="Hyvitys yhteensä",
    transfer="Tilisiirto",
    payee_account="Saajan tilinumero",
    payee="Saaja",
    payer="Maksaja",
    barcode="Virtuaaliviivakoodi",
    scan="Maksa skannaamalla",
)

_SWEDISH = Words(
    invoice="Faktura",
    credit_note="Kreditfaktura",
    interest_invoice="Räntefaktura",
    draft="Utkast",
    not_given="ges senare",
    proforma="Proformafaktura",
    dated="Datum",
    agreed="avtalad",
    by_law="enligt lag",
    lines_total="Rader totalt",
    enclosures="Bilagor",
    not_for_payment="Detta är inte en faktura och ingen betalningsuppmaning.",
    page="Sida",
    number="Fakturanummer",
    issued="Fakturadatum",
    due="Förfallodag",
    supplied="Leveransdatum",
    reference="Referensnummer",
    customer_number="Kundnummer",
    buyer_reference="Er referens",
    seller_reference="Vår referens",
    order_number="Beställningsnummer",
    payment_terms="Betalningsvillkor",
    late_interest="Dröjsmålsränta",
    complaint_period="Anmärkningstid",
    days="dagar",
    credits="Krediterar fakturan",
    business_id="FO-nummer",
    vat_id="Momsnummer",
    domicile="Hemort",
    einvoice="E-fakturaadress",
    buyer="Kund",
    description="Beskrivning",
    quantity="Antal",
    unit_price="À-pris",
    discount="Rabatt",
    vat="Moms",
    line_total="Summa",
    without_vat="exkl. moms",
    with_vat="inkl. moms",
    vat_breakdown="Momsspecifikation",
    vat_rate="Momssats",
    net="Utan moms",
    gross="Med moms",
    net_total="Totalt utan moms",
    vat_total="Moms totalt",
    total="Totalt",
    prepaid="Betalt i förskott",
    amount_due="Att betala",
    credited_total="Krediteras totalt",
    transfer="Gireringsblankett",
    payee_account="Mottagarens kontonummer",
    payee="Mottagare",
    payer="Betalare",
    barcode="Virtuell streckkod",
    scan="Skanna och betala",
)

_ENGLISH = Words(
    invoice="Invoice",
    credit_note="Credit note",
    interest_invoice="Interest invoice",
    draft="Draft",
    not_given="not given yet",
    proforma="Proforma invoice",
    dated="Date",
    agreed="agreed",
    by_law="by law",
    lines_total="Total of lines",
    enclosures="Enclosures",
    not_for_payment="This is not an invoice and not a request for payment.",
    page="Page",
    number="Invoice number",
    issued="Invoice date",
    due="Due date",
    supplied="Date of supply",
    reference="Reference number",
    customer_number="Customer number",
    buyer_reference="Your reference",
    seller_reference="Our reference",
    order_number="Order number",
    payment_terms="Payment terms",
    late_interest="Late payment interest",
    complaint_period="Complaint period",
    days="days",
    credits="Credits invoice",
    business_id="Business ID",
    vat_id="VAT number",
    domicile="Domicile",
    einvoice="E-invoice address",
    buyer="Customer",
    description="Description",
    quantity="Quantity",
    unit_price="Unit price",
    discount="Discount",
    vat="VAT",
    line_total="Total",
    without_vat="excl. VAT",
    with_vat="incl. VAT",
    vat_breakdown="VAT breakdown",
    vat_rate="VAT rate",
    net="Excl. VAT",
    gross="Incl. VAT",
    net_total="Total excl. VAT",
    vat_total="Total VAT",
    total="Total",
    prepaid="Paid in advance",
    amount_due="Amount due",
    credited_total="Total credited",
    transfer="Bank transfer",
    payee_account="Payee’s account",
    payee="Payee",
    payer="Payer",
    barcode="Virtual bar code",
    scan="Scan to pay",
)

IN: dict[Language, Words] = {
    Language.FINNISH: _FINNISH,
    Language.SWEDISH: _SWEDISH,
    Language.ENGLISH: _ENGLISH,
}
