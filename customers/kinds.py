"""Kinds of assignments: words by which work is told apart and its sales are added up.

A kind that was merged stays as another name of the one it became, so that issued invoices, which nobody can
change, count under the new one; whoever types the old name gets the new kind.
"""

from __future__ import annotations

from django.db import IntegrityError
from django.db.models import Count, ProtectedError, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from customers.models import Assignment, AssignmentKind
from register import access
from register.finnish import clean_line
from register.models import User

LIMIT = 50


class NameTaken(ValueError):
    """Another kind is called so, or was before it was merged."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“%(name)s” is there already. Merge the two kinds if they are the same.") % {"name": name}
        )


class NameMissing(ValueError):
    """Nothing is left of the name."""

    def __init__(self) -> None:
        super().__init__(_("Write the name of the kind."))


class InUse(ValueError):
    """Assignments or invoices name the kind."""

    def __init__(self) -> None:
        super().__init__(
            _("Assignments or invoices are of this kind, so it stays. Rename it, or merge it into another.")
        )


class CannotMerge(ValueError):
    """The kind that was chosen is none, or is this one."""

    def __init__(self) -> None:
        super().__init__(_("Choose another kind into which this one is merged."))


def current() -> QuerySet[AssignmentKind]:
    """Those that count, by name."""
    return AssignmentKind.objects.filter(merged_into=None)


def choices() -> list[AssignmentKind]:
    """Those from which one chooses."""
    return list(current())


def listed() -> list[AssignmentKind]:
    """Those that count, with `used`, the number of their assignments, and the names that were merged into them."""
    of = Coalesce("kind__merged_into", "kind")
    counts = Assignment.objects.filter(kind__isnull=False).values(of=of).annotate(used=Count("pk"))
    used = dict(counts.values_list("of", "used"))
    found = list(current().prefetch_related("merged"))
    for kind in found:
        kind.used = used.get(kind.pk, 0)  # type: ignore[attr-defined]
    return found


def same(kind: AssignmentKind) -> QuerySet[AssignmentKind]:
    """The kind under all its names."""
    return AssignmentKind.objects.filter(Q(pk=kind.pk) | Q(merged_into=kind))


def named(text: str) -> AssignmentKind | None:
    """The kind of this name, made where there is none; None for no name. Raises UnreadableText, TextTooLong."""
    name = clean_line(text, limit=LIMIT)
    if not name:
        return None
    found = _called(name)
    if found is None:
        try:
            with access.atomic():
                return AssignmentKind.objects.create(name=name)
        except IntegrityError:
            found = _called(name)
            if found is None:
                raise
    return found.current


def rename(kind: AssignmentKind, *, name: str, by: User) -> None:
    """Give a kind another name, everywhere. Raises NameMissing, NameTaken."""
    name = clean_line(name, limit=LIMIT)
    if not name:
        raise NameMissing
    other = _called(name)
    if other is not None and other != kind:
        raise NameTaken(other.name)
    try:
        with access.atomic():
            kind.name = name
            kind.save(update_fields=["name"])
    except IntegrityError:
        raise NameTaken(name) from None


def merge(kind: AssignmentKind, *, into: AssignmentKind | None, by: User) -> None:
    """Count a kind, and what was merged into it before, as another from now on. Raises CannotMerge."""
    with access.atomic():
        chosen = [kind.pk, into.pk if into is not None else kind.pk]
        held = {row.pk: row for row in current().select_for_update().filter(pk__in=chosen).order_by("pk")}
        if len(held) < 2:
            raise CannotMerge
        for row in AssignmentKind.objects.filter(Q(pk=kind.pk) | Q(merged_into=kind)):
            row.merged_into = into
            row.save(update_fields=["merged_into"])


def remove(kind: AssignmentKind, *, by: User) -> None:
    """Delete a kind that nothing names. Raises InUse."""
    try:
        with access.atomic():
            kind.delete()
    except (ProtectedError, IntegrityError):
        raise InUse from None


def _called(name: str) -> AssignmentKind | None:
    return AssignmentKind.objects.select_related("merged_into").filter(name__iexact=name).first()
