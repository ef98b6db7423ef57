"""Bank files as banks write them, with every quirk as an option."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from xml.sax.saxutils import escape

from django.core.files.uploadedfile import SimpleUploadedFile

from billing.bank import importing
from billing.bank.transactions import Unreadable
from billing.models import BankFile
from register import access
from register.models import User
from tests.billing import bills

IBAN = "FI2112345600000785"


def details(
    amount: str,
    *,
    reference: str = "",
    issuer: str = "",
    message: str = "",
    archive: str = "",
    payer: str = "",
    party: str = "Dbtr",
    parts: Sequence[tuple[str, str, str]] = (),
    returned: str = "",
    end_to_end: str = "",
    version: str = "02",
    inner: str = "",
    debit: bool | None = None,
    accepted: str = "",
) -> str:
    """One TxDtls; `accepted`: the day when the payer paid at his bank."""
    name = f"<Nm>{escape(payer)}</Nm>"
    money = f'<AmtDtls><TxAmt><Amt Ccy="EUR">{amount}</Amt></TxAmt></AmtDtls>' if amount else ""
    if version == "08":
        name = f"<Pty>{name}</Pty>"
        money = f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
    if debit is not None:
        money += f"<CdtDbtInd>{'DBIT' if debit else 'CRDT'}</CdtDbtInd>"
    kind = f"<Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry>{f'<Issr>{issuer}</Issr>' if issuer else ''}</Tp>"
    structured = f"<Strd><CdtrRefInf>{kind}<Ref>{reference}</Ref></CdtrRefInf></Strd>" if reference else ""
    for number, paid, document in parts:
        tag = "CdtNoteAmt" if document == "CREN" else "RmtdAmt"
        structured += (
            f"<Strd><RfrdDocInf><Tp><CdOrPrtry><Cd>{document or 'CINV'}</Cd></CdOrPrtry></Tp></RfrdDocInf>"
            f'<RfrdDocAmt><{tag} Ccy="EUR">{paid}</{tag}></RfrdDocAmt>'
            f"<CdtrRefInf>{kind}<Ref>{number}</Ref></CdtrRefInf></Strd>"
        )
    text = f"<Ustrd>{escape(message)}</Ustrd>" if message else ""
    reason = f"<RtrInf><Rsn><Cd>{returned}</Cd></Rsn></RtrInf>" if returned else ""
    paid_on = f"<RltdDts><AccptncDtTm>{accepted}T21:00:00</AccptncDtTm></RltdDts>" if accepted else ""
    return (
        f"<TxDtls><Refs>{f'<AcctSvcrRef>{archive}</AcctSvcrRef>' if archive else ''}"
        f"{f'<EndToEndId>{end_to_end}</EndToEndId>' if end_to_end else ''}</Refs>{inner or money}"
        f"<RltdPties><{party}>{name if payer else ''}</{party}></RltdPties>"
        f"<RmtInf>{text}{structured}</RmtInf>{paid_on}{reason}</TxDtls>"
    )


def entry(
    amount: str,
    *transactions: str,
    archive: str = "",
    family: str = "RCDT",
    code: str = "705VIITESIIRTO",
    day: str = "2026-09-15",
    status: str = "BOOK",
    reversal: bool = False,
    count: int | None = None,
    version: str = "02",
) -> str:
    """One Ntry; a negative amount is a debit."""
    indicator, amount = ("DBIT", amount[1:]) if amount.startswith("-") else ("CRDT", amount)
    domain = f"<Domn><Cd>PMNT</Cd><Fmly><Cd>{family}</Cd></Fmly></Domn>" if family else ""
    booked = f"<Cd>{status}</Cd>" if version == "08" else status
    number = f"<Btch><NbOfTxs>{count}</NbOfTxs></Btch>" if count is not None else ""
    inside = "\n".join(transactions)
    return f"""<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{indicator}</CdtDbtInd>
{"<RvslInd>true</RvslInd>" if reversal else ""}<Sts>{booked}</Sts><BookgDt><Dt>{day}</Dt></BookgDt>
{f"<AcctSvcrRef>{archive}</AcctSvcrRef>" if archive else ""}
<BkTxCd>{domain}<Prtry><Cd>{code}</Cd><Issr>FFFS</Issr></Prtry></BkTxCd>
{f"<NtryDtls>{number}{inside}</NtryDtls>" if number or inside else ""}</Ntry>"""


def batch(
    *transactions: str,
    amount: str = "",
    count: int | None = None,
    archive: str = "REFP1",
    day: str = "2026-09-15",
) -> str:
    """A day's reference payments as one entry."""
    total = amount or str(sum((_euros_in(one) for one in transactions), Decimal(0)))
    return entry(
        total, *transactions, archive=archive, day=day, count=len(transactions) if count is None else count
    )


def camt(
    *entries: str,
    kind: str = "054",
    version: str = "02",
    account: str = IBAN,
    summary: tuple[str, str] | None = None,
) -> bytes:
    """A whole camt.053 or camt.054."""
    root, statement = {"053": ("BkToCstmrStmt", "Stmt"), "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn")}[kind]
    said = ""
    if summary:
        sums = f"<NbOfNtries>{summary[0]}</NbOfNtries><Sum>{summary[1]}</Sum>"
        said = f"<TxsSummry><TtlCdtNtries>{sums}</TtlCdtNtries></TxsSummry>"
    inside = "\n".join(entries)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}">
<{root}><GrpHdr><MsgId>1</MsgId><CreDtTm>2026-09-16T00:00:00</CreDtTm></GrpHdr>
<{statement}><Id>1</Id><Acct><Id><IBAN>{account}</IBAN></Id></Acct>
{said}
{inside}
</{statement}></{root}></Document>
""".encode()


def ktl_event(
    amount: str,
    reference: str,
    *,
    payer: str = "MAKSAJA",
    archive: str = "0303ARK00001",
    bban: str = "12345600000785",
    day: str = "260915",
    correction: bool = False,
    failed: bool = False,
) -> str:
    """One record 3, 90 characters."""
    cents = int(Decimal(amount) * 100)
    return f"3{bban}{day}{day}{archive:<16}{reference:0>20}{payer:<12}1 {cents:010d}{int(correction)}A{int(failed)}\r\n"


def ktl(*events: str) -> bytes:
    """A list with its header and trailer."""
    sums = [[0, 0], [0, 0], [0, 0]]
    for event in events:
        sort = 2 if event[89] == "1" else 1 if event[87] == "1" else 0
        sums[sort][0] += 1
        sums[sort][1] += int(event[77:87])
    header = "02609150800 01234567891".ljust(90) + "\r\n"
    trailer = "9" + "".join(f"{count:06d}{cents:011d}" for count, cents in sums)
    return (header + "".join(events) + f"{trailer:0<90}\r\n").encode()


def _euros_in(transaction: str) -> Decimal:
    start = transaction.index('<Amt Ccy="EUR">') + len('<Amt Ccy="EUR">')
    return Decimal(transaction[start : transaction.index("</Amt>", start)])


def imported(biller: User, content: bytes, *, name: str = "pankki.xml", at: datetime = bills.NOW) -> BankFile:
    """A file uploaded and imported at once, as the billing person does; refused files are returned as well."""
    with access.acting("billing", user_id=biller.pk):
        file = importing.receive(SimpleUploadedFile(name, content), by=biller, at=at)
        try:
            with access.atomic():
                importing.run(file.pk, at=at, on=at.date())
        except Unreadable as unreadable:
            importing.refuse(file.pk, str(unreadable))
        file.refresh_from_db()
    return file


def results(file: BankFile) -> dict[str, int]:
    """How many transactions came to which result."""
    return {result: number for result, (number, _sum) in file.counts.items() if result != "left_out"}
