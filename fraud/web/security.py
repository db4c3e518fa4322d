"""The security room: who is at the door, and what every answer carries.

- Session ids are 256 random bits; the store keeps only their SHA-256. A new id at sign-in, an end
  after 30 idle minutes and after 10 hours in any case.
- The cookie is HttpOnly and SameSite=Lax; over HTTPS it is Secure and carries the prefix `__Host-`.
- Every unsafe request needs the form token of its session, compared in constant time, and must not
  come from another site. The sign-in page has such a token of its own.
- Five failed sign-ins under a name, known or not, close it for 15 minutes.
- Every route names who may use it through `Allowed` or `Anyone`; a test finds routes that do not.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import FormData, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fraud.audit import AuditEvent
from fraud.cases import Actor, NotYours, Refused, Role
from fraud.clock import Clock
from fraud.config import Settings
from fraud.errors import Forbidden, NotFound, SempadanError
from fraud.store import desk_people as rows
from fraud.store.engine import Store
from fraud.workflow.staff import password_fits

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
TOUCH_AFTER = timedelta(minutes=1)
"""A session's last use is written at most this often: reading pages should cost no writes."""

MOST_FAILURES = 5
CLOSED_FOR = timedelta(minutes=15)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_FORM_BYTES = 100_000

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class SignInNeeded(SempadanError):
    """Nobody is signed in; the edge sends the visitor to the sign-in page."""


class ForgedForm(Forbidden):
    """A form did not come from one of our own pages."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: the person, if signed in, and the token that their forms must carry."""

    actor: Actor | None
    form_token: str


class Door:
    """Sessions and sign-in over the store.

    `clock` is the machine's: a session ends in real time even where cases run on simulated time.
    The audit log is written in the time that cases live in (`audit_clock`).
    """

    def __init__(
        self, settings: Settings, store: Store, *, clock: Clock, audit_clock: Clock
    ) -> None:
        self._store = store
        self._clock = clock
        self._audit_clock = audit_clock
        self._secure = settings.secure_cookies
        prefix = "__Host-" if self._secure else ""
        self.session_cookie = f"{prefix}sempadan_session"
        self.door_cookie = f"{prefix}sempadan_door"

    def visitor(self, request: Request) -> Visitor:
        """Who sent this request."""
        session_id = request.cookies.get(self.session_cookie, "")
        if session_id and (actor := self._actor(_digest(session_id))):
            return Visitor(actor, form_token(session_id))
        door_id = request.cookies.get(self.door_cookie, "")
        return Visitor(None, form_token(door_id) if door_id else "")

    def _actor(self, digest: str) -> Actor | None:
        now = self._clock()
        with self._store.reading() as connection:
            session = rows.find_session(connection, digest)
        if session is None or now - session.made_at > LONGEST or now - session.seen_at > IDLE:
            return None
        if now - session.seen_at > TOUCH_AFTER:
            with self._store.begin(serial=False) as connection:
                rows.touch_session(connection, digest, now)
        return session.actor

    def greet(self, request: Request, response: Response) -> str:
        """Give a visitor without a session an id of their own; answers their form token.

        Who has one keeps it, so that a second page does not spoil the form of the first.
        """
        door_id = request.cookies.get(self.door_cookie) or token_urlsafe(32)
        self._set_cookie(response, self.door_cookie, door_id)
        return form_token(door_id)

    def sign_in(self, request: Request, name: str, password: str) -> str:
        """Check a name and password; answers a new session id.

        Raises NotYours when they do not fit and Refused while the name is closed.
        """
        name, now = name.replace("\0", "").strip().lower()[:64], self._clock()
        self._refuse_if_closed(name, now)
        with self._store.reading() as connection:
            member = rows.find_staff_member(connection, name)
        if not password_fits(member, password):
            self._note_failure(name, now)
            raise NotYours("sign_in.refused")
        return self._new_session(request, name, now)

    def _refuse_if_closed(self, name: str, now: datetime) -> None:
        with self._store.reading() as connection:
            failures = rows.failures_of(connection, self._named(name))
        if failures is None or failures.count < MOST_FAILURES:
            return
        if now - failures.last_at < CLOSED_FOR:
            raise Refused("sign_in.closed", minutes=int(CLOSED_FOR.total_seconds() // 60))

    def _note_failure(self, name: str, now: datetime) -> None:
        with self._store.begin() as connection:
            before = rows.failures_of(connection, self._named(name))
            fresh = before is None or now - before.last_at >= CLOSED_FOR
            count = 1 if before is None or fresh else before.count + 1
            rows.save_failures(connection, self._named(name), rows.Failures(count, now))
            failed = AuditEvent(
                self._audit_clock(), "door", "staff.sign_in_failed", self._named(name), {}
            )
            self._store.add_audit(connection, [failed])

    def _named(self, typed: str) -> str:
        """What is kept of a name typed in, which may be a password by mistake: a keyed digest."""
        return f"{self._store.keyring.node('sign-in name', typed):016x}"

    def _new_session(self, request: Request, name: str, now: datetime) -> str:
        session_id = token_urlsafe(32)
        with self._store.begin() as connection:
            rows.clear_failures(connection, self._named(name))
            rows.drop_session(connection, _digest(request.cookies.get(self.session_cookie, "")))
            rows.drop_old_sessions(connection, made_before=now - LONGEST, seen_before=now - IDLE)
            rows.add_session(connection, _digest(session_id), name, now)
            came = AuditEvent(self._audit_clock(), name, "staff.signed_in", name, {})
            self._store.add_audit(connection, [came])
        return session_id

    def let_in(self, response: Response, session_id: str) -> None:
        """Hand the session over and take the door's own id back."""
        self._set_cookie(response, self.session_cookie, session_id)
        response.delete_cookie(self.door_cookie, path="/", secure=self._secure, httponly=True)

    def sign_out(self, request: Request, response: Response, actor: Actor) -> None:
        """End this session."""
        with self._store.begin() as connection:
            rows.drop_session(connection, _digest(request.cookies.get(self.session_cookie, "")))
            left = AuditEvent(self._audit_clock(), actor.name, "staff.signed_out", actor.name, {})
            self._store.add_audit(connection, [left])
        response.delete_cookie(self.session_cookie, path="/", secure=self._secure, httponly=True)

    def _set_cookie(self, response: Response, name: str, value: str) -> None:
        response.set_cookie(
            name, value, path="/", secure=self._secure, httponly=True, samesite="lax"
        )


def form_token(session_id: str) -> str:
    """The token of a session's forms, derived from its id so that it is stored nowhere."""
    return hmac.digest(session_id.encode(), b"sempadan form", "sha256").hex()


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


async def read_form(request: Request) -> FormData:
    """The form of an unsafe request, read once; empty otherwise."""
    if request.method in SAFE_METHODS:
        return FormData()
    return await request.form(max_files=0, max_fields=40, max_part_size=LARGEST_FORM_BYTES)


Form = Annotated[FormData, Depends(read_form)]


class Anyone:
    """A route that needs no sign-in; unsafe methods still need a form of our own."""

    roles: frozenset[Role] | None = None

    def __call__(self, request: Request, form: Form) -> Visitor:
        visitor = come_in(request)
        refuse_forged(request, form, visitor)
        return visitor


class Allowed:
    """A route for some roles only."""

    def __init__(self, *roles: Role) -> None:
        self.roles = frozenset(roles)

    def __call__(self, request: Request, form: Form) -> Actor:
        visitor = come_in(request)
        if visitor.actor is None:  # before the form, whose token ended with the session
            raise SignInNeeded
        refuse_forged(request, form, visitor)
        if visitor.actor.role not in self.roles:
            raise NotYours("refused.role")
        return visitor.actor


def come_in(request: Request) -> Visitor:
    """Who is at the door; pages read it from the request."""
    if "\0" in request.url.path:
        raise NotFound("no page has such a name")
    visitor = door_of(request).visitor(request)
    request.state.visitor = visitor
    return visitor


def door_of(request: Request) -> Door:
    """The door of this application."""
    door: Door = request.app.state.door
    return door


def refuse_forged(request: Request, form: FormData, visitor: Visitor) -> None:
    """Raise ForgedForm when a form is not from a page of ours, shown to this visitor."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site", "same-origin")
    token = form.get("form_token", "")
    sent = token if isinstance(token, str) else ""
    fits = hmac.compare_digest(sent.encode(), visitor.form_token.encode())
    if site != "same-origin" or not visitor.form_token or not fits:
        raise ForgedForm("this form did not come from a page of ours, or the page was too old")


def local_path(wanted: str) -> str:
    """A path on this site to go to, or the start page: never another site."""
    plain = wanted.isprintable() and "\\" not in wanted
    return wanted if plain and wanted.startswith("/") and not wanted.startswith("//") else "/"


class SecureAnswers:
    """Puts the security headers on every answer; pages are never kept by a cache."""

    def __init__(self, app: ASGIApp, *, https_only: bool) -> None:
        self._app = app
        self._headers = dict(HEADERS)
        if https_only:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(message, str(scope["path"]))
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _add_headers(self, message: Any, path: str) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in self._headers.items():
            headers[name] = value
        kept = path.startswith("/static/")
        headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-store"
