"""policy.yaml: every deadline, threshold and limit that a council sets for itself."""

from datetime import date, time
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.languages import LANGUAGES
from config.reading import Knobs
from config.values import CHANNELS, Language, Timezone

PERIODS = Literal["comment_text_months", "raw_files_months", "quarantine_months", "validation_months"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday"]


class Deadlines(Knobs):
    """Working days of England's calendar, counted from the day after a comment was heard (or a step was taken)."""

    own_within: int = Field(default=5, ge=1)
    decide_within: int = Field(default=20, ge=1)
    tell_within: int = Field(default=10, ge=1)


class DeadlinePolicy(Knobs):
    """The council's own deadlines and where a service or a channel differs; the service's word goes first."""

    default: Deadlines = Deadlines()
    channels: dict[CHANNELS, Deadlines] = {}
    services: dict[str, Deadlines] = {}

    def of(self, service_code: str, channel: str) -> Deadlines:
        """The deadlines of one loop."""
        by_channel: dict[str, Deadlines] = dict(self.channels.items())
        return self.services.get(service_code) or by_channel.get(channel) or self.default


class NudgePolicy(Knobs):
    """One digest per owner a week, on a working day, inside office hours."""

    day: Weekday = "tuesday"
    earliest: time = time(9, 30)
    latest: time = time(16, 0)
    digest_cap: int = Field(default=5, ge=1, le=20)
    snooze_working_days: int = Field(default=3, ge=1)
    snoozes_without_reason: int = Field(default=2, ge=0)
    deputy_after: int = Field(default=5, ge=1, description="working days overdue before the deputy is told")
    head_after: int = Field(default=10, ge=1)
    board_after: int = Field(default=20, ge=1)
    chase_working_days: int = Field(
        default=5, ge=1, description="how long 'I will chase this' keeps the next rung away"
    )
    longest_pause: int = Field(default=40, ge=1, description="working days that one pause may stop the clock")
    short_leave: int = Field(default=5, ge=0, description="working days of leave that stop the clock of who answers")
    fall_back_after: int = Field(default=4, ge=1, description="attempts, before a message goes another way")

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.earliest >= self.latest:
            raise ValueError(f"'earliest' ({self.earliest:%H:%M}) must come before 'latest' ({self.latest:%H:%M})")
        if not self.deputy_after <= self.head_after <= self.board_after:
            raise ValueError("who is told later must not come first: deputy_after, then head_after, then board_after")
        return self


class MatchingPolicy(Knobs):
    """When a change counts as a possible answer: it must come after the comment and within the window."""

    window_days: int = Field(default=365, ge=1)
    candidates: int = Field(default=3, ge=1, le=10)
    suggest_at: float = Field(default=0.65, gt=0, lt=1)
    ask_at: float = Field(default=0.35, gt=0, lt=1)
    repeats: Literal["ask", "link"] = Field(
        default="ask", description="a comment that repeats a matched one: a loop of its own, or that loop, marked"
    )
    languages: tuple[Language, ...] = Field(
        default=tuple(LANGUAGES), description="beside English, those that comments come in, by their tags"
    )
    model: str = Field(default="", description="a folder with the sentence encoder's files, beside policy.yaml")

    @model_validator(mode="after")
    def _asks_before_it_suggests(self) -> Self:
        if self.ask_at > self.suggest_at:
            raise ValueError(f"'ask_at' ({self.ask_at}) must not be above 'suggest_at' ({self.suggest_at})")
        return self


class ScreeningPolicy(Knobs):
    """`flagged` holds back what screening catches; `all` holds everything until a trained person has read it.

    A source's own `hold` goes before it.
    """

    hold: Literal["flagged", "all"] = "flagged"


class SafeguardingPolicy(Knobs):
    """How soon a trained person must have read what is held back, in hours of the clock: nights and weekends count."""

    read_within_hours: int = Field(default=24, ge=1)
    open_within_minutes: int = Field(default=60, ge=5, description="then the next person is told as well")
    repeat_minutes: int = Field(default=30, ge=5, description="until somebody acknowledges it")
    office_from: time = time(9, 0)
    office_to: time = time(17, 0)


class ComplaintsPolicy(Knobs):
    """Working days for the first answer to a complaint under the children's representations procedure (stage 1)."""

    answer_within: int = Field(default=10, ge=1)
    extended: int = Field(default=20, ge=1, description="where the complaint is complex and the time was extended")

    @model_validator(mode="after")
    def _extends(self) -> Self:
        if self.extended < self.answer_within:
            raise ValueError(f"'extended' ({self.extended}) must not be under 'answer_within' ({self.answer_within})")
        return self


class GatePolicy(Knobs):
    """When a whole pull is refused rather than a row."""

    max_bad_share: float = Field(default=0.5, ge=0, le=1)
    max_vanished_share: float = Field(default=0.2, ge=0, le=1)
    max_file_megabytes: int = Field(default=200, ge=1)


class VolumePolicy(Knobs):
    """When a source counts as gone quiet, or a file as cut short, against what it is used to."""

    quiet_after_days: int = Field(default=60, ge=1, description="until a source's own rhythm is known")
    min_gaps: int = Field(default=10, ge=3, description="so many gaps between days on which it was heard make a rhythm")
    quantile: float = Field(default=0.95, gt=0, le=1, description="of its own gaps")
    times: float = Field(default=1.5, ge=1, description="so many times that gap is too long")
    at_least_days: int = Field(default=7, ge=1, description="no alarm before, however often a source is heard")
    many_rows: int = Field(default=10, ge=1, description="a file with so many rows is not followed by one with none")
    fewer_share: float = Field(default=0.1, gt=0, lt=1, description="a snapshot that is shorter by so much")


class NetworkPolicy(Knobs):
    """Which hosts on private addresses may be called, also for files; every other private address is refused."""

    private_hosts: tuple[str, ...] = ()


class ReportPolicy(Knobs):
    """Disclosure control: counts under `small_count` and rates on a base under `small_base` are not shown."""

    small_count: int = Field(default=6, ge=2)
    small_base: int = Field(default=10, ge=2)
    closure_days: tuple[Annotated[int, Field(ge=1)], ...] = Field(default=(10, 20, 40), min_length=1)
    story_limit: int = Field(default=2, ge=1)
    board_channel: str = Field(
        default="", pattern=r"^([CG][A-Z0-9]+)?$", description="the Slack channel of the quality assurance board, by id"
    )
    practice_channel: str = Field(default="", pattern=r"^([CG][A-Z0-9]+)?$", description="the practitioners', by id")
    practice_weeks: int = Field(default=6, ge=1, le=26, description="how often practitioners are told")
    practice_from: date = Field(default=date(2026, 1, 5), description="the day from which the weeks are counted")
    cohorts: dict[str, Annotated[int, Field(ge=1)]] = Field(
        default={}, description="how large groups are, to say who speaks: service_code:yjs, age_band:11-15"
    )


class RetentionPeriods(Knobs):
    """How long what was said is kept, in months: the words, the files as they came, rows that could not be used.

    Verdicts are what Great Expectations found in a file: row numbers and counts.
    """

    comment_text_months: int = Field(default=36, ge=1)
    raw_files_months: int = Field(default=12, ge=1)
    quarantine_months: int = Field(default=12, ge=1)
    validation_months: int = Field(default=24, ge=1)


class RetentionPolicy(RetentionPeriods):
    """The same for all sources, and for those that have their own; `max_share` stops a run that deletes too much.

    `backups_months` is how long the council keeps its backups: Heardback makes none and deletes none, and only says so.
    """

    sources: dict[str, dict[PERIODS, Annotated[int, Field(ge=1)]]] = {}
    backups_months: int = Field(default=3, ge=0)
    max_share: float = Field(default=0.25, gt=0, le=1)

    def of(self, source: str) -> RetentionPeriods:
        """The periods of one source; what it does not say for itself is that of all."""
        common = {name: getattr(self, name) for name in RetentionPeriods.model_fields}
        return RetentionPeriods.model_validate({**common, **self.sources.get(source, {})})


class Policy(Knobs):
    """All of policy.yaml."""

    timezone: Timezone = "Europe/London"
    link_base: str = Field(
        default="", pattern=r"^(https?://\S+)?$", description="the web application's address, for links in messages"
    )
    deadlines: DeadlinePolicy = DeadlinePolicy()
    nudge: NudgePolicy = NudgePolicy()
    matching: MatchingPolicy = MatchingPolicy()
    screening: ScreeningPolicy = ScreeningPolicy()
    safeguarding: SafeguardingPolicy = SafeguardingPolicy()
    complaints: ComplaintsPolicy = ComplaintsPolicy()
    gate: GatePolicy = GatePolicy()
    volume: VolumePolicy = VolumePolicy()
    network: NetworkPolicy = NetworkPolicy()
    report: ReportPolicy = ReportPolicy()
    retention: RetentionPolicy = RetentionPolicy()
