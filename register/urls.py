"""The owner's pages of the core, under /register/."""

from __future__ import annotations

from django.urls import path

from register.oversight import pages as oversight
from register.registrar import pages as registrar
from register.staff import pages as staff

app_name = "register"
urlpatterns = [
    path("statement/", oversight.statement_page, name="statement"),
    path("statement/publish/", oversight.publish, name="publish_statement"),
    path("statement/V<int:pk>/", oversight.version_page, name="statement_version"),
    path("record/", oversight.record_page, name="record"),
    path("record/record.<str:ending>", oversight.record_file, name="record_file"),
    path("audit/", oversight.audit_page, name="audit"),
    path("audit/audit.csv", oversight.audit_file, name="audit_file"),
    path("security/", oversight.security_page, name="security"),
    path("copy/<str:number>/", oversight.copy, name="copy"),
    path("erase/<str:number>/", oversight.erase, name="erase"),
    path("erasures/R<int:pk>/", oversight.erased, name="erased"),
    path("registrar/", registrar.details, name="registrar"),
    path("users/", staff.users, name="users"),
    path("users/invite/", staff.invite, name="invite"),
    path("users/<int:pk>/", staff.user, name="user"),
    path("users/<int:pk>/role/", staff.change_role, name="change_role"),
    path("users/<int:pk>/close/", staff.close, name="close_user"),
    path("users/<int:pk>/reopen/", staff.reopen, name="reopen_user"),
    path("users/<int:pk>/second-factor/", staff.reset_second_factor, name="reset_second_factor"),
    path("users/invitations/<int:pk>/again/", staff.invite_again, name="invite_again"),
    path("users/invitations/<int:pk>/withdraw/", staff.withdraw, name="withdraw_invitation"),
]
