"""What stands on a person's page beside his timeline: one statement (register.at_once)."""

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
       (SELECT json_agg(t ORDER BY t.due_on, t.id)
          FROM (SELECT * FROM customers_task WHERE person_id = %(person)s AND done_at IS NULL
                 ORDER BY due_on, id LIMIT %(tasks)s) t),
       (SELECT json_agg(f ORDER BY f.at DESC, f.field) FROM customers_completion f WHERE f.person_id = %(person)s),
       (SELECT json_agg(e ORDER BY e.ended_on NULLS FIRST, e."primary" DESC, e.id)
          FROM customers_emailaddress e WHERE e.person_id = %(person)s),
       (SELECT json_agg(p ORDER BY p.ended_on NULLS FIRST, p."primary" DESC, p.id)
          FROM customers_phonenumber p WHERE p.person_id = %(person)s),
       (SELECT json_agg(a ORDER BY a.ended_on NULLS FIRST, a."primary" DESC, a.id)
          FROM customers_postaladdress a WHERE a.person_id = %(person)s)
"""


@dataclass(frozen=True)
class Dossier:
    """Whom the person represents and represented, the newest assignments, the tasks to be done, what files
    completed, contact details."""

    represents: list[Representation]
    left: list[Representation]
    assignments: list[Assignment]
    tasks: list[Task]
    completions: list[Completion]
    details: dict[str, list[Any]]


def of(person: Person) -> Dossier:
    """The dossier of one person."""
    wanted = {"person": person.pk, "assignments": ASSIGNMENTS, "tasks": TASKS}
    [(representations, assignments, tasks, completions, *details)] = access.ask(OF_PERSON, wanted)
    represents = []
    for representation, customer in representations or ():
        one = at_once.one(Representation, representation)
        one.customer = at_once.one(Customer, customer)
        represents.append(one)
    return Dossier(
        represents=[one for one in represents if one.until is None],
        left=[one for one in represents if one.until is not None],
        assignments=at_once.many(Assignment, assignments),
        tasks=at_once.many(Task, tasks),
        completions=at_once.many(Completion, completions),
        details={
            name: at_once.many(model, found)
            for (name, model), found in zip(contacts.BY_NAME.items(), details, strict=True)
        },
    )
