"""Fields that read what people type and paste: text fit to keep, dates, amounts, files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import attachments
from register.finnish import LINE_LIMIT, TEXT_LIMIT, TextTooLong, UnreadableText, clean_line, clean_text


class Line(forms.CharField):
    """One line of text, cleaned; what cannot be kept is refused with the reason."""

    def __init__(self, *, limit: int = LINE_LIMIT, **options: Any) -> None:
        super().__init__(**options)
        self.limit = limit
        self.widget.attrs.setdefault("maxlength", limit)

    def to_python(self, value: Any) -> str:
        return _cleaned(clean_line, super().to_python(value) or "", self.limit)


class Text(forms.CharField):
    """Several lines of text, cleaned."""

    widget = forms.Textarea

    def __init__(self, *, limit: int = TEXT_LIMIT, rows: int = 4, **options: Any) -> None:
        super().__init__(strip=False, **options)
        self.limit = limit
        self.widget.attrs["rows"] = rows

    def to_python(self, value: Any) -> str:
        return _cleaned(clean_text, super().to_python(value) or "", self.limit)


YEARS = range(1900, 2200)
"""Years that are meant; another one is a slip of the finger."""


def _in_our_time(day: date) -> None:
    if day.year not in YEARS:
        raise ValidationError(_("Check the year."), code="year")


class Day(forms.DateField):
    """A day, in the browser's own calendar where it has one."""

    default_validators = [_in_our_time]

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        formats = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]
        super().__init__(widget=widget, input_formats=formats, **options)


class Moment(forms.DateTimeField):
    """A day and a time."""

    default_validators = [_in_our_time]

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H.%M", "%d.%m.%Y"]
        super().__init__(widget=widget, input_formats=formats, **options)


class Amount(forms.DecimalField):
    """A number as a Finn writes it: 1 088,36 or 1088.36, with or without €."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs.update({"inputmode": "decimal", "class": "amount"})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = "".join(str(value or "").replace("€", "").replace("−", "-").split())
        if "," in text:
            text = text.replace(".", "").replace(",", ".")
        return super().to_python(text)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        places = self.decimal_places or 0
        text = f"{value:.{places}f}"
        if places > 2:
            text = text.rstrip("0").rstrip(".")
        return text.replace(".", ",")


class Tags(forms.CharField):
    """Words parted by commas; each once."""

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        words = [_cleaned(clean_line, word, 50) for word in (super().to_python(value) or "").split(",")]
        return list({word.casefold(): word for word in words if word}.values())

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)

    def run_validators(self, value: Any) -> None:
        """Each word was cleaned already."""


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class Files(forms.FileField):
    """Any number of files, each checked by its content."""

    widget = _Files

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", gettext_lazy("Files"))
        super().__init__(required=False, max_length=None, **options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:  # type: ignore[override]
        found: Iterable[Any] = data if isinstance(data, (list, tuple)) else [data] if data else []
        files = list(found)
        problems = [problem for file in files if (problem := _problem(file))]
        if problems:
            raise ValidationError([*problems, _("Choose the files again.")])
        return files


def _problem(file: UploadedFile) -> str:
    try:
        attachments.check(file)
    except attachments.Refused as refused:
        return f"{refused.name}: {refused}"
    return ""


def _cleaned(clean: Any, text: str, limit: int) -> str:
    try:
        return str(clean(text, limit=limit))
    except TextTooLong:
        raise ValidationError(
            _("The text has %(length)d characters; at most %(limit)d fit. Nothing was cut: shorten it.")
            % {"length": len(text), "limit": limit}
        ) from None
    except UnreadableText as unreadable:
        raise ValidationError(str(unreadable)) from None
