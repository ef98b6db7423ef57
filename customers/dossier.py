"""What stands on the page of a person or a customer beside the timeline: one statement each (register.at_once)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from customers import contacts
from customers.models import Assignment, Completion, Customer, Person, Representation, Task
from register import access, at_once

ASSIGNMENTS = 10
TASKS = 20

OF_PERSON = """
SELECT (SELECT json_agg(json_build_array(r, c) ORDER BY r.until DESC NULLS FIRST, r."primary" DESC, c.sort_key)
          FROM customers_representation r JOIN customers_customer c ON c.id = r.customer_id
         WHERE r.person_id = %(person)s),
       (SELECT json_agg(a ORDER BY a.id DESC)
          FROM (SELECT * FROM customers_assignment WHERE contact_id = %(person)s
                 ORDER BY id DESC LIMIT %(assignments)s) a),
       (SELECT count(*) FROM customers_assignment WHERE contact_id = %(person)s),
       (SELECT json_agg(t ORDER BY t.due_on, t.id)
          FROM (SELECT * FROM customers_task WHERE person_id = %(person)s AND done_at IS NULL
                 ORDER BY due_on, id LIMIT %(tasks)s) t),
       (SELECT count(*) FROM customers_task WHERE person_id = %(person)s AND done_at IS NULL),
       (SELECT count(*) FROM customers_task WHERE person_id = %(person)s AND done_at IS NOT NULL),
       (SELECT json_agg(f ORDER BY f.at DESC, f.field) FROM customers_completion f WHERE f.person_id = %(person)s),
       (SELECT json_agg(e ORDER BY e.ended_on NULLS FIRST, e."primary" DESC, e.id)
          FROM customers_emailaddress e WHERE e.person_id = %(person)s),
       (SELECT json_agg(p ORDER BY p.ended_on NULLS FIRST, p."primary" DESC, p.id)
          FROM customers_phonenumber p WHERE p.person_id = %(person)s),
       (SELECT json_agg(a ORDER BY a.ended_on NULLS FIRST, a."primary" DESC, a.id)
          FROM customers_postaladdress a WHERE a.person_id = %(person)s)
"""
OF_CUSTOMER = """
SELECT (SELECT json_agg(a ORDER BY a.id DESC)
          FROM (SELECT * FROM customers_assignment WHERE customer_id = %(customer)s
                 ORDER BY id DESC LIMIT %(assignments)s) a),
       (SELECT count(*) FROM customers_assignment WHERE customer_id = %(customer)s),
       (SELECT json_agg(t ORDER BY t.due_on, t.id)
          FROM (SELECT * FROM customers_task WHERE customer_id = %(customer)s AND done_at IS NULL
                 ORDER BY due_on, id LIMIT %(tasks)s) t),
       (SELECT count(*) FROM customers_task WHERE customer_id = %(customer)s AND done_at IS NULL),
       (SELECT count(*) FROM customers_task WHERE customer_id = %(customer)s AND done_at IS NOT NULL)
"""


@dataclass(frozen=True)
class Work:
    """The newest assignments and the first tasks to be done, and how many there are of each."""

    assignments: list[Assignment]
    all_assignments: int
    tasks: list[Task]
    open_tasks: int
    done_tasks: int

    @classmethod
    def of(cls, assignments: Any, all_assignments: int, tasks: Any, open_tasks: int, done_tasks: int) -> Work:
        """The work of a row that was asked for."""
        first = at_once.many(Assignment, assignments)
        return cls(first, all_assignments, at_once.many(Task, tasks), open_tasks, done_tasks)


@dataclass(frozen=True)
class Dossier:
    """Whom the person represents and represented, the work with him, what files completed, contact details."""

    represents: list[Representation]
    left: list[Representation]
    work: Work
    completions: list[Completion]
    details: dict[str, list[Any]]


def of(person: Person) -> Dossier:
    """The dossier of one person."""
    wanted = {"person": person.pk, "assignments": ASSIGNMENTS, "tasks": TASKS}
    [(representations, *row)] = access.ask(OF_PERSON, wanted)
    work, completions, details = row[:5], row[5], row[6:]
    represents = []
    for representation, customer in representations or ():
        one = at_once.one(Representation, representation)
        one.customer = at_once.one(Customer, customer)
        represents.append(one)
    return Dossier(
        represents=[one for one in represents if one.until is None],
        left=[one for one in represents if one.until is not None],
        work=Work.of(*work),
        completions=at_once.many(Completion, completions),
        details={
            name: at_once.many(model, found)
            for (name, model), found in zip(contacts.BY_NAME.items(), details, strict=True)
        },
    )


def work_for(customer: Customer) -> Work:
    """The work for a customer."""
    wanted = {"customer": customer.pk, "assignments": ASSIGNMENTS, "tasks": TASKS}
    [row] = access.ask(OF_CUSTOMER, wanted)
    return Work.of(*row)
