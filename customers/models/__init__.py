"""The customer register's tables."""

from customers.models.assignments import Assignment, AssignmentKind, AssignmentLine, VatCode
from customers.models.attachments import Attachment
from customers.models.contacts import EmailAddress, PhoneNumber, PostalAddress
from customers.models.imports import ColumnMapping, Completion, ImportRow, ImportRun
from customers.models.interactions import Interaction, InteractionPerson
from customers.models.parties import Customer, Person, Relationship, Representation, Tag
from customers.models.search import SearchDocument, SearchPending
from customers.models.sources import Source
from customers.models.tasks import Task

__all__ = [
    "Assignment",
    "AssignmentKind",
    "AssignmentLine",
    "Attachment",
    "ColumnMapping",
    "Completion",
    "Customer",
    "EmailAddress",
    "ImportRow",
    "ImportRun",
    "Interaction",
    "InteractionPerson",
    "Person",
    "PhoneNumber",
    "PostalAddress",
    "Relationship",
    "Representation",
    "SearchDocument",
    "SearchPending",
    "Source",
    "Tag",
    "Task",
    "VatCode",
]
