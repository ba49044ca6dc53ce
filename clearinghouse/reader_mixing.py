"""Several releases in one stream, at exact weights.

    stream = clearinghouse.mix({"web": web, "code": code}, {"web": "0.7", "code": "0.3"}, seed=7, batch=64)

Weights are rational numbers; no float decides anything. Which source stands at position p is arithmetic: the
cumulative weights C₁ < … < Cₙ give nested counts n₍≤ᵢ₎ = ⌊n₍≤ᵢ₊₁₎ · Cᵢ / Cᵢ₊₁ + φᵢ⌋ of the first t samples, and the
source whose count grows from t to t + 1 is drawn. So each source is within about a sample of its share at every t. This
is done in each of `LANES` lanes (sample p is in lane p mod `LANES`), so that a rank needs only its own lanes of every
source. What lanes round off must not add up: their φᵢ are the points of a lattice (Korobov 1959), spread evenly over
lanes, and over the lanes that any other level rounds up. Over all lanes the error is some seven samples at worst with five sources, two to five
with two or three.

Sample j of source i in lane l is the sample at position j · `LANES` + l of that source's own order, and once round is
an epoch of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from math import gcd, lcm
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from clearinghouse import reader_state as states
from clearinghouse.reader_course import BadSetting, ReleaseCourse, parts_of
from clearinghouse.reader_order import LANES, Piece, Shuffle, lanes_for
from clearinghouse.reader_stream import PREFETCH, Remainder, Stream
from clearinghouse.reader_window import Holes

if TYPE_CHECKING:
    from clearinghouse.reader_release import Release

#: Generator of the lattice; of all odd ones, the one with the least error over mixes of two to eight sources.
_LATTICE = 45

Weight = int | str | Decimal | Fraction | float


class RunsDry(BadSetting):
    """A mix that asks more samples of a source than its epochs allow."""


class Weave:
    """Which source stands where: exact counts for whole-number weights."""

    def __init__(self, weights: Sequence[int]) -> None:
        self.weights = tuple(weights)
        self.sums = list(accumulate(weights))
        self._phases = [
            [lane * pow(_LATTICE, level + 1, LANES) % LANES for level in range(len(weights))] for lane in range(LANES)
        ]

    def _below(self, lane: int, level: int, drawn: int) -> int:
        """Of ``drawn`` samples of the sources up to ``level``, how many are of those below it."""
        here, below = self.sums[level], self.sums[level - 1]
        return (LANES * drawn * below + self._phases[lane][level] * here) // (LANES * here)

    def drawn(self, lane: int, turn: int) -> tuple[int, int]:
        """Source of a lane's ``turn``-th sample, and how many of it the lane had before."""
        low, source = turn, len(self.sums) - 1
        while source:
            below = self._below(lane, source, low)
            if below == self._below(lane, source, low + 1):
                return source, low - below
            low, source = below, source - 1
        return 0, low

    def had(self, lane: int, turns: int) -> list[int]:
        """How many of each source a lane has had after so many samples."""
        found = []
        for level in range(len(self.sums) - 1, 0, -1):
            below = self._below(lane, level, turns)
            found.append(turns - below)
            turns = below
        return [turns, *reversed(found)]

    def at(self, position: int) -> tuple[int, int]:
        """Source and number in the source's own order, over all its epochs."""
        turn, lane = divmod(position, LANES)
        source, index = self.drawn(lane, turn)
        return source, index * LANES + lane

    def first_beyond(self, source: int, limit: int) -> int:
        """The first position whose sample is number ``limit`` of the source's order, or a later one."""
        return min(self._lane_beyond(source, limit, lane) for lane in range(LANES))

    def _lane_beyond(self, source: int, limit: int, lane: int) -> int:
        wanted = max(0, -(-(limit - lane) // LANES))
        low, high = 0, (wanted + 2) * (self.sums[-1] // self.weights[source] + 1) * len(self.sums)
        while low < high:
            middle = (low + high) // 2
            if self.had(lane, middle + 1)[source] > wanted:
                high = middle
            else:
                low = middle + 1
        return low * LANES + lane


@dataclass(frozen=True)
class Share:
    """A source of a mix: its samples, weight as a whole number, and how many of its samples may be drawn."""

    name: str
    course: ReleaseCourse
    weight: int
    stated: str
    epochs: Fraction

    @property
    def rows(self) -> int:
        return self.course.rows(0)

    @property
    def cap(self) -> int:
        """Samples that `epochs` allow."""
        return int(self.epochs * self.rows)

    @property
    def rounds(self) -> int:
        """Epochs of the source that an epoch of the mix may touch."""
        return -(-self.epochs.numerator // self.epochs.denominator)


class MixCourse:
    """The samples of a mix. ``samples`` of them are an epoch; without, as many as the sources' epochs allow."""

    kind = "mix"
    sparse = False

    def __init__(self, shares: Sequence[Share], samples: int | None, seed: int, shuffle: Shuffle, split: str) -> None:
        self.shares, self.seed, self.shuffle, self.split = tuple(shares), seed, shuffle, split
        self.weave = Weave([share.weight for share in self.shares])
        dry = {share.name: self.weave.first_beyond(n, share.cap) for n, share in enumerate(self.shares)}
        first = min(dry, key=lambda name: dry[name])
        if samples is not None and samples > dry[first]:
            lines = "\n".join(
                f"  {share.name}: {share.epochs} × {share.rows:,} samples last to sample {dry[share.name]:,} of the mix"
                for share in self.shares
                if dry[share.name] < samples
            )
            raise RunsDry(
                f"the mix runs dry: of {samples:,} samples, {first} can give its part up to sample {dry[first]:,} only\n"
                f"{lines}",
                state="nothing was read",
                fix=f"raise max_epochs of {first}, lower its weight, or ask for {dry[first]:,} samples or fewer",
            )
        self.samples, self.dry = (dry[first] if samples is None else samples), dry
        schemas = {share.course.schema for share in self.shares}
        if len(schemas) > 1:
            raise BadSetting(
                "the releases of this mix have different columns: "
                + "; ".join(f"{share.name}: {_columns(share.course.schema)}" for share in self.shares),
                fix="name columns= that all of them have, of the same types",
            )
        self.schema: pa.Schema = self.shares[0].course.schema

    def __repr__(self) -> str:
        return f"mix of {', '.join(f'{share.stated} {share.name}' for share in self.shares)}"

    @property
    def releases(self) -> tuple[Release, ...]:
        return tuple(share.course.release for share in self.shares)

    @property
    def light(self) -> bool:
        return all(share.course.light for share in self.shares)

    @property
    def lanes(self) -> int:
        return LANES

    @property
    def patience(self) -> int:
        return 4 * LANES * (self.weave.sums[-1] // min(self.weave.weights) + 1)

    @property
    def row_bytes(self) -> int:
        return self._mean(lambda share: share.course.row_bytes)

    @property
    def holes(self) -> int:
        return sum(share.course.holes for share in self.shares)

    @property
    def tokens(self) -> int:
        """About: what its samples come to at each source's mean."""
        return int(
            sum(
                Fraction(share.weight * self.samples * share.course.tokens, self.weave.sums[-1] * share.rows)
                for share in self.shares
            )
        )

    def _mean(self, of: Any) -> int:
        return max(1, sum(share.weight * of(share) for share in self.shares) // self.weave.sums[-1])

    def rows(self, _epoch: int, /) -> int:
        return self.samples

    def taken(self, positions: int) -> dict[str, int]:
        """Samples of each source among the first so many positions."""
        full, some = divmod(positions, LANES)
        total = [0] * len(self.shares)
        for lane in range(LANES):
            for n, count in enumerate(self.weave.had(lane, full + (lane < some))):
                total[n] += count
        return {share.name: total[n] for n, share in enumerate(self.shares)}

    def pieces(self, epoch: int, positions: range) -> Iterator[Piece]:
        turn = LANES // gcd(LANES, positions.step)
        for slot in range(min(turn, len(positions))):
            outs: list[list[int]] = [[] for _ in self.shares]
            numbers: list[list[int]] = [[] for _ in self.shares]
            for out in range(slot, len(positions), turn):
                source, number = self.weave.at(positions[out])
                outs[source].append(out)
                numbers[source].append(number)
            for source, mine in enumerate(numbers):
                yield from self._of(source, epoch, mine, outs[source])

    def _of(self, source: int, epoch: int, numbers: list[int], outs: list[int]) -> Iterator[Piece]:
        """Pieces of one source: stretches of its order in even steps, none over the end of one of its epochs."""
        share, at = self.shares[source], 0
        while at < len(numbers):
            first = numbers[at]
            step = numbers[at + 1] - first if at + 1 < len(numbers) else 1
            here, end = divmod(first, share.rows)[0], at + 1
            last = (here + 1) * share.rows
            while end < len(numbers) and numbers[end] == first + (end - at) * step and numbers[end] < last:
                end += 1
            begin = first - here * share.rows
            stretch = range(begin, begin + (end - at - 1) * step + 1, step)
            for piece in share.course.pieces(epoch * share.rounds + here, stretch):
                places = [outs[at + place] for place in piece.out]
                yield piece._replace(group=(source, piece.group), out=places)
            at = end

    def load(self, group: Any) -> pa.RecordBatch:
        source, inner = group
        return self.shares[source].course.load(inner)

    def facts(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "shuffle": self.shuffle,
            "split": self.split,
            "sources": {share.name: self._source(share) for share in self.shares},
        }

    @staticmethod
    def _source(share: Share) -> dict[str, Any]:
        facts = share.course.facts()
        named = {name: facts[name] for name in ("release", "manifest", "lanes")}
        return {**named, "weight": str(share.weight), "epochs": str(share.epochs)}

    def adopt(self, state: Mapping[str, Any]) -> tuple[MixCourse, tuple[str, ...]]:
        now = self.facts()
        states.compare(state, now, ["seed", "shuffle", "split"])
        theirs = state.get("sources")
        names = list(theirs) if isinstance(theirs, Mapping) else None
        if not isinstance(theirs, Mapping) or {*theirs} != {share.name for share in self.shares}:
            raise states.refuse([("sources", names, [share.name for share in self.shares])])
        shares: list[Share] = []
        notes: list[str] = []
        for share in self.shares:
            mine, saved = self._source(share), theirs[share.name]
            differ = [
                (f"{name} of {share.name}", saved.get(name), mine[name])
                for name in ("weight", "epochs")
                if saved.get(name) != mine[name]
            ]
            if differ:
                raise states.refuse(differ)
            course, noted = share.course.adopt({**state, **saved})
            shares.append(Share(share.name, course, share.weight, share.stated, share.epochs))
            notes += noted
        return MixCourse(shares, self.samples, self.seed, self.shuffle, self.split), tuple(notes)


def _columns(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} ({field.type})" for field in schema)


def mix(
    releases: Mapping[str, Release],
    weights: Mapping[str, Weight],
    *,
    by: Literal["samples", "tokens"] = "samples",
    max_epochs: Weight | Mapping[str, Weight] = 1,
    samples: int | None = None,
    seed: int = 0,
    epoch: int = 0,
    shuffle: Shuffle = "window",
    split: str = "train",
    rank: int = 0,
    world: int = 1,
    batch: int = 64,
    columns: Sequence[str] | None = None,
    remainder: Remainder = "drop",
    holes: Holes = "leave",
    prefetch: int = PREFETCH,
) -> Stream:
    """A stream of several releases at exact weights; the rest is as in `Release.stream`.

    ``weights`` are shares of samples, or of tokens with ``by="tokens"`` (through each source's mean sample); write them
    as whole numbers, ``"0.3"`` or ``"1/3"``. A source may be drawn for ``max_epochs`` of its epochs, one number for
    all or one by name. The stream has ``samples`` samples; without, as many as that allows. Raises `RunsDry` where
    it is not enough, naming the sample at which it is over, and `BadSetting`.
    """
    if not releases:
        raise BadSetting("a mix of no releases gives nothing", fix="name at least one release")
    if set(weights) != set(releases):
        odd = ", ".join(sorted(set(weights) ^ set(releases)))
        raise BadSetting(f"weights and releases differ in {odd}", fix="give every release a weight, and no other")
    if shuffle == "full":
        raise BadSetting("a mix is read in windows or as written", fix="choose shuffle='window' or 'none'")
    if by not in ("samples", "tokens"):
        raise BadSetting(f"weights are shares of samples or of tokens, not of {by!r}", fix="choose samples or tokens")
    parsed = {name: _number(f"weight of {name}", value) for name, value in weights.items()}
    if not sum(parsed.values()):
        raise BadSetting("the weights sum to zero", fix="give at least one release a weight above 0")
    capped = max_epochs if isinstance(max_epochs, Mapping) else dict.fromkeys(releases, max_epochs)
    if set(capped) - set(releases):
        odd = ", ".join(sorted(set(capped) - set(releases)))
        raise BadSetting(f"max_epochs names what is not in the mix: {odd}", fix="name releases of the mix")
    total = sum(parsed.values(), Fraction(0))
    shares = {}
    for name, release in releases.items():
        if not parsed[name]:
            continue
        parts = parts_of(release, split)
        fits = min(lanes_for(parts), max(1, int(LANES * parsed[name] / total)))
        course = ReleaseCourse(
            release,
            seed=seed,
            shuffle=shuffle,
            split=split,
            columns=columns,
            holes=holes,
            most_lanes=1 << (fits.bit_length() - 1),
            within=name,
        )
        weight = parsed[name]
        if by == "tokens":
            if not course.tokens:
                raise BadSetting(f"{name} has no tokens to weigh by", fix="weigh by samples")
            weight = weight * course.rows(0) / course.tokens
        shares[name] = (course, weight)
    common = lcm(*(weight.denominator for _, weight in shares.values()))
    whole = {name: int(weight * common) for name, (_, weight) in shares.items()}
    least = gcd(*whole.values())
    made = [
        Share(
            name, course, whole[name] // least, str(weights[name]), _number("max_epochs", capped.get(name, 1))
        )
        for name, (course, _) in shares.items()
    ]  # fmt: skip
    # The order of sources decides who stands where: it must not hang on how a caller wrote them down.
    made.sort(key=lambda share: (-share.weight, share.name))
    for share in made:
        if not share.cap:
            raise BadSetting(f"max_epochs of {share.name} leaves none of its samples", fix="raise it")
    return Stream(
        MixCourse(made, samples, seed, shuffle, split),
        epoch=epoch, rank=rank, world=world, batch=batch, remainder=remainder, prefetch=prefetch,
    )  # fmt: skip


def _number(what: str, value: Weight) -> Fraction:
    try:
        found = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        found = Fraction(-1)
    if found < 0:
        raise BadSetting(f"{what} is a number from 0 on, not {value!r}", fix='write it as 3, "0.3" or "1/3"')
    return found
