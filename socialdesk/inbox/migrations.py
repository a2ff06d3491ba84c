"""Inbox room: the tables, one append-only list of migrations; imported only where an inbox is made or moved."""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database, Migrations

from socialdesk.inbox import wordindexes
from socialdesk.inbox.version import SCHEMA_VERSION

migrations = Migrations("socialdesk")


def apply(connection: sqlite3.Connection) -> None:
    """Bring the inbox behind `connection` to the newest version; waits for another process's migration.

    The list of pending steps is read again by sqlite-utils inside each transaction, so two processes
    that open a new inbox together apply every step once.
    """
    connection.execute("PRAGMA busy_timeout = 20000")
    connection.execute("BEGIN IMMEDIATE")
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION:
            migrations.apply(Database(connection, execute_plugins=False))
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _run(db: Database, script: str) -> None:
    """Execute each statement of `script` inside the migration's own transaction (executescript would commit)."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.conn.execute(statement)
            statement = ""


@migrations()
def people_and_posts(db: Database) -> None:
    """Profiles, customers, messages and the conversations that hold them."""
    _run(db, _PEOPLE)
    _run(db, _MESSAGES)
    _run(db, wordindexes.TABLES)
    _run(db, _CONVERSATIONS)
    # Every message carries this name, so that no network takes one inbox's message for another's.
    db.conn.execute("INSERT INTO meta VALUES ('inbox_id', lower(hex(randomblob(8))))")


@migrations()
def work(db: Database) -> None:
    """Decisions, steps, drafts, escalations, issues, notes, timers: what is done about a conversation."""
    _run(db, _WORK)
    _run(db, _DRAFTS)
    _run(db, _DESK)


@migrations()
def record(db: Database) -> None:
    """The chained events, which no statement can change, and the counters that views show."""
    _run(db, _EVENTS)
    _run(db, _COUNTERS)


_PEOPLE = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE channels (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, network TEXT NOT NULL, source TEXT NOT NULL DEFAULT '',
  cursor TEXT, etag TEXT, last_modified TEXT, next_at INTEGER,
  synced_at INTEGER, failing_since INTEGER, last_error TEXT);
CREATE TABLE customers (
  id INTEGER PRIMARY KEY, reference TEXT UNIQUE, name TEXT, email TEXT, product TEXT, bought INTEGER,
  open_ticket TEXT, tags TEXT NOT NULL DEFAULT '', vip INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL);
CREATE TABLE customer_handles (
  handle TEXT NOT NULL COLLATE NOCASE, network TEXT NOT NULL DEFAULT '', customer_id INTEGER NOT NULL
    REFERENCES customers(id), PRIMARY KEY (handle, network)) WITHOUT ROWID;
CREATE TABLE profiles (
  id INTEGER PRIMARY KEY, network TEXT NOT NULL, handle TEXT NOT NULL COLLATE NOCASE, name TEXT,
  followers INTEGER, verified INTEGER, bot INTEGER, url TEXT, details TEXT,
  customer_id INTEGER REFERENCES customers(id), first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
  muted_until INTEGER, UNIQUE (network, handle));
CREATE INDEX profiles_by_customer ON profiles (customer_id) WHERE customer_id IS NOT NULL;
CREATE TABLE profile_links (
  id INTEGER PRIMARY KEY, profile_id INTEGER NOT NULL REFERENCES profiles(id),
  customer_id INTEGER NOT NULL REFERENCES customers(id), evidence TEXT NOT NULL,
  agent TEXT NOT NULL, at INTEGER NOT NULL, undone_at INTEGER);
"""

_MESSAGES = """
CREATE TABLE messages (
  id INTEGER PRIMARY KEY, conversation_id INTEGER NOT NULL,
  network TEXT NOT NULL, external_id TEXT NOT NULL, channel_id INTEGER,
  direction TEXT NOT NULL CHECK (direction IN ('in', 'out')), kind TEXT NOT NULL,
  visibility TEXT NOT NULL DEFAULT 'public', profile_id INTEGER, created_at INTEGER NOT NULL,
  fetched_at INTEGER NOT NULL, reply_to TEXT, quote_of TEXT, language TEXT, url TEXT,
  text TEXT NOT NULL, raw TEXT, edited_at INTEGER, deleted_at INTEGER,
  relation TEXT, sentiment TEXT, feeling TEXT, topics TEXT NOT NULL DEFAULT '', risks TEXT NOT NULL DEFAULT '',
  measures TEXT, metrics TEXT, origin TEXT, salt BLOB NOT NULL, commitment BLOB NOT NULL);
CREATE UNIQUE INDEX messages_by_source ON messages (network, external_id);
CREATE INDEX messages_by_conversation ON messages (conversation_id, created_at);
CREATE INDEX messages_by_profile ON messages (profile_id, created_at);
CREATE INDEX messages_by_parent ON messages (network, reply_to) WHERE reply_to IS NOT NULL;
CREATE TABLE message_versions (id INTEGER PRIMARY KEY, message_id INTEGER NOT NULL REFERENCES messages(id),
  text TEXT NOT NULL, raw TEXT, at INTEGER NOT NULL, salt BLOB NOT NULL, commitment BLOB NOT NULL);
CREATE INDEX message_versions_by_message ON message_versions (message_id);
CREATE TABLE refusals (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, source TEXT NOT NULL, line INTEGER,
  reason TEXT NOT NULL, raw TEXT NOT NULL, raw_hash TEXT NOT NULL);
CREATE UNIQUE INDEX refusals_once ON refusals (source, ifnull(line, 0), raw_hash);
"""

# `lane` says which list a conversation stands in; `q1 q2 q3` are the queue's order (critical, deadline,
# urgency) with every direction ascending, so that one index and one row-value comparison page through it.
_CONVERSATIONS = """
CREATE TABLE conversations (
  id INTEGER PRIMARY KEY, network TEXT NOT NULL, channel_id INTEGER, profile_id INTEGER,
  root_message_id INTEGER, author TEXT NOT NULL DEFAULT '', name TEXT, snippet TEXT NOT NULL DEFAULT '',
  url TEXT, site TEXT,
  status TEXT NOT NULL DEFAULT 'new', reason TEXT, history INTEGER NOT NULL DEFAULT 0, assignee TEXT,
  relation TEXT, sentiment TEXT, feeling TEXT, language TEXT,
  topics TEXT NOT NULL DEFAULT '', risks TEXT NOT NULL DEFAULT '', tags TEXT NOT NULL DEFAULT '',
  products TEXT NOT NULL DEFAULT '', reach INTEGER NOT NULL DEFAULT 0, followers INTEGER, verified INTEGER,
  bot INTEGER, spam INTEGER NOT NULL DEFAULT 0, vip INTEGER NOT NULL DEFAULT 0,
  advocate INTEGER NOT NULL DEFAULT 0, colleague INTEGER NOT NULL DEFAULT 0,
  engagement INTEGER NOT NULL DEFAULT 0, visibility TEXT NOT NULL DEFAULT 'public',
  urgency INTEGER NOT NULL DEFAULT 0, critical INTEGER NOT NULL DEFAULT 0,
  playbook TEXT NOT NULL DEFAULT '', case_name TEXT NOT NULL DEFAULT '', step TEXT, step_kind TEXT,
  engage TEXT, target TEXT, due_at INTEGER, due_kind TEXT,
  first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, last_inbound_at INTEGER, last_outbound_at INTEGER,
  unanswered_since INTEGER, message_count INTEGER NOT NULL DEFAULT 1, reply_count INTEGER NOT NULL DEFAULT 0,
  private INTEGER NOT NULL DEFAULT 0, stored_at INTEGER NOT NULL, opened_at INTEGER, resolved_at INTEGER,
  snoozed_until INTEGER, paused_since INTEGER, paused_for INTEGER NOT NULL DEFAULT 0,
  snoozed_until_reply INTEGER NOT NULL DEFAULT 0, merged_into INTEGER,
  linked_to INTEGER, issue_id INTEGER, decision_id INTEGER, to_approve INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  lane TEXT GENERATED ALWAYS AS (CASE
    WHEN merged_into IS NOT NULL THEN 'merged'
    WHEN history = 1 AND status = 'new' AND assignee IS NULL THEN 'history'
    WHEN status IN ('new', 'open', 'escalated') THEN 'queue'
    ELSE status END) VIRTUAL,
  q1 INTEGER GENERATED ALWAYS AS (1 - critical) VIRTUAL,
  q2 INTEGER GENERATED ALWAYS AS (ifnull(due_at, 9000000000000000)) VIRTUAL,
  q3 INTEGER GENERATED ALWAYS AS (100 - urgency) VIRTUAL);
CREATE INDEX conversations_queue ON conversations (lane, q1, q2, q3, first_at, id);
CREATE INDEX conversations_by_profile ON conversations (profile_id, last_at);
CREATE INDEX conversations_by_author ON conversations (author COLLATE NOCASE);
CREATE INDEX conversations_mine ON conversations (assignee, q1, q2, q3, first_at, id)
  WHERE assignee IS NOT NULL;
CREATE INDEX conversations_escalated ON conversations (q1, q2, q3, first_at, id) WHERE status = 'escalated';
CREATE INDEX conversations_to_approve ON conversations (q1, q2, q3, first_at, id) WHERE to_approve > 0;
CREATE INDEX conversations_private ON conversations (q1, q2, q3, first_at, id) WHERE private > 0;
CREATE INDEX conversations_by_issue ON conversations (issue_id) WHERE issue_id IS NOT NULL;
CREATE INDEX conversations_to_be_woken ON conversations (issue_id, playbook, case_name)
  WHERE issue_id IS NOT NULL AND merged_into IS NULL AND status IN ('watching', 'new');
CREATE INDEX conversations_by_merge ON conversations (merged_into) WHERE merged_into IS NOT NULL;
"""

_WORK = """
CREATE TABLE policies (
  hash TEXT PRIMARY KEY, bundle TEXT NOT NULL, stored_at INTEGER NOT NULL, login TEXT NOT NULL,
  source TEXT NOT NULL, in_force_since INTEGER) WITHOUT ROWID;
CREATE TABLE decisions (
  id INTEGER PRIMARY KEY, conversation_id INTEGER NOT NULL, message_id INTEGER, at INTEGER NOT NULL,
  policy_hash TEXT NOT NULL, playbook TEXT NOT NULL, case_name TEXT NOT NULL, cause TEXT NOT NULL,
  outcome TEXT NOT NULL DEFAULT '{}', facts TEXT NOT NULL DEFAULT '{}');
CREATE INDEX decisions_by_conversation ON decisions (conversation_id);
CREATE TABLE answers (
  id INTEGER PRIMARY KEY, conversation_id INTEGER NOT NULL, case_name TEXT NOT NULL, step TEXT NOT NULL,
  outcome TEXT NOT NULL, reason TEXT, agent TEXT NOT NULL, at INTEGER NOT NULL, undone INTEGER NOT NULL DEFAULT 0);
CREATE INDEX answers_by_conversation ON answers (conversation_id);
CREATE TABLE corrections (
  id INTEGER PRIMARY KEY, conversation_id INTEGER NOT NULL, message_id INTEGER, signal TEXT NOT NULL,
  before TEXT, after TEXT, agent TEXT NOT NULL, at INTEGER NOT NULL, undone INTEGER NOT NULL DEFAULT 0);
CREATE INDEX corrections_by_conversation ON corrections (conversation_id);
CREATE TABLE escalations (
  id INTEGER PRIMARY KEY, conversation_id INTEGER NOT NULL, to_group TEXT NOT NULL, by_way TEXT NOT NULL,
  reason TEXT NOT NULL, agent TEXT NOT NULL, at INTEGER NOT NULL, acknowledge_by INTEGER, otherwise TEXT,
  status TEXT NOT NULL DEFAULT 'delivered', acknowledged_by TEXT, acknowledged_at INTEGER,
  handed_back_at INTEGER, issue_id INTEGER);
CREATE INDEX escalations_by_conversation ON escalations (conversation_id);
CREATE INDEX escalations_by_issue ON escalations (issue_id) WHERE issue_id IS NOT NULL;
CREATE TABLE issues (
  id INTEGER PRIMARY KEY, product TEXT NOT NULL, fault TEXT NOT NULL, title TEXT NOT NULL,
  first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, people INTEGER NOT NULL DEFAULT 0,
  conversations INTEGER NOT NULL DEFAULT 0, reach INTEGER NOT NULL DEFAULT 0, closed_at INTEGER);
CREATE INDEX issues_by_fault ON issues (product, fault, last_at);
CREATE TABLE issue_people (issue_id INTEGER NOT NULL, profile_id INTEGER NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (issue_id, profile_id)) WITHOUT ROWID;
CREATE TABLE issue_firsts (
  product TEXT NOT NULL, fault TEXT NOT NULL, profile_id INTEGER NOT NULL, conversation_id INTEGER NOT NULL,
  at INTEGER NOT NULL, issue_id INTEGER, PRIMARY KEY (product, fault)) WITHOUT ROWID;
CREATE TABLE notes (
  id INTEGER PRIMARY KEY, conversation_id INTEGER NOT NULL, agent TEXT NOT NULL, text TEXT NOT NULL,
  at INTEGER NOT NULL, salt BLOB NOT NULL, commitment BLOB NOT NULL, undone INTEGER NOT NULL DEFAULT 0);
CREATE INDEX notes_by_conversation ON notes (conversation_id);
"""

_DRAFTS = """
CREATE TABLE drafts (
  id INTEGER PRIMARY KEY, conversation_id INTEGER, issue_id INTEGER, kind TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'draft', version INTEGER NOT NULL DEFAULT 1, text TEXT NOT NULL,
  reply_name TEXT, variant INTEGER, step TEXT, author TEXT NOT NULL, author_login TEXT NOT NULL,
  network TEXT NOT NULL, channel TEXT NOT NULL DEFAULT '', visibility TEXT NOT NULL DEFAULT 'public',
  reply_to_message_id INTEGER, reply_to TEXT, recipient_profile_id INTEGER, recipient TEXT, language TEXT,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  needs TEXT NOT NULL DEFAULT 'none', if_nobody TEXT, submitted_at INTEGER,
  approver TEXT, approver_login TEXT, approved_at INTEGER, approved_hash TEXT, editor TEXT, editor_login TEXT,
  rejected_reason TEXT, changed_reason TEXT,
  key TEXT UNIQUE, not_before INTEGER, lease_until INTEGER, token INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  sent_at INTEGER, sent_external_id TEXT, sent_url TEXT, error TEXT, message_id INTEGER,
  salt BLOB NOT NULL, commitment BLOB NOT NULL);
CREATE INDEX drafts_by_conversation ON drafts (conversation_id);
CREATE INDEX drafts_by_issue ON drafts (issue_id) WHERE issue_id IS NOT NULL;
CREATE INDEX drafts_due ON drafts (not_before) WHERE status IN ('queued', 'scheduled', 'sending');
CREATE UNIQUE INDEX drafts_one_in_flight ON drafts (conversation_id)
  WHERE status = 'sending' AND conversation_id IS NOT NULL;
CREATE TABLE draft_versions (
  id INTEGER PRIMARY KEY, draft_id INTEGER NOT NULL REFERENCES drafts(id), version INTEGER NOT NULL,
  text TEXT NOT NULL, agent TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX draft_versions_by_draft ON draft_versions (draft_id);
CREATE TRIGGER drafts_four_eyes BEFORE UPDATE ON drafts
  WHEN NEW.status IN ('approved', 'scheduled', 'queued', 'sending', 'sent') AND NEW.needs <> 'none'
    AND (NEW.approver_login IS NULL OR NEW.approver_login = NEW.author_login
      OR NEW.approver_login = '')
  BEGIN SELECT RAISE(ABORT, 'four eyes: the approver must be another person than the author'); END;
CREATE TRIGGER drafts_four_eyes_insert BEFORE INSERT ON drafts
  WHEN NEW.status NOT IN ('draft', 'submitted')
  BEGIN SELECT RAISE(ABORT, 'four eyes: a draft starts as a draft'); END;
CREATE TRIGGER drafts_keep_author BEFORE UPDATE OF author, author_login ON drafts
  WHEN NEW.author_login <> OLD.author_login
  BEGIN SELECT RAISE(ABORT, 'four eyes: the author of a draft cannot be changed'); END;
CREATE TRIGGER drafts_keep_needs BEFORE UPDATE OF needs ON drafts
  WHEN OLD.status NOT IN ('draft', 'rejected', 'changed') AND NEW.needs = 'none' AND OLD.needs <> 'none'
  BEGIN SELECT RAISE(ABORT, 'four eyes: the approval a draft needs cannot be lowered'); END;
"""

_DESK = """
CREATE TABLE timers (
  id INTEGER PRIMARY KEY, due_at INTEGER NOT NULL, kind TEXT NOT NULL, conversation_id INTEGER,
  draft_id INTEGER, escalation_id INTEGER, payload TEXT NOT NULL DEFAULT '{}');
CREATE INDEX timers_due ON timers (due_at);
CREATE INDEX timers_by_conversation ON timers (conversation_id, kind);
CREATE TABLE leases (
  name TEXT PRIMARY KEY, holder TEXT NOT NULL, until INTEGER NOT NULL, token INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE presence (
  agent TEXT NOT NULL, conversation_id INTEGER NOT NULL, doing TEXT NOT NULL, until INTEGER NOT NULL,
  PRIMARY KEY (agent, conversation_id)) WITHOUT ROWID;
"""

_EVENTS = """
CREATE TABLE events (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, agent TEXT NOT NULL, login TEXT NOT NULL,
  conversation_id INTEGER, draft_id INTEGER, body TEXT NOT NULL, hash BLOB NOT NULL);
CREATE INDEX events_by_conversation ON events (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX events_by_draft ON events (draft_id) WHERE draft_id IS NOT NULL;
CREATE TRIGGER events_no_update BEFORE UPDATE ON events
  BEGIN SELECT RAISE(ABORT, 'the record cannot be changed'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
  BEGIN SELECT RAISE(ABORT, 'the record cannot be changed'); END;
CREATE TABLE undone (seq INTEGER PRIMARY KEY, by_seq INTEGER NOT NULL);
"""

_COUNTERS = """
CREATE TABLE counters (name TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
CREATE TRIGGER conversations_counted_in AFTER INSERT ON conversations BEGIN
  INSERT INTO counters VALUES (NEW.lane, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER conversations_counted AFTER UPDATE OF status, history, assignee, merged_into, to_approve, private
  ON conversations BEGIN
  UPDATE counters SET n = n - 1 WHERE name = OLD.lane;
  INSERT INTO counters VALUES (NEW.lane, 1) ON CONFLICT DO UPDATE SET n = n + 1;
  UPDATE counters SET n = n - 1
    WHERE name = 'mine:' || OLD.assignee AND OLD.lane NOT IN ('resolved', 'dismissed', 'merged');
  INSERT INTO counters SELECT 'mine:' || NEW.assignee, 1
    WHERE NEW.assignee IS NOT NULL AND NEW.lane NOT IN ('resolved', 'dismissed', 'merged')
    ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO counters SELECT 'claimed', (NEW.lane = 'queue' AND NEW.assignee IS NOT NULL)
      - (OLD.lane = 'queue' AND OLD.assignee IS NOT NULL)
    WHERE 1 ON CONFLICT DO UPDATE SET n = n + excluded.n;
  INSERT INTO counters SELECT 'escalated', (NEW.status = 'escalated') - (OLD.status = 'escalated')
    WHERE 1 ON CONFLICT DO UPDATE SET n = n + excluded.n;
  INSERT INTO counters SELECT 'to_approve', (NEW.to_approve > 0) - (OLD.to_approve > 0)
    WHERE 1 ON CONFLICT DO UPDATE SET n = n + excluded.n;
  INSERT INTO counters SELECT 'private', (NEW.private > 0) - (OLD.private > 0)
    WHERE 1 ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;
CREATE TRIGGER conversations_counted_in_escalated AFTER INSERT ON conversations WHEN NEW.status = 'escalated' BEGIN
  INSERT INTO counters VALUES ('escalated', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER conversations_counted_in_private AFTER INSERT ON conversations WHEN NEW.private > 0 BEGIN
  INSERT INTO counters VALUES ('private', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER conversations_counted_out AFTER DELETE ON conversations BEGIN
  UPDATE counters SET n = n - 1 WHERE name = OLD.lane;
END;
"""
