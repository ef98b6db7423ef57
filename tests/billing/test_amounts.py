from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from billing import amounts
from billing.amounts import Amount, AmountError, Line, Totals, VatCategory, add_up, rounded

D = Decimal


def line(quantity: str, price: str, rate: str = "25.5", discount: str = "0") -> Line:
    category = VatCategory.STANDARD if D(rate) else VatCategory.ZERO_RATED
    return Line(
        quantity=D(quantity),
        unit_price=D(price),
        vat_rate=D(rate),
        vat_category=category,
        discount_percent=D(discount),
    )


def per_rate(totals: Totals) -> list[tuple[Decimal, Decimal, Decimal]]:
    return [(total.vat_rate, total.net, total.vat) for total in totals.per_rate]


def test_an_invoice_of_four_rates_adds_up_per_rate() -> None:
    totals = add_up(
        [
            line("3", "33.33"),
            line("7", "12.35"),
            line("1", "0.99"),
            line("2", "4.45", "13.5"),
            line("3", "1.19", "13.5"),
            line("1", "10.05", "10"),
            line("1", "20.00", "0"),
        ]
    )

    assert per_rate(totals) == [
        (D("25.5"), D("187.43"), D("47.79")),
        (D("13.5"), D("12.47"), D("1.68")),
        (D("10"), D("10.05"), D("1.01")),
        (D("0"), D("20.00"), D("0.00")),
    ]
    assert (totals.net, totals.vat, totals.gross) == (D("229.95"), D("50.48"), D("280.43"))


def test_vat_is_counted_from_the_rates_sum_and_not_from_the_lines() -> None:
    totals = add_up([line("1", "10.03")] * 3)

    assert (totals.vat, totals.gross) == (D("7.67"), D("37.76"))
    assert sum(amount.vat for amount in totals.lines) == D("7.68")


@pytest.mark.parametrize(
    ("rate", "vat"),
    [("14", "14.00"), ("13.5", "13.50"), ("24", "24.00"), ("25.5", "25.50"), ("10", "10.00")],
)
def test_every_rate_of_the_past_years_can_be_charged(rate: str, vat: str) -> None:
    assert add_up([line("1", "100.00", rate)]).vat == D(vat)


def test_a_full_credit_carries_the_original_rate_and_closes_the_balance() -> None:
    sold = [line("1", "100.00", "24")]
    invoice = add_up(sold)
    credit = add_up([item.credited() for item in sold])

    assert per_rate(credit) == [(D("24"), D("-100.00"), D("-24.00"))]
    assert invoice.gross + credit.gross == 0


def test_reverse_charge_carries_no_vat() -> None:
    sold = Line(quantity=D(1), unit_price=D("563.50"), vat_rate=D(0), vat_category=VatCategory.REVERSE_CHARGE)
    totals = add_up([sold])

    assert (totals.net, totals.vat, totals.gross) == (D("563.50"), D("0.00"), D("563.50"))
    assert totals.per_rate[0].vat_category == "AE"


def test_zero_rated_and_exempt_sales_are_told_apart_though_both_have_rate_zero() -> None:
    zero = Line(quantity=D(1), unit_price=D(5), vat_rate=D(0), vat_category=VatCategory.ZERO_RATED)
    exempt = Line(quantity=D(1), unit_price=D(7), vat_rate=D(0), vat_category=VatCategory.EXEMPT)

    totals = add_up([zero, exempt])

    assert {total.vat_category: total.net for total in totals.per_rate} == {"Z": D("5.00"), "E": D("7.00")}


def test_a_price_told_with_vat_is_what_the_customer_pays() -> None:
    totals = add_up([line("1", "125.50"), line("2", "14.90", "13.5")], prices_include_vat=True)

    assert per_rate(totals) == [(D("25.5"), D("100.00"), D("25.50")), (D("13.5"), D("26.26"), D("3.54"))]
    assert totals.gross == D("155.30")


def test_lines_priced_with_vat_share_out_the_cent_that_rounding_leaves() -> None:
    totals = add_up([line("1", "0.99")] * 3, prices_include_vat=True)

    assert [amount.gross for amount in totals.lines] == [D("0.99")] * 3
    assert totals.vat == D("0.60")
    assert add_up([line("1", "0.99")], prices_include_vat=True).vat == D("0.20")
    uneven = add_up([line("1", "1.03")] * 3, prices_include_vat=True)
    assert (uneven.vat, [amount.vat for amount in uneven.lines]) == (
        D("0.63"),
        [D("0.21")] * 3,
    )
    shared = add_up([line("1", "0.02")] * 3, prices_include_vat=True)
    assert (shared.vat, [amount.vat for amount in shared.lines]) == (
        D("0.01"),
        [D("0.01"), D("0.00"), D("0.00")],
    )


def test_a_discount_is_taken_before_rounding() -> None:
    assert line("3", "33.33", discount="12.5").price == D("87.49")
    assert line("1", "50.00", discount="100").price == D("0.00")


@pytest.mark.parametrize(
    ("amount", "cents"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("0.0049", "0.00"), ("2.675", "2.68")]
)
def test_rounding_is_half_up_away_from_zero(amount: str, cents: str) -> None:
    assert rounded(D(amount)) == D(cents)


def test_zero_has_no_sign() -> None:
    assert str(rounded(D("-0.001"))) == "0.00"
    assert str(add_up([]).gross) == "0.00"


@pytest.mark.parametrize(
    "figures",
    [
        {"quantity": D("NaN")},
        {"quantity": D("Infinity")},
        {"unit_price": D("1E+12")},
        {"unit_price": D("0.0000001")},
        {"quantity": D("1." + "0" * 50 + "1")},
        {"discount_percent": D("100.01")},
        {"discount_percent": D("-1")},
        {"vat_rate": D("0")},
        {"vat_rate": D("-24")},
        {"vat_rate": D("100")},
        {"vat_category": VatCategory.EXEMPT},
    ],
)
def test_a_line_that_no_invoice_can_hold_is_refused(figures: dict[str, Decimal]) -> None:
    ordinary: dict[str, Decimal] = {"quantity": D(1), "unit_price": D(1), "vat_rate": D("25.5")}

    with pytest.raises(AmountError):
        Line(**(ordinary | figures))  # type: ignore[arg-type]


def test_binary_floating_point_is_refused() -> None:
    with pytest.raises(TypeError):
        Line(quantity=D(1), unit_price=0.1, vat_rate=D("25.5"))  # type: ignore[arg-type]


figures = st.decimals("-99999", "99999", places=4)
lines = st.builds(
    line,
    st.decimals("-999", "999", places=3).map(str),
    figures.map(str),
    st.sampled_from(["25.5", "24", "14", "13.5", "10", "0"]),
    st.decimals(0, 100, places=2).map(str),
)


def exactly(number: Decimal) -> Fraction:
    return Fraction(number)


def half_up(number: Fraction) -> Decimal:
    cents = (abs(number) * 100 + Fraction(1, 2)) // 1
    return D(cents if number >= 0 else -cents) / 100


@given(st.lists(lines, max_size=12))
def test_totals_hold_the_rules_of_en_16931_for_any_lines(sold: list[Line]) -> None:
    totals = add_up(sold)

    for total in totals.per_rate:
        of_rate = [
            amount.net
            for item, amount in zip(sold, totals.lines, strict=True)
            if (item.vat_category, item.vat_rate) == (total.vat_category, total.vat_rate)
        ]
        assert total.net == sum(of_rate)
        assert total.vat == half_up(exactly(total.net) * exactly(total.vat_rate) / 100)  # BR-CO-17
    assert totals.vat == sum((total.vat for total in totals.per_rate), D(0))  # BR-CO-14
    assert totals.gross == totals.net + totals.vat


@given(st.lists(lines, max_size=12))
@example([line("1", "0.02")] * 3)
def test_prices_with_vat_add_up_to_what_was_told_for_any_lines(sold: list[Line]) -> None:
    totals = add_up(sold, prices_include_vat=True)

    assert totals.gross == sum((item.price for item in sold), D(0))
    assert [amount.gross for amount in totals.lines] == [item.price for item in sold]
    for total in totals.per_rate:
        share = exactly(total.vat_rate) / (100 + exactly(total.vat_rate))
        assert total.vat == half_up(exactly(total.gross) * share)
    assert totals.net == sum((amount.net for amount in totals.lines), D(0))
    for item, amount in zip(sold, totals.lines, strict=True):
        exact = exactly(item.price) * exactly(item.vat_rate) / (100 + exactly(item.vat_rate))
        assert abs(exactly(amount.vat) - exact) < Fraction(3, 200)


@given(st.lists(lines, max_size=8), st.booleans())
def test_a_credit_note_is_the_invoices_mirror(sold: list[Line], prices_include_vat: bool) -> None:
    invoice = add_up(sold, prices_include_vat=prices_include_vat)
    credit = add_up([item.credited() for item in sold], prices_include_vat=prices_include_vat)

    assert (credit.net, credit.vat, credit.gross) == (-invoice.net, -invoice.vat, -invoice.gross)
    assert [amount.vat for amount in credit.lines] == [-amount.vat for amount in invoice.lines]


@given(st.lists(lines, min_size=1, max_size=8), st.randoms())
def test_the_order_of_lines_does_not_change_the_totals(sold: list[Line], random: object) -> None:
    shuffled = list(sold)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert add_up(shuffled).per_rate == add_up(sold).per_rate


@given(figures)
def test_rounding_equals_the_decimal_modules(amount: Decimal) -> None:
    assert rounded(amount) == amount.quantize(D("0.01"), ROUND_HALF_UP)


def test_an_amount_is_net_and_vat_together() -> None:
    assert Amount(net=D("1.00"), vat=D("0.26")).gross == D("1.26")
    assert amounts.vat_on(D("30.09"), rate=D("25.5")) == D("7.67")
