"""The two codes that pay an invoice: the banks' virtual bar code and the EPC QR code.

Sources: Pankkiviivakoodi-opas v5.3 (54 digits, Code 128 set C) and EPC069-12 with the Finnish banks' due-date
line. The figure in both is the amount due, not the invoice's total. No code is better than a wrong one: what
a code cannot carry raises NoCode, and the paper is then printed without it. Credit notes have none.
"""

import io
import re
from datetime import date
from decimal import Decimal

import schwifty
import segno
from barcode.codex import Code128
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import references
from billing.amounts import CENT

LARGEST_IN_BARCODE = Decimal("999999.99")
LARGEST_IN_QR = Decimal("999999999.99")
QR_BYTES = 331
QR_LARGEST_VERSION = 13

_BARCODE_HEIGHT = 32  # modules: with 332 of width this is the guide's 105 × 10 mm
_BARCODE_QUIET = 10  # modules on either side
_QR_QUIET = 4


class NoCode(ValueError):
    """This account, amount or reference cannot be put in the code."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)


def virtual_barcode(*, iban: str, amount: Decimal | None, reference: str, due_on: date | None) -> str:
    """The 54 digits: version 4 for a viitenumero, 5 for an RF reference.

    Without an amount, or above 999 999,99 €, the amount is zeros and the payer types it. Raises NoCode for an
    account outside Finland, a negative amount or an RF reference with letters; InvalidReference or
    schwifty's SchwiftyException for a reference or account that fails its own check.
    """
    account = schwifty.IBAN(iban)
    if account.country_code != "FI":
        raise NoCode(_("The bank bar code holds Finnish account numbers only."))
    version, reference_field = _reference_field(references.check(reference))
    due = due_on.strftime("%y%m%d") if due_on else "000000"
    return f"{version}{account[2:]}{_amount_field(amount)}{reference_field}{due}"


def check_symbol(digits: str) -> int:
    """Code 128's check symbol, which the symbol carries and the 54 digits do not."""
    pairs = [int(digits[start : start + 2]) for start in range(0, len(digits), 2)]
    start_c = 105
    return (start_c + sum(place * pair for place, pair in enumerate(pairs, 1))) % 103


def epc_payload(
    *, name: str, iban: str, bic: str = "", amount: Decimal, reference: str = "", due_on: date | None = None
) -> str:
    """The EPC QR text. ``name`` is the account holder's registered name: the payer's bank compares it."""
    if not CENT <= amount <= LARGEST_IN_QR or amount != amount.quantize(CENT):
        raise NoCode(_("A payment QR code holds amounts from 0.01 to 999999999.99 in whole cents."))
    lines = [
        "BCD",
        "001" if bic else "002",
        "1",  # UTF-8
        "SCT",
        bic,
        _one_line(name)[:70].rstrip(),
        schwifty.IBAN(iban).compact,
        f"EUR{amount:.2f}",
        "",  # purpose
        references.check(reference) if reference else "",
        "",  # free text, allowed only without a reference
        f"ReqdExctnDt/{due_on:%Y-%m-%d}" if due_on else "",
    ]
    payload = "\n".join(lines).rstrip("\n")
    if len(payload.encode()) > QR_BYTES:
        raise NoCode(_("The payee's name is too long for a payment QR code."))
    return payload


def barcode_svg(digits: str) -> str:
    """Code 128 set C as bars only; one unit is one module, quiet zones included."""
    modules = Code128(digits).build()[0]
    bars = "".join(
        f"M{_BARCODE_QUIET + bar.start()} 0h{len(bar[0])}v{_BARCODE_HEIGHT}h-{len(bar[0])}z"
        for bar in re.finditer("1+", modules)
    )
    width = len(modules) + 2 * _BARCODE_QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_BARCODE_HEIGHT}">'
        f'<path d="{bars}" fill="#000" shape-rendering="crispEdges"/></svg>'
    )


def qr_svg(payload: str) -> str:
    """The payload as a QR symbol, level M and at most version 13 as EPC069-12 asks."""
    symbol = segno.make_qr(payload, error="m", boost_error=False, encoding="utf-8", eci=False)
    if int(symbol.version) > QR_LARGEST_VERSION:
        raise NoCode(_("The payment details are too long for a payment QR code."))
    drawing = io.BytesIO()
    symbol.save(
        drawing, kind="svg", border=_QR_QUIET, xmldecl=False, svgclass=None, lineclass=None, omitsize=True
    )
    return drawing.getvalue().decode()


def _reference_field(reference: str) -> tuple[str, str]:
    if not references.is_rf(reference):
        return "4", "000" + reference.zfill(20)
    check_digits, body = reference[2:4], reference[4:]
    if not body.isdigit():
        raise NoCode(_("The bank bar code holds no reference with letters."))
    return "5", check_digits + body.zfill(21)


def _amount_field(amount: Decimal | None) -> str:
    if amount is None or amount > LARGEST_IN_BARCODE:
        return "0" * 8
    if amount < 0 or amount != amount.quantize(CENT):
        raise NoCode(_("The bank bar code holds amounts of zero or more, in whole cents."))
    return f"{int(amount * 100):08}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
