"""A data contract as frozen values. `schemas.contract_loader` builds them; nothing else may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from schemas.document_parts import Pairing, Tool, Turn

if TYPE_CHECKING:
    from schemas.quality_rules import QualityRules

LogicalType = Literal["string", "date", "timestamp", "time", "number", "integer", "boolean", "object", "array"]
SourceKind = Literal["files", "sql"]
Format = Literal["csv", "json", "jsonl", "yaml", "parquet", "xml", "srt", "ass", "pgcopy", "text"]
#: What the contract may ask for a field; ``None`` on a field leaves it to the policy.
Action = Literal[
    "keep", "scan", "operator", "encrypt", "generalise", "surrogate", "pseudonym", "placeholder", "mask", "drop"
]
OnDrift = Literal["fail", "quarantine", "ignore"]


@dataclass(frozen=True)
class QualityRule:
    """One check of the contract (ODCS ``quality`` of a property or of the object).

    ``metric`` is an ODCS library metric (``nullValues``, ``duplicateValues``, ``invalidValues``, ``missingValues``,
    ``rowCount``) or, with ``engine == "greatExpectations"``, an expectation type such as
    ``expect_column_values_to_be_between`` with ``arguments`` as its keyword arguments.
    ``mostly`` is the least share of rows that must pass, 0 to 1.
    """

    metric: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    engine: str = "library"
    mostly: float = 1.0
    severity: Literal["error", "warning"] = "error"
    name: str = ""


@dataclass(frozen=True)
class Field:
    """One column of the data set.

    ``path`` is where the value stands in a nested record (JSON, YAML, XML): dotted keys, list indexes, ``|json`` to
    parse a string on the way, or ``$file``, ``$line``, ``$index``, ``$parent_index``, ``$key``, ``$parent.<path>``.
    For flat sources it is the physical column name.
    """

    name: str
    path: str
    type: LogicalType
    classification: str
    required: bool = False
    unique: bool = False
    primary_key: bool = False
    entity: str | None = None
    action: Action | None = None
    on_drift: OnDrift = "quarantine"
    region: str | None = None
    language: str | None = None
    scope: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    action_options: Mapping[str, Any] = field(default_factory=dict)
    #: Whether its values lead to a data subject; ``None``: as its classification says (`schemas.subject`).
    subject: bool | None = None
    enum: tuple[Any, ...] = ()
    quality: tuple[QualityRule, ...] = ()
    description: str = ""
    line: int = 0


@dataclass(frozen=True)
class Source:
    """Where a data set comes from and how its bytes read.

    ``location`` may hold ``${NAME}`` or ``${NAME:-default}`` from the environment: for files a path, glob or
    ``s3://`` URI (globs too), for SQL an ADBC URI (``sqlite:///path`` or ``postgresql://…``; secrets come from the
    environment, never from the contract).
    """

    kind: SourceKind
    location: str
    format: Format | None = None
    compression: Literal["auto", "none", "gzip", "zstd", "zip"] = "auto"
    encoding: str = "auto"
    delimiter: str = ","
    row_delimiter: str = "\n"
    quote: str | None = '"'
    escape: str | None = None
    header: bool = True
    skip_rows: int = 0
    columns: tuple[str, ...] = ()
    null_values: tuple[str, ...] = ("",)
    record: str | None = None
    member: str | None = None
    table: str | None = None
    query: str | None = None
    cursor: str | None = None
    lag: str | None = None
    partition: str | None = None
    date_format: str | None = None
    max_record_bytes: int = 16 * 1024 * 1024
    endpoint_url: str | None = None


@dataclass(frozen=True)
class Document:
    """How scrubbed rows become training documents.

    ``kind`` ``text``: one row is one document, ``text`` a template over field names (``"{title}\\n{body}"``; a line
    whose fields are all null is left out). ``kind`` ``chat``: the rows that share ``group``, ordered by ``order``,
    are one conversation; each row is a message with ``text``, and ``role`` mapped by ``roles``. ``kind`` ``turns``: one
    row is one conversation of ``turns``. ``kind`` ``events``: the rows of one ``group`` are one conversation, of
    ``turns`` that say which rows say them; groups of more than ``most`` rows are left out (chats too). ``kind``
    ``pairs``: a ``prompt`` with a preferred and a rejected answer, by ``pairing``. ``kind`` ``image``: the field
    ``image`` holds a picture (base64) or where it is (a URI or path), and ``text`` is its caption.

    ``tools`` are what the conversations may call. ``language`` is a BCP 47 tag, ``field:<name>`` or ``auto``.
    ``profile`` names the sort of text (chat, review, title, subtitle, waybill, article …) for quality thresholds.
    ``markup`` says what is taken off free text before it is scanned (`transforms.markup.MARKUPS`). ``view`` is the name
    under which mixes choose it, empty for the one that stands under ``document``.
    """

    kind: Literal["text", "chat", "turns", "events", "pairs", "image"]
    text: str
    group: str | None = None
    order: str | None = None
    role: str | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
    language: str = "auto"
    profile: str = "article"
    markup: Literal["none", "html", "subtitle", "chat"] = "none"
    view: str = ""
    turns: tuple[Turn, ...] = ()
    tools: tuple[Tool, ...] = ()
    prompt: tuple[Turn, ...] = ()
    pairing: Pairing | None = None
    image: str | None = None
    most: int | None = None


@dataclass(frozen=True)
class Link:
    """Rows of another data set of the unit (or of this one) that belong to a row: those with equal keys.

    ``dataset`` is its key, ``fields`` pairs (own field, field there). ``line`` and ``place`` say where it is stated.
    """

    dataset: str
    fields: tuple[tuple[str, str], ...]
    line: int = 0
    place: str = ""


@dataclass(frozen=True)
class Levels:
    """From which value of a measure on a snapshot is remarked on, held back or refused; ``None``: never."""

    warn: Decimal | None = None
    hold: Decimal | None = None
    fail: Decimal | None = None


@dataclass(frozen=True)
class Drift:
    """How far a snapshot may be from the mean of the last ``window`` committed ones (`governance.drift`).

    ``volume`` and ``redactions`` are changes by proportion, 0 to 1 (half as many and twice as many are both 0.5);
    ``nulls`` a difference of shares, 0 to 1; ``psi`` a population stability index, 0 and up.
    """

    window: int = 5
    volume: Levels = Levels(warn=Decimal("0.5"))
    nulls: Levels = Levels(warn=Decimal("0.05"))
    psi: Levels = Levels(warn=Decimal("0.25"))
    redactions: Levels = Levels(warn=Decimal("0.5"))


@dataclass(frozen=True)
class Contract:
    """One data set: what it holds, on what basis it may be used, where it comes from and how it becomes text."""

    id: str
    unit: str
    name: str
    version: str
    title: str
    owner: str
    legal_basis: str
    licence: str
    purposes: tuple[str, ...]
    residency: str
    retention: str
    fields: tuple[Field, ...]
    source: Source
    document: Document | None
    schedule: str | None
    quality: tuple[QualityRule, ...]
    description: str
    limitations: str
    file: str
    digest: str
    tags: tuple[str, ...] = ()
    consent: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    #: How long rejects are kept, if not as long as the data; ISO 8601.
    quarantine_retention: str = ""
    drift: Drift = Drift()
    #: Whether the rows hold text that a model made: ``none``, ``part`` or ``all``; empty where the contract is silent.
    synthetic: str = ""
    #: Further ways in which the rows become documents, by name of the view.
    documents: Mapping[str, Document] = field(default_factory=dict)

    def seen(self, view: str) -> Contract:
        """The contract with the document of a view, the empty name for its own. Raises `KeyError`."""
        return replace(self, document=self.documents[view]) if view else self

    @property
    def key(self) -> str:
        """``<unit>.<name>``, the name by which mixes and commands call the data set."""
        return f"{self.unit}.{self.name}"

    def field(self, name: str) -> Field:
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(name)


@dataclass(frozen=True)
class Condition:
    """What a mix asks of a field of the scrubbed rows, or of a column of the documents (``document.tokens``).

    ``op`` compares it with ``values``: one for ``=``, ``!=``, ``<``, ``<=``, ``>``, ``>=`` and ``null``, any number for
    ``in`` and ``not in``. Numbers are decimals, all else is text or true and false.
    """

    field: str
    op: Literal["=", "!=", "<", "<=", ">", ">=", "in", "not in", "null"]
    values: tuple[Decimal | str | bool, ...]


@dataclass(frozen=True)
class MixSource:
    """One part of a mix: a data set's documents, or those of all data sets of a ``unit``.

    At most one of ``weight`` (a share, exact) and ``tokens`` (a budget) is set; without either its share is what it
    holds. ``name`` tells it from other sources; ``datasets`` are the keys that it draws from: of a unit they are known
    once the contracts are (`schemas.mix_units.expand`). ``view`` chooses among a contract's documents.
    """

    dataset: str = ""
    weight: Decimal | None = None
    tokens: int | None = None
    epochs: Decimal = Decimal(1)
    languages: tuple[str, ...] = ()
    min_chars: int = 1
    max_chars: int | None = None
    name: str = ""
    unit: str = ""
    without: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    view: str = ""


@dataclass(frozen=True)
class Stage:
    """One stage of a curriculum: its ``budget`` in tokens, or its ``share`` of what budgets of other stages leave.

    ``weights`` and ``tokens`` are by name of the source and replace those of the sources: who is not named gives
    nothing. Empty, the sources' own weights hold. ``temperature`` replaces the mix's.
    """

    name: str
    budget: int | None = None
    share: Decimal | None = None
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    tokens: Mapping[str, int] = field(default_factory=dict)
    temperature: Decimal | None = None


@dataclass(frozen=True)
class Split:
    """What is held out for validation: the share ``validation`` of documents, chosen by a hash under ``salt``.

    ``by`` is ``document``, ``conversation`` or the name of a field, whose equal values go the same way; ``fields``
    names another one for single data sets. ``tokens`` is the size of the validation split, ``None`` for as much of
    each source as there is beside its training part.
    """

    validation: Decimal
    by: str = "document"
    fields: Mapping[str, str] = field(default_factory=dict)
    salt: str = "clearinghouse"
    tokens: int | None = None


@dataclass(frozen=True)
class Near:
    """When two documents are near duplicates: Jaccard similarity of their shingles of so many words (characters in
    scripts without spaces) from ``threshold`` on, 0 to 1."""

    threshold: Decimal = Decimal("0.75")
    words: int = 3
    characters: int = 5


@dataclass(frozen=True)
class Repeated:
    """Lines or paragraphs of at least so many ``words`` that are in more than so many ``documents`` go from all of them
    but the first ``keep``."""

    words: int = 8
    documents: int = 1
    keep: int = 1


MAX_LOSS = Decimal("0.95")
"""What `Dedup.max_loss` is where the mix does not say."""


@dataclass(frozen=True)
class Dedup:
    """Which documents count as one. Equal ones always do; ``near`` adds near duplicates. ``lines`` and ``paragraphs``
    cut out of documents of text what others have too.

    ``max_loss`` is the largest share of a source's documents that may go as duplicates; more refuses the release. A source
    of which next to nothing is left is a mistake of somebody's, so that it is told unless the mix says that it may be.
    """

    near: Near | None = None
    max_loss: Decimal = MAX_LOSS
    lines: Repeated | None = None
    paragraphs: Repeated | None = None


@dataclass(frozen=True)
class Benchmark:
    """A file of evaluation items (JSON Lines, gzip or not) that no document may overlap with. ``fields`` are the keys
    whose text counts, all when empty; ``sha256`` is the digest of the file."""

    name: str
    path: str
    fields: tuple[str, ...]
    sha256: str


@dataclass(frozen=True)
class Decontaminate:
    """Documents with a run of so many words (characters in scripts without spaces) of a benchmark are left out."""

    benchmarks: tuple[Benchmark, ...]
    words: int = 13
    characters: int = 20


@dataclass(frozen=True)
class Mix:
    """A recipe for a release: which data sets, in which shares, in which format, counted by which tokenizer.

    ``budget`` is the total of training tokens, ``None`` for all that the weights allow. ``temperature`` T makes shares
    of weights to the power of 1/T. ``shard_tokens`` and ``shard_bytes`` bound a shard; with ``shard_cdc`` its pages are
    cut by content, for stores that keep equal pieces of files once. ``purpose`` must be among each
    source contract's purposes.
    """

    name: str
    version: str
    purpose: Literal["pretrain", "finetune", "eval"]
    format: Literal["text", "messages", "preference", "image-text"]
    sources: tuple[MixSource, ...]
    tokenizer: str
    seed: int
    budget: int | None
    audience: str
    description: str
    file: str
    digest: str
    shard_tokens: int = 50_000_000
    shard_bytes: int = 128 * 1024 * 1024
    rows_per_group: int = 1024
    shard_cdc: bool = False
    schedule: str | None = None
    reviewers: tuple[str, ...] = ()
    dedup: Dedup = Dedup()
    decontaminate: Decontaminate | None = None
    quality: QualityRules | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    temperature: Decimal = Decimal(1)
    stages: tuple[Stage, ...] = ()
    split: Split | None = None
    #: Where the release will be used, and on what ground data goes there that may be kept elsewhere only.
    destination: str = ""
    transfer: Mapping[str, str] = field(default_factory=dict)
    #: Profiles of gates beside the policy's, by name, version and digest, and the gates that they come to.
    profiles: tuple[Mapping[str, str], ...] = ()
    gates: tuple[Gate, ...] = ()
    template: str = ""
    tokenise: bool | Literal["bytes"] = False
    #: ``high``: a release is approved by two persons, a reviewer and an officer.
    risk: Literal["normal", "high"] = "normal"


@dataclass(frozen=True)
class Rule:
    """One line of a policy: what happens to an entity, in which unit, field and language, and who says so.

    Empty ``units``, ``fields`` and ``languages`` mean all. The first rule that fits wins. ``where`` narrows a rule
    to whole cells (``column``) or to hits inside free text (``text``); such a rule fits only who asks for it.
    ``options`` set the action (`schemas.actions`); for ``operator`` they hold the ``name`` and ``params`` of a
    Presidio operator.
    """

    entity: str
    action: Action
    units: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    citation: str = ""
    verified_by: str = ""
    scope: Literal["document", "dataset", "unit", "group"] = "unit"
    where: Literal["", "column", "text"] = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Gate:
    """One condition of a release: a named value, its threshold, and the source of the threshold.

    One whose ``when`` is ``sign`` is evaluated on the audit, when the release is approved.
    """

    name: str
    threshold: str
    comparison: Literal["<=", ">=", "=="]
    citation: str = ""
    verified_by: str = ""
    when: Literal["build", "sign"] = "build"
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class External:
    """A recogniser of somebody else's that a policy calls in beside ours: a model run by one of Presidio's engines.

    ``engine``: ``spacy``, ``stanza``, ``transformers`` or ``gliner``. ``model``: a package, a folder or a name of the
    engine's own. ``languages``: BCP 47 tags of the text it reads. ``labels`` maps the model's labels to entities.
    ``threshold``: the least score of a find, in hundredths.
    """

    engine: Literal["spacy", "stanza", "transformers", "gliner"]
    model: str
    languages: tuple[str, ...]
    labels: tuple[tuple[str, str], ...] = ()
    threshold: int = 50


@dataclass(frozen=True)
class Sought:
    """What alone free text is searched for, and who says that this is enough."""

    entities: tuple[str, ...]
    citation: str
    verified_by: str


@dataclass(frozen=True)
class Policy:
    """Every redaction rule and gate that a run obeys. Values here are policy data, never constants in code.

    ``categories`` maps a contract's classification term to the entity of the whole cell (``person.phone`` →
    ``PHONE_NUMBER``), ``None`` for data that is not personal and ``"*"`` for free text that must be scanned. ``sought``
    is ``None`` where free text is searched for all that there are recognisers for.
    """

    name: str
    version: str
    rules: tuple[Rule, ...]
    categories: Mapping[str, str | None]
    gates: tuple[Gate, ...]
    file: str
    digest: str
    recognisers: tuple[External, ...] = ()
    sought: Sought | None = None

    @property
    def looked_for(self) -> tuple[str, ...] | None:
        """The entities that free text is searched for, sorted; ``None`` for all. A record's own declared values are looked
        for in its text whatever stands here."""
        return None if self.sought is None else self.sought.entities

    def action_for(self, entity: str, *, unit: str = "", field: str = "", language: str = "", where: str = "") -> Rule:
        """The first rule that fits. An entity without a rule is redacted by placeholder: default deny."""
        for rule in self.rules:
            if (
                rule.entity in (entity, "*")
                and (not rule.units or unit in rule.units)
                and (not rule.fields or field in rule.fields)
                and (not rule.languages or language in rule.languages)
                and rule.where in ("", where)
            ):
                return rule
        return Rule(entity=entity, action="placeholder", citation="default deny")
