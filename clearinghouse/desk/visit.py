"""One request to the desk as a page sees it: who asks, what was sent, and how to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from clearinghouse.desk.limits import Window
from clearinghouse.desk.people import Caller, Register
from clearinghouse.desk.sessions import Sessions
from clearinghouse.desk.words import LANGUAGES, say
from governance.report.format import both, gate_name, percent, threshold
from schemas.errors import KeyMissing

if TYPE_CHECKING:
    from clearinghouse.settings import Settings
    from governance.signing import Signer
    from infra.store import Store

FOLDER = Path(__file__).parent


@dataclass
class Desk:
    """What all pages share. ``settings`` hold no passphrase: each person types their own.

    ``hosts`` are the names by which the desk may be called, none for any. ``framed``: it is part of another site,
    which says who somebody is, and has no sign-in of its own.
    """

    settings: Settings
    store: Store
    secret: bytes = field(repr=False)
    hosts: frozenset[str] = frozenset()
    framed: bool = False
    sessions: Sessions = field(default_factory=Sessions)
    #: Wrong passwords of one name from one address, of one name, and of one address.
    failures: Window = field(default_factory=lambda: Window(5, 900))
    failures_of_name: Window = field(default_factory=lambda: Window(50, 900))
    failures_of_address: Window = field(default_factory=lambda: Window(30, 900))
    #: Wrong passphrases of one person's key.
    passphrases: Window = field(default_factory=lambda: Window(10, 900))
    #: Forms of one person, or of one address before sign-in. A quick reader gives a verdict a second.
    posts: Window = field(default_factory=lambda: Window(120, 60))

    def __post_init__(self) -> None:
        self.settings = replace(self.settings, signing_passphrase=None, actor=None)
        self.register = Register(self.settings, self.store)


@dataclass
class Visit:
    """A request that has passed the guard. ``form`` and ``files`` are what a form sent."""

    desk: Desk
    request: Request
    language: str
    base: str
    caller: Caller | None
    csrf: str
    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def who(self) -> Caller:
        assert self.caller is not None, "this page asks for a person"
        return self.caller

    @property
    def settings(self) -> Settings:
        """The settings of a job that works in this person's name."""
        return replace(self.desk.settings, actor=self.who.name)

    @property
    def address(self) -> str:
        return self.request.client.host if self.request.client else "?"

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page by the name of its template. Whatever is put in is escaped."""
        place = self.request.url.path.removeprefix(self.base) or "/"
        made = _templates().get_template(f"{template}.html")
        return HTMLResponse(
            made.render(
                t=self.say,
                base=self.base,
                here=place,
                csrf=self.csrf,
                person=self.caller,
                framed=self.desk.framed,
                language=self.language,
                languages=LANGUAGES,
                **{"notice": "", "fault": None, **values},
            ),
            status,
        )

    def say(self, text: str, **values: Any) -> str:
        return say(self.language, text, **values)

    def go(self, place: str) -> Response:
        """On to another page of the desk, which is asked for by GET."""
        return RedirectResponse(self.base + place, 303)

    def fault(self, status: int, message: str, state: str = "", fix: str = "") -> Response:
        return self.page("fault", status, fault={"message": message, "state": state, "fix": fix, "status": status})

    def signer(self) -> Signer | None:
        """The caller's key, opened with what they typed; ``None`` where nobody signs in this store.

        The file is the one that they sent, else the one that the desk's settings name. Raises `KeyMissing`.
        """
        from governance.signing import Signer

        if self.desk.register.in_force() is None:
            return None
        wait = self.desk.passphrases.wait(self.who.name)
        if wait:
            raise KeyMissing(
                f"too many wrong passphrases for the key of {self.who.name}",
                state="nothing was written",
                fix=f"try again in {wait:,} seconds",
            )
        phrase = self.form.get("passphrase", "").encode("utf-8", "surrogatepass")
        sent = self.files.get("key")
        try:
            if sent:
                return Signer.from_pem(sent, phrase, "the key file that you sent")
            path = (self.desk.settings.signing_key or "").removeprefix("file:").replace("{name}", self.who.name)
            if not path:
                raise KeyMissing(
                    f"{self.who.name} signs with a key, and no key was given",
                    state="nothing was written",
                    fix="choose your key's file in the form; it is not kept",
                )
            return Signer.load(path, phrase)
        except KeyMissing:
            self.desk.passphrases.add(self.who.name)
            raise

    @property
    def key_at_hand(self) -> bool:
        """Whether the desk's settings say where people's keys are."""
        return bool(self.desk.settings.signing_key)


Handler = Callable[[Visit], Response]


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Gates have the names and values that they have in the report.
    made.filters["gate_name"] = lambda name, language: gate_name(name)[language == "zh"]
    made.filters["gate_value"] = lambda value, language: both(str(value), "VALUES")[language == "zh"] if value else "–"
    made.filters["gate_limit"] = threshold
    made.filters["percent"] = percent
    return made
