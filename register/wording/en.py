"""The privacy statement in English."""

from register.wording import Wording

WORDING = Wording(
    title="Privacy Statement",
    registrar="Registrar",
    business_id="Business ID",
    address="Address",
    website="Website",
    person_in_charge="Person in charge of the register and contact person",
    phone="Phone",
    register_name="Register name",
    purposes="What the data is used for",
    purposes_text=(
        "The personal data in the register is used for the customer management and communication of the "
        "company, as well as for corporate communication and marketing. The purpose of the customer register is "
        "to manage the actions and tasks related to customer projects and services.",
        "The e-mail register is for marketing, communication and information. A customer's data is removed from "
        "it whenever the customer so decides, at any time and without giving a reason. Every mailing carries "
        "a link that stops the mailings.",
        "The personal data included in the register is erased if the customer wishes so. Where the law requires "
        "something to be kept, we tell the customer what it is, which law requires it and when it will be "
        "erased.",
    ),
    contents="What is stored",
    contents_text=(
        "Name, contact details (company represented, postal addresses, phone numbers and e-mail addresses) and "
        "customer relationship information are stored in the register: contact and communication with the "
        "customer, information on managing assignments, billing and collection, and other measures to "
        "maintain the customer relationship.",
        "Below we say of each category of data what it is used for, on which legal basis, where the data comes "
        "from, how long it is kept, who sees it, and what happens to it when you ask us to erase your data.",
    ),
    purpose="Purpose",
    basis="Legal basis",
    source="Where the data comes from",
    kept="Kept",
    seen_by="Who sees it",
    recipients="Recipients",
    on_erasure="When you ask for erasure",
    only_owner="only the person in charge of the register",
    owner_and_billing="the person in charge of the register and the billing person",
    erased="erased at once",
    kept_by_law="kept for as long as the law requires, only for those who need it for that: {law}; then erased",
    legitimate_interest=(
        "Where the legal basis is a legitimate interest, our interest is to look after the customer "
        "relationship well and to keep the register safe. The purpose given for each category says which "
        "interest it is. You have the right to object to such use."
    ),
    sources="Where the data comes from",
    sources_text=(
        "The data sources are information provided by the customer himself. If a category of data has another "
        "source, it is named there. For every person it is noted when and how the data was received.",
    ),
    disclosure="Disclosures and transfers",
    disclosure_text=(
        "Customer register information or e-mail register information is not generally disclosed to other "
        "parties. Billing and collection information may be given to an accountant, an auditor, a collection "
        "agency, a court or an authority when the law or the collection of a debt requires it.",
        "Data is not transferred outside the European Union or the European Economic Area.",
    ),
    security="Where the data is and how it is protected",
    security_text=(
        "The information is stored in this register's own database and files. It used to be in the company's "
        "e-mail system and on local workstations; for data brought from there it is noted which file it came "
        "from.",
        "Registry security is organized in a standard way. Opening and using the register requires an ID and "
        "password. The person in charge of the register, the billing person and the public pages each have "
        "their own rights in the database, and it is recorded when somebody views or changes personal data.",
    ),
    places="Besides the database, there is data here:",
    where="Where",
    erased_by="How it is erased",
    access="Who has access",
    access_text=(
        "Only the person in charge of the register has access to all the information contained in the "
        "register. Access to the registry information requires a personal username and password.",
        "The billing person has access to billing and debt collection information.",
    ),
    billing_sees="The billing person sees these categories of data:",
    rights="Your rights",
    rights_text="Under the General Data Protection Regulation of the European Union you have the right",
    rights_list=(
        "to know what data there is about you, and to have a copy of it (Article 15)",
        "to have wrong data corrected and incomplete data completed (Article 16)",
        "to have your data erased (Article 17)",
        "to have the use of your data restricted, for example while it is found out whether it is correct "
        "(Article 18)",
        "to have the data you gave yourself in a machine-readable form, and to take it elsewhere (Article 20)",
        "to object to the use of your data; direct marketing ends as soon as you object to it (Article 21)",
        "to withdraw a consent at any time; what was done before that remains lawful (Article 7)",
    ),
    rights_how=(
        "Using your rights costs nothing. Write to the person in charge of the register, {person}, {email}, or "
        "use the form on the register's public pages. We first make sure that the request comes from you. "
        "We answer within one month; if a matter takes longer, two more months at most, we tell you so and why."
    ),
    complaint=(
        "If you think that your data is processed against the law, you may lodge a complaint with the "
        "supervisory authority. In Finland it is the Data Protection Ombudsman: Office of the Data "
        "Protection Ombudsman, P.O. Box 800, 00531 Helsinki, +358 29 566 6700, tietosuoja@om.fi, tietosuoja.fi."
    ),
    obligation="Do you have to give the data",
    obligation_text=(
        "Giving data is voluntary. Without a name and contact details, however, we cannot make a contract or "
        "carry out an assignment, and the law requires an invoice to show the buyer's name and address "
        "(Value Added Tax Act 1501/1993, section 209 e). For marketing you need not give any data."
    ),
    automated="Automated decisions",
    automated_text=(
        "No automated decisions are made and no profiling is done with the data in the register (Article 22)."
    ),
    users="Those who use the register",
    users_text="The register also holds data about the company's own people who use it.",
    versions="Versions of this statement",
    versions_text=(
        "This statement is made from the register's own inventory of data. When the inventory changes, a new "
        "statement is published. Earlier statements are kept, with the days from which they were in force."
    ),
)
