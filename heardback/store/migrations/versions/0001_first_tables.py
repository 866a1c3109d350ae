"""The first tables, and the guards that keep the history append-only."""

import sqlalchemy as sa
from alembic import op

from heardback.store.access import guard_access
from heardback.store.base import Instant
from heardback.store.erasures import guard_erasures
from heardback.store.loops import guard_history
from heardback.store.pulls import guard_quarantine_entries
from heardback.store.releases import guard_releases

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table, then the triggers."""
    create_tables()
    dialect = op.get_bind().dialect.name
    for statement in (
        *guard_history(dialect),
        *guard_quarantine_entries(dialect),
        *guard_access(dialect),
        *guard_erasures(dialect),
        *guard_releases(dialect),
    ):
        op.execute(statement)
    op.execute("INSERT INTO key_in_use (row_id, key_id) VALUES (1, '')")
    op.execute("INSERT INTO chain_head (head_id, sequence, hash, loops_opened) VALUES (1, 0, '', 0)")


def create_tables() -> None:
    """The tables as they were first."""
    op.create_table(
        "chain_head",
        sa.Column("head_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("loops_opened", sa.Integer(), nullable=False),
        sa.CheckConstraint("head_id = 1", name="ck_chain_head_single"),
        sa.PrimaryKeyConstraint("head_id", name=op.f("pk_chain_head")),
    )
    op.create_table(
        "loop",
        sa.Column("loop_uid", sa.String(), nullable=False),
        sa.Column("service_code", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("voices", sa.Integer(), nullable=False),
        sa.Column("heard_from", sa.Date(), nullable=False),
        sa.Column("heard_to", sa.Date(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("owned_on", sa.Date(), nullable=True),
        sa.Column("change_uid", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("promise_by", sa.Date(), nullable=True),
        sa.Column("promise_kept_on", sa.Date(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("paused_since", sa.Date(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("paused_before", sa.Integer(), nullable=False),
        sa.Column("chased_until", sa.Date(), nullable=True),
        sa.Column("kept_from_service", sa.Boolean(), nullable=False),
        sa.Column("matched_at", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("loop_uid", name=op.f("pk_loop")),
    )
    op.create_index(op.f("ix_loop_state_service_code"), "loop", ["state", "service_code"], unique=False)
    op.create_index(
        "ix_loop_promised",
        "loop",
        ["promise_by"],
        unique=False,
        sqlite_where=sa.text("promise_by IS NOT NULL AND promise_kept_on IS NULL"),
        postgresql_where=sa.text("promise_by IS NOT NULL AND promise_kept_on IS NULL"),
    )
    op.create_table(
        "mark",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mark")),
    )
    op.create_table(
        "missed_deadline",
        sa.Column("loop_uid", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("noted_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["loop_uid"], ["loop.loop_uid"], name=op.f("fk_missed_deadline_loop_uid")),
        sa.PrimaryKeyConstraint("loop_uid", "step", "since", name=op.f("pk_missed_deadline")),
    )
    op.create_table(
        "press",
        sa.Column("press_uid", sa.String(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("press_uid", name=op.f("pk_press")),
    )
    op.create_table(
        "sign_in",
        sa.Column("token_uid", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("nudge_uid", sa.String(), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("used_at", Instant(timezone=True), nullable=True),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("token_uid", name=op.f("pk_sign_in")),
    )
    op.create_table(
        "nudge",
        sa.Column("nudge_uid", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("time_window", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("claimed_at", Instant(timezone=True), nullable=False),
        sa.Column("sent_at", Instant(timezone=True), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("rewriting_at", Instant(timezone=True), nullable=True),
        sa.Column("stays_as_it_is", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("nudge_uid", name=op.f("pk_nudge")),
    )
    op.create_index(op.f("ix_nudge_recipient_time_window"), "nudge", ["recipient", "time_window"], unique=False)
    op.create_index(op.f("ix_nudge_channel_receipt"), "nudge", ["channel", "receipt"], unique=False)
    op.create_index(op.f("ix_nudge_state_kind"), "nudge", ["state", "kind"], unique=False)
    op.create_index(op.f("ix_nudge_sent_at"), "nudge", ["sent_at"], unique=False)
    op.create_table(
        "outbox_event",
        sa.Column("event_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("resource", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("relayed_at", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_outbox_event")),
    )
    op.create_index(op.f("ix_outbox_event_relayed_at"), "outbox_event", ["relayed_at"], unique=False)
    op.create_table(
        "release",
        sa.Column("release_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("published_at", Instant(timezone=True), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.Column("hidden", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_release")),
    )
    op.create_index(op.f("ix_release_kind_label_as_of"), "release", ["kind", "label", "as_of"], unique=False)
    op.create_table(
        "raw_file",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kept_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_raw_file")),
    )
    op.create_table(
        "response",
        sa.Column("response_uid", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("tool", sa.String(), nullable=False),
        sa.Column("source_record_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("completed_by", sa.String(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("submitted_at", Instant(timezone=True), nullable=True),
        sa.Column("date_precision", sa.String(), nullable=False),
        sa.Column("received_at", Instant(timezone=True), nullable=False),
        sa.Column("heard_on", sa.Date(), nullable=False),
        sa.Column("service_code", sa.String(), nullable=False),
        sa.Column("completion", sa.String(), nullable=False),
        sa.Column("consent_to_publish", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("form_version", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("withdrawn_at", Instant(timezone=True), nullable=True),
        sa.Column("deletion_code", sa.String(), nullable=False),
        sa.Column("characteristics", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("response_uid", name=op.f("pk_response")),
    )
    op.create_index(op.f("ix_response_deletion_code"), "response", ["deletion_code"], unique=False)
    op.create_index(op.f("ix_response_heard_on"), "response", ["heard_on"], unique=False)
    op.create_index(op.f("ix_response_source_id"), "response", ["source_id"], unique=False)
    op.create_table(
        "erasure",
        sa.Column("response_uid", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("response_uid", name=op.f("pk_erasure")),
    )
    op.create_table(
        "hold",
        sa.Column("hold_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("placed", sa.Boolean(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("hold_id", name=op.f("pk_hold")),
    )
    op.create_index(op.f("ix_hold_about"), "hold", ["about"], unique=False)
    op.create_table(
        "key_in_use",
        sa.Column("row_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_key_in_use")),
    )
    op.create_table(
        "source_state",
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("checked_at", Instant(timezone=True), nullable=False),
        sa.Column("landed_at", Instant(timezone=True), nullable=True),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("known_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_source_state")),
    )
    op.create_table(
        "column_on_record",
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("question_code", sa.String(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "question_code", "heading", name=op.f("pk_column_on_record")),
    )
    op.create_table(
        "rhythm",
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "part", name=op.f("pk_rhythm")),
    )
    op.create_table(
        "volume_alarm",
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("since", Instant(timezone=True), nullable=False),
        sa.Column("measure", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "kind", "part", name=op.f("pk_volume_alarm")),
    )
    op.create_table(
        "choice",
        sa.Column("choice_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("response_uid", sa.String(), nullable=False),
        sa.Column("question_code", sa.String(), nullable=False),
        sa.Column("option_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["response_uid"], ["response.response_uid"], name=op.f("fk_choice_response_uid")),
        sa.PrimaryKeyConstraint("choice_id", name=op.f("pk_choice")),
    )
    op.create_index(op.f("ix_choice_response_uid"), "choice", ["response_uid"], unique=False)
    op.create_table(
        "comment",
        sa.Column("comment_uid", sa.String(), nullable=False),
        sa.Column("response_uid", sa.String(), nullable=False),
        sa.Column("question_code", sa.String(), nullable=False),
        sa.Column("question_text", sa.Text(), nullable=False),
        sa.Column("repeat_index", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("screening_version", sa.String(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("identifying", sa.JSON(), nullable=False),
        sa.Column("written_in", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["response_uid"], ["response.response_uid"], name=op.f("fk_comment_response_uid")),
        sa.PrimaryKeyConstraint("comment_uid", name=op.f("pk_comment")),
    )
    op.create_index(op.f("ix_comment_fingerprint"), "comment", ["fingerprint"], unique=False)
    op.create_index(op.f("ix_comment_response_uid"), "comment", ["response_uid"], unique=False)
    op.create_table(
        "history",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("loop_uid", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["loop_uid"], ["loop.loop_uid"], name=op.f("fk_history_loop_uid")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_history")),
    )
    op.create_index(op.f("ix_history_loop_uid_version"), "history", ["loop_uid", "version"], unique=True)
    op.create_table(
        "nudged_loop",
        sa.Column("nudge_uid", sa.String(), nullable=False),
        sa.Column("loop_uid", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rung", sa.String(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("stands_at", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["loop_uid"], ["loop.loop_uid"], name=op.f("fk_nudged_loop_loop_uid")),
        sa.ForeignKeyConstraint(["nudge_uid"], ["nudge.nudge_uid"], name=op.f("fk_nudged_loop_nudge_uid")),
        sa.PrimaryKeyConstraint("nudge_uid", "loop_uid", name=op.f("pk_nudged_loop")),
    )
    op.create_index(op.f("ix_nudged_loop_loop_uid"), "nudged_loop", ["loop_uid"], unique=False)
    op.create_table(
        "pull",
        sa.Column("pull_uid", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("as_newest", sa.Boolean(), nullable=False),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.Column("map_sha256", sa.String(), nullable=False),
        sa.Column("started_at", Instant(timezone=True), nullable=False),
        sa.Column("finished_at", Instant(timezone=True), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("blank_rows", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["file_sha256"], ["raw_file.sha256"], name=op.f("fk_pull_file_sha256")),
        sa.PrimaryKeyConstraint("pull_uid", name=op.f("pk_pull")),
    )
    op.create_index(op.f("ix_pull_source_id_file_sha256"), "pull", ["source_id", "file_sha256"], unique=False)
    op.create_table(
        "access",
        sa.Column("entry_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("wanted", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_access")),
    )
    op.create_index(op.f("ix_access_about"), "access", ["about"], unique=False)
    op.create_table(
        "reading",
        sa.Column("reading_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("comment_uid", sa.String(), nullable=False),
        sa.Column("loop_uid", sa.String(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["comment_uid"], ["comment.comment_uid"], name=op.f("fk_reading_comment_uid")),
        sa.PrimaryKeyConstraint("reading_id", name=op.f("pk_reading")),
    )
    op.create_index(op.f("ix_reading_comment_uid"), "reading", ["comment_uid"], unique=False)
    op.create_table(
        "rating",
        sa.Column("rating_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("response_uid", sa.String(), nullable=False),
        sa.Column("question_code", sa.String(), nullable=False),
        sa.Column("raw_value", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("scale_min", sa.Float(), nullable=True),
        sa.Column("scale_max", sa.Float(), nullable=True),
        sa.Column("direction", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["response_uid"], ["response.response_uid"], name=op.f("fk_rating_response_uid")),
        sa.PrimaryKeyConstraint("rating_id", name=op.f("pk_rating")),
    )
    op.create_index(op.f("ix_rating_response_uid"), "rating", ["response_uid"], unique=False)
    op.create_table(
        "change",
        sa.Column("change_uid", sa.String(), nullable=False),
        sa.Column("register_id", sa.String(), nullable=False),
        sa.Column("record_id", sa.String(), nullable=False),
        sa.Column("service_code", sa.String(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("you_said", sa.Text(), nullable=False),
        sa.Column("we_did", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("recommendation", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("pull_uid", sa.String(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Instant(timezone=True), nullable=False),
        sa.Column("left_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["pull_uid"], ["pull.pull_uid"], name=op.f("fk_change_pull_uid")),
        sa.PrimaryKeyConstraint("change_uid", name=op.f("pk_change")),
    )
    op.create_index(op.f("ix_change_pull_uid"), "change", ["pull_uid"], unique=False)
    op.create_index(op.f("ix_change_register_id"), "change", ["register_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("membership_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("comment_uid", sa.String(), nullable=False),
        sa.Column("loop_uid", sa.String(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["comment_uid"], ["comment.comment_uid"], name=op.f("fk_membership_comment_uid")),
        sa.ForeignKeyConstraint(["loop_uid"], ["loop.loop_uid"], name=op.f("fk_membership_loop_uid")),
        sa.PrimaryKeyConstraint("membership_id", name=op.f("pk_membership")),
    )
    op.create_index(op.f("ix_membership_loop_uid"), "membership", ["loop_uid"], unique=False)
    op.create_index(
        "uq_membership_current",
        "membership",
        ["comment_uid"],
        unique=True,
        sqlite_where=sa.text("left_on IS NULL"),
        postgresql_where=sa.text("left_on IS NULL"),
    )
    op.create_table(
        "quarantined_row",
        sa.Column("quarantine_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("pull_uid", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", Instant(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["pull_uid"], ["pull.pull_uid"], name=op.f("fk_quarantined_row_pull_uid")),
        sa.PrimaryKeyConstraint("quarantine_id", name=op.f("pk_quarantined_row")),
    )
    op.create_index(op.f("ix_quarantined_row_pull_uid_state"), "quarantined_row", ["pull_uid", "state"], unique=False)
    op.create_index(
        op.f("ix_quarantined_row_source_id_fingerprint"), "quarantined_row", ["source_id", "fingerprint"], unique=False
    )
    op.create_table(
        "quarantine_entry",
        sa.Column("entry_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("quarantine_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("map_sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["quarantine_id"], ["quarantined_row.quarantine_id"], name=op.f("fk_quarantine_entry_quarantine_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_quarantine_entry")),
    )
    op.create_index(op.f("ix_quarantine_entry_quarantine_id"), "quarantine_entry", ["quarantine_id"], unique=False)
    op.create_table(
        "revision",
        sa.Column("response_uid", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("pull_uid", sa.String(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("fate", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.Column("ratings", sa.Integer(), nullable=False),
        sa.Column("choices", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["pull_uid"], ["pull.pull_uid"], name=op.f("fk_revision_pull_uid")),
        sa.ForeignKeyConstraint(["response_uid"], ["response.response_uid"], name=op.f("fk_revision_response_uid")),
        sa.PrimaryKeyConstraint("response_uid", "revision", name=op.f("pk_revision")),
    )
    op.create_index(op.f("ix_revision_pull_uid"), "revision", ["pull_uid"], unique=False)
    op.create_table(
        "change_revision",
        sa.Column("change_uid", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("pull_uid", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("replaced_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["change_uid"], ["change.change_uid"], name=op.f("fk_change_revision_change_uid")),
        sa.ForeignKeyConstraint(["pull_uid"], ["pull.pull_uid"], name=op.f("fk_change_revision_pull_uid")),
        sa.PrimaryKeyConstraint("change_uid", "revision", name=op.f("pk_change_revision")),
    )
    op.create_index(op.f("ix_change_revision_pull_uid"), "change_revision", ["pull_uid"], unique=False)
    op.create_table(
        "match",
        sa.Column("loop_uid", sa.String(), nullable=False),
        sa.Column("change_uid", sa.String(), nullable=False),
        sa.Column("comment_uid", sa.String(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("band", sa.String(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("matcher", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("proposed_at", Instant(timezone=True), nullable=False),
        sa.Column("judged_by", sa.String(), nullable=False),
        sa.Column("judged_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["change_uid"], ["change.change_uid"], name=op.f("fk_match_change_uid")),
        sa.ForeignKeyConstraint(["loop_uid"], ["loop.loop_uid"], name=op.f("fk_match_loop_uid")),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("loop_uid", "change_uid", name=op.f("pk_match")),
    )
    op.create_table(
        "meaning",
        sa.Column("owner_uid", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("vectors", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("owner_uid", "model", name=op.f("pk_meaning")),
    )
    op.create_table(
        "learned_judgement",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("constant", sa.Float(), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.Column("loss_before", sa.Float(), nullable=False),
        sa.Column("loss_after", sa.Float(), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_learned_judgement")),
    )
