"""The core's own data categories: the staff, the registrar, the audit; and the libraries' tables."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from register.inventory import (
    BLANK,
    ROW,
    After,
    Basis,
    Event,
    Kind,
    Place,
    Routine,
    Table,
    ThirdParty,
    declare,
)
from register.roles import Access, Login

STAFF = Kind(
    label=_("User account"),
    purpose=_("to let only those in who may use the register"),
    basis=Basis.LEGITIMATE_INTEREST,
    keep=After(Event.ACCOUNT_CLOSED, years=1),
    on_erasure=BLANK,
    source=_("the employee himself"),
)
SIGN_IN = Kind(
    label=_("Sign-in details"),
    purpose=_("to recognise the user and to notice misuse"),
    basis=Basis.LEGITIMATE_INTEREST,
    keep=After(Event.SESSION_END, months=6),
    on_erasure=ROW,
    source=_("the employee himself"),
)
JOBS = Kind(
    label=_("Work waiting to be done"),
    purpose=_("to carry out what was asked for, such as sending a message"),
    basis=Basis.LEGITIMATE_INTEREST,
    keep=After(Event.JOB_DONE, days=14),
    on_erasure=ROW,
)

NOBODY = Access()
READ_ONLY = Access(default="read")
ACCOUNTS = Access(default="read add change delete")

QUEUE = Access(
    default="read add", owner="read add", billing="read add", link="read add", worker="read add change delete"
)
QUEUE_HISTORY = Access(default="add", owner="add", billing="add", link="add", worker="read add change delete")
WORKER_ONLY = Access(worker="read add change delete")
EVERY_LOGIN = frozenset(Login)
DEFER = "procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[])"
WORKER_CALLS = (
    "procrastinate_cancel_job_v1(bigint,boolean,boolean)",
    "procrastinate_defer_periodic_job_v2(character varying,character varying,character varying,"
    "character varying,integer,character varying,bigint,jsonb)",
    "procrastinate_fetch_job_v2(character varying[],bigint)",
    "procrastinate_finish_job_v1(bigint,procrastinate_job_status,boolean)",
    "procrastinate_prune_stalled_workers_v1(double precision)",
    "procrastinate_register_worker_v1()",
    "procrastinate_retry_job_v1(bigint,timestamp with time zone,integer,character varying,character varying)",
    "procrastinate_retry_job_v2(bigint,timestamp with time zone,integer,character varying,character varying)",
    "procrastinate_unregister_worker_v1(bigint)",
    "procrastinate_update_heartbeat_v1(bigint)",
)

declare(
    ThirdParty("contenttypes.ContentType", Access(default="read")),
    ThirdParty("auth.Permission", NOBODY),
    ThirdParty("auth.Group", NOBODY),
    ThirdParty("admin.LogEntry", NOBODY),
    Table("auditlog_logentry", NOBODY),
    Table("django_migrations", READ_ONLY),
    ThirdParty("account.EmailAddress", ACCOUNTS, about=("user",), fields={"email": STAFF}),
    ThirdParty("account.EmailConfirmation", ACCOUNTS, about=("email_address__user",)),
    ThirdParty("mfa.Authenticator", ACCOUNTS, about=("user",), fields={"data": SIGN_IN}),
    Table("register_cache", ACCOUNTS),
    ThirdParty("procrastinate.ProcrastinateJob", QUEUE),
    ThirdParty("procrastinate.ProcrastinateEvent", QUEUE_HISTORY),
    ThirdParty("procrastinate.ProcrastinatePeriodicDefer", WORKER_ONLY),
    ThirdParty("procrastinate.ProcrastinateWorker", WORKER_ONLY),
    Routine("register_actor()", EVERY_LOGIN),
    Routine(DEFER, EVERY_LOGIN - {Login.AUDIT}),
    *(Routine(signature, frozenset({Login.WORKER})) for signature in WORKER_CALLS),
)

declare(
    Place(
        "backups",
        None,
        where=_("encrypted files apart from the register, which only its operator can open"),
        erased_by=_(
            "deleted 35 days after they were made; when the register is restored from one, the erasures made since "
            "are done again before it is used"
        ),
        title=_("Backup copies of the register"),
    ),
    Place(
        "exported files",
        None,
        where=_(
            "not in the register: on the workstation of whoever asked for the file; the audit records who exported "
            "what, and when"
        ),
        erased_by=_("by whoever exported it, as soon as it has served its purpose"),
        title=_("Exported files: lists, reports, the copy of a person's own data"),
    ),
)
