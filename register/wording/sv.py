"""Registerbeskrivningen på svenska."""

from register.wording import Wording

WORDING = Wording(
    title="Registerbeskrivning",
    registrar="Personuppgiftsansvarig",
    business_id="FO-nummer",
    address="Adress",
    website="Webbplats",
    person_in_charge="Person som ansvarar för registret och kontaktperson",
    phone="Telefon",
    register_name="Registrets namn",
    purposes="Vad uppgifterna används till",
    purposes_text=(
        "Personuppgifterna i registret används för att sköta och förvalta företagets kundrelationer, för "
        "kundkommunikation samt för företagskommunikation och marknadsföring. Kundregistret finns till för att "
        "sköta de åtgärder som hör till kundprojekt och kundtjänster.",
        "E-postregistret finns till för marknadsföring, kommunikation och information. Kundens uppgifter tas "
        "bort ur det när kunden själv så beslutar, när som helst och utan att behöva ge något skäl. I varje "
        "utskick finns en länk som avslutar utskicken.",
        "Personuppgifterna i registret raderas om kunden så önskar. Om lagen kräver att någon uppgift sparas, "
        "talar vi om för kunden vilken uppgift och vilken lag det gäller och när uppgiften försvinner.",
    ),
    contents="Vilka uppgifter som sparas",
    contents_text=(
        "I registret sparas personernas namn, kontaktuppgifter (företaget som personen företräder, "
        "postadresser, telefonnummer och e-postadresser) samt uppgifter som behövs för att sköta "
        "kundrelationen: kontakter och kommunikation med kunden, uppgifter om uppdrag, fakturering och "
        "indrivning samt andra åtgärder för att upprätthålla kundrelationen.",
        "Nedan berättar vi för varje grupp av uppgifter vad den används till, på vilken grund, varifrån "
        "uppgifterna kommer, hur länge de sparas, vem som ser dem och vad som händer med dem när du ber "
        "oss radera dina uppgifter.",
    ),
    purpose="Ändamål",
    basis="Rättslig grund",
    source="Varifrån uppgifterna kommer",
    kept="Lagringstid",
    seen_by="Vem som ser",
    recipients="Mottagare",
    on_erasure="När du ber om radering",
    only_owner="endast den person som ansvarar för registret",
    owner_and_billing="den person som ansvarar för registret och den person som sköter faktureringen",
    erased="raderas genast",
    kept_by_law="sparas så länge lagen kräver, endast för dem som behöver uppgiften till det: {law}; "
    "raderas därefter",
    legitimate_interest=(
        "När den rättsliga grunden är berättigat intresse är vårt intresse att sköta kundrelationen väl och att "
        "hålla registret säkert. Ändamålet för varje grupp av uppgifter berättar vilket intresse det gäller. Du "
        "har rätt att invända mot sådan användning."
    ),
    sources="Varifrån uppgifterna kommer",
    sources_text=(
        "Källan är de uppgifter som kunden själv har lämnat. Om en grupp av uppgifter har en annan källa nämns "
        "den vid gruppen. För varje person antecknas när och hur uppgifterna har fåtts.",
    ),
    disclosure="Utlämnande och överföring",
    disclosure_text=(
        "Uppgifter ur kundregistret eller e-postregistret lämnas i allmänhet inte ut till andra. Uppgifter om "
        "fakturering och indrivning kan lämnas till bokförare, revisor, inkassobyrå, domstol eller myndighet "
        "när lagen eller indrivningen av en fordran kräver det.",
        "Uppgifterna överförs inte utanför Europeiska unionen eller Europeiska ekonomiska samarbetsområdet.",
    ),
    security="Var uppgifterna finns och hur de är skyddade",
    security_text=(
        "Uppgifterna är sparade i detta registers egen databas och egna filer. Tidigare fanns de i företagets "
        "e-postsystem och på lokala arbetsstationer; för uppgifter som hämtats därifrån är det antecknat ur "
        "vilken fil de kommer.",
        "Registrets dataskydd är ordnat på ett standardiserat sätt. För att öppna och använda registret krävs "
        "användarnamn och lösenord. Den som ansvarar för registret, den som sköter faktureringen och de "
        "offentliga sidorna har var sina rättigheter i databasen, och det antecknas när någon ser eller ändrar "
        "personuppgifter.",
    ),
    places="Utöver databasen finns uppgifter här:",
    where="Var",
    erased_by="Hur de raderas",
    access="Vem som har tillgång till uppgifterna",
    access_text=(
        "Endast den person som ansvarar för registret har tillgång till alla uppgifter i det. Tillgång till "
        "registrets uppgifter kräver ett personligt användarnamn och lösenord.",
        "Den person som sköter faktureringen har tillgång till uppgifter om kundens fakturering och "
        "indrivning.",
    ),
    billing_sees="Den som sköter faktureringen ser dessa grupper av uppgifter:",
    rights="Dina rättigheter",
    rights_text="Enligt EU:s allmänna dataskyddsförordning har du rätt att",
    rights_list=(
        "få veta vilka uppgifter vi har om dig och få en kopia av dem (artikel 15)",
        "få felaktiga uppgifter rättade och ofullständiga kompletterade (artikel 16)",
        "få dina uppgifter raderade (artikel 17)",
        "få behandlingen av dina uppgifter begränsad, till exempel medan det utreds om de är riktiga "
        "(artikel 18)",
        "få de uppgifter du själv har lämnat i maskinläsbar form och överföra dem till någon annan (artikel 20)",
        "invända mot att dina uppgifter används; direktmarknadsföringen upphör genast när du invänder mot den "
        "(artikel 21)",
        "när som helst återkalla ett samtycke; det som gjorts före återkallelsen förblir lagligt (artikel 7)",
    ),
    rights_how=(
        "Det kostar ingenting att använda sina rättigheter. Kontakta den som ansvarar för registret, {person}, "
        "{email}, eller använd formuläret på registrets offentliga sidor. Vi försäkrar oss först om att "
        "begäran kommer från dig. Vi svarar inom en månad; om ärendet kräver mera tid, högst två månader "
        "till, meddelar vi det och skälet till det."
    ),
    complaint=(
        "Om du anser att dina uppgifter behandlas lagstridigt kan du klaga hos tillsynsmyndigheten. I Finland är "
        "den dataombudsmannen: Dataombudsmannens byrå, PB 800, 00531 Helsingfors, 029 566 6700, "
        "tietosuoja@om.fi, tietosuoja.fi."
    ),
    obligation="Måste man lämna uppgifterna",
    obligation_text=(
        "Det är frivilligt att lämna uppgifter. Utan namn och kontaktuppgifter kan vi dock inte ingå avtal eller "
        "sköta ett uppdrag, och enligt lag ska köparens namn och adress finnas på fakturan "
        "(mervärdesskattelagen 1501/1993, 209 e §). För marknadsföring behöver inga uppgifter lämnas."
    ),
    automated="Automatiserat beslutsfattande",
    automated_text=(
        "Inga automatiserade beslut fattas och ingen profilering görs med hjälp av registrets uppgifter "
        "(artikel 22 i dataskyddsförordningen)."
    ),
    users="De som använder registret",
    users_text="I registret finns också uppgifter om de personer inom företaget som använder det.",
    versions="Versioner av registerbeskrivningen",
    versions_text=(
        "Denna beskrivning är gjord ur registrets egen förteckning över uppgifter. När förteckningen ändras "
        "publiceras en ny beskrivning. Tidigare beskrivningar sparas tillsammans med de dagar från vilka de "
        "har gällt."
    ),
)
