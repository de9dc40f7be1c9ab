/** The database's schema as numbered steps; `PRAGMA user_version` says how many of them a file has behind it. */
import type { DatabaseSync } from 'node:sqlite';

/** Applied in order, each once. Never change one that has been released: add another. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE plans (
    id TEXT PRIMARY KEY,
    generation TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    archived_at INTEGER,
    title TEXT NOT NULL,
    subtitle TEXT NOT NULL,
    place TEXT NOT NULL,
    keywords TEXT NOT NULL,
    status TEXT NOT NULL,
    language TEXT NOT NULL,
    stream TEXT,
    words INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    digest_seq INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE members (
    plan_id TEXT NOT NULL REFERENCES plans(id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'editor', 'commenter', 'viewer')),
    since INTEGER NOT NULL,
    PRIMARY KEY (plan_id, user_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX members_by_user ON members(user_id);

  CREATE TABLE links (
    id TEXT PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plans(id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('editor', 'commenter', 'viewer')),
    token_hash TEXT NOT NULL UNIQUE,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX links_by_plan ON links(plan_id);

  CREATE TABLE updates (
    plan_id TEXT NOT NULL REFERENCES plans(id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    count INTEGER NOT NULL CHECK (count > 0),
    data BLOB NOT NULL,
    PRIMARY KEY (plan_id, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE bases (
    plan_id TEXT NOT NULL REFERENCES plans(id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    state BLOB NOT NULL,
    state_vector BLOB NOT NULL,
    delete_set BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (plan_id, seq)
  ) STRICT;

  CREATE TABLE attributions (
    plan_id TEXT NOT NULL REFERENCES plans(id) ON DELETE CASCADE,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL CHECK (last_seq >= first_seq),
    data BLOB NOT NULL,
    PRIMARY KEY (plan_id, last_seq)
  ) STRICT;

  CREATE TABLE client_ids (
    plan_id TEXT NOT NULL REFERENCES plans(id) ON DELETE CASCADE,
    client_id INTEGER NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY (plan_id, client_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE set_aside (
    plan_id TEXT NOT NULL REFERENCES plans(id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    user_id TEXT NOT NULL,
    written_at INTEGER NOT NULL,
    update_bytes BLOB NOT NULL,
    reason TEXT NOT NULL,
    set_aside_at INTEGER NOT NULL,
    PRIMARY KEY (plan_id, seq)
  ) STRICT;
  `,
  `
  CREATE TABLE snapshots (
    plan_id TEXT NOT NULL REFERENCES plans(id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number > 0),
    kind TEXT NOT NULL,
    time INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    author TEXT,
    label TEXT NOT NULL,
    note TEXT NOT NULL,
    contributors TEXT NOT NULL,
    restored_number INTEGER,
    restored_whole INTEGER,
    content_hash TEXT NOT NULL,
    authorship_hash TEXT NOT NULL,
    previous_hash TEXT,
    hash TEXT NOT NULL,
    words INTEGER NOT NULL,
    shares TEXT NOT NULL,
    PRIMARY KEY (plan_id, number)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE snapshot_contents (
    plan_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    document BLOB NOT NULL,
    dictionary INTEGER,
    authorship BLOB NOT NULL,
    PRIMARY KEY (plan_id, number),
    FOREIGN KEY (plan_id, number) REFERENCES snapshots(plan_id, number) ON DELETE CASCADE
  ) STRICT;

  CREATE TABLE origins (
    plan_id TEXT NOT NULL REFERENCES plans(id) ON DELETE CASCADE,
    client_id INTEGER NOT NULL,
    clocks INTEGER NOT NULL,
    how TEXT NOT NULL CHECK (how IN ('imported', 'restored')),
    source TEXT,
    PRIMARY KEY (plan_id, client_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE restores (
    id TEXT PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plans(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    user_id TEXT NOT NULL,
    time INTEGER NOT NULL,
    seq INTEGER,
    undo BLOB NOT NULL,
    undone_at INTEGER
  ) STRICT;
  CREATE INDEX restores_by_plan ON restores(plan_id);

  CREATE TABLE aliases (
    user_id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX aliases_by_account ON aliases(account_id);

  CREATE TABLE images (
    hash TEXT PRIMARY KEY,
    media_type TEXT NOT NULL,
    width INTEGER NOT NULL CHECK (width > 0),
    height INTEGER NOT NULL CHECK (height > 0),
    bytes BLOB NOT NULL
  ) STRICT;

  CREATE TABLE plan_images (
    plan_id TEXT NOT NULL REFERENCES plans(id) ON DELETE CASCADE,
    hash TEXT NOT NULL REFERENCES images(hash),
    added_by TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (plan_id, hash)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX plan_images_by_hash ON plan_images(hash);

  -- A picture goes with the last plan that it is kept with.
  CREATE TRIGGER images_without_plan AFTER DELETE ON plan_images
  WHEN NOT EXISTS (SELECT 1 FROM plan_images WHERE hash = OLD.hash)
  BEGIN
    DELETE FROM images WHERE hash = OLD.hash;
  END;
  `,
  `
  -- What a plan is to people who are not its members, and whose it is.
  ALTER TABLE plans ADD COLUMN team_id TEXT REFERENCES teams(id);
  ALTER TABLE plans ADD COLUMN public_since INTEGER;
  ALTER TABLE plans ADD COLUMN requires_account INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX plans_by_team ON plans(team_id);

  CREATE TABLE teams (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    archived_at INTEGER
  ) STRICT, WITHOUT ROWID;

  -- A link is of a plan or of a team. A table is made anew for that, because a column's NOT NULL cannot be taken from it.
  ALTER TABLE links RENAME TO links_of_plans;
  CREATE TABLE links (
    id TEXT PRIMARY KEY,
    plan_id TEXT REFERENCES plans(id) ON DELETE CASCADE,
    team_id TEXT REFERENCES teams(id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('editor', 'commenter', 'viewer')),
    label TEXT NOT NULL DEFAULT '',
    token_hash TEXT NOT NULL UNIQUE,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    most_uses INTEGER,
    uses INTEGER NOT NULL DEFAULT 0,
    revoked_at INTEGER,
    CHECK ((plan_id IS NULL) <> (team_id IS NULL))
  ) STRICT, WITHOUT ROWID;
  INSERT INTO links (id, plan_id, role, token_hash, created_by, created_at, revoked_at)
    SELECT id, plan_id, role, token_hash, created_by, created_at, revoked_at FROM links_of_plans;
  DROP TABLE links_of_plans;
  CREATE INDEX links_by_plan ON links(plan_id);
  CREATE INDEX links_by_team ON links(team_id);

  -- One row for each way in which somebody is a member of a plan or of a team: by name, and by every link that let them do more.
  ALTER TABLE members RENAME TO members_by_name;
  CREATE TABLE members (
    plan_id TEXT REFERENCES plans(id) ON DELETE CASCADE,
    team_id TEXT REFERENCES teams(id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'editor', 'commenter', 'viewer')),
    since INTEGER NOT NULL,
    link_id TEXT REFERENCES links(id),
    CHECK ((plan_id IS NULL) <> (team_id IS NULL))
  ) STRICT;
  INSERT INTO members (plan_id, user_id, role, since) SELECT plan_id, user_id, role, since FROM members_by_name;
  DROP TABLE members_by_name;
  CREATE UNIQUE INDEX members_by_plan ON members(plan_id, user_id, coalesce(link_id, '')) WHERE plan_id IS NOT NULL;
  CREATE UNIQUE INDEX members_by_team ON members(team_id, user_id, coalesce(link_id, '')) WHERE team_id IS NOT NULL;
  CREATE INDEX members_by_user ON members(user_id);
  CREATE INDEX members_by_link ON members(link_id);

  -- What was taken from somebody in a plan or a team, last: by an owner, and then links made before it give them nothing; or with a link.
  CREATE TABLE withdrawals (
    plan_id TEXT REFERENCES plans(id) ON DELETE CASCADE,
    team_id TEXT REFERENCES teams(id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    time INTEGER NOT NULL,
    link_id TEXT REFERENCES links(id),
    CHECK ((plan_id IS NULL) <> (team_id IS NULL)),
    UNIQUE (plan_id, user_id),
    UNIQUE (team_id, user_id)
  ) STRICT;

  -- Every way in which somebody holds a plan: as its member, and as a member of the team that owns it.
  CREATE VIEW holdings AS
    SELECT plan_id, user_id, role, since, link_id, NULL AS team_id FROM members WHERE plan_id IS NOT NULL
    UNION ALL
    SELECT plans.id, members.user_id, members.role, members.since, members.link_id, members.team_id
    FROM members JOIN plans ON plans.team_id = members.team_id;

  -- Secrets that were handed out and let somebody do one thing once. Of each only the hash is here.
  CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('reset-password', 'confirm-email', 'invitation')),
    hash TEXT NOT NULL UNIQUE,
    user_id TEXT,
    email TEXT,
    created_by TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tokens_by_user ON tokens(user_id);

  -- Whose rights changed where. Triggers write it, so that whoever changes rights, by whatever program, cannot forget to; the server
  -- reads what came since it last looked. access-changes.ts has those of better-auth's tables.
  CREATE TABLE access_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    plan_id TEXT,
    user_id TEXT,
    time INTEGER NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000 AS INTEGER))
  ) STRICT;
  CREATE TRIGGER members_added AFTER INSERT ON members BEGIN
    INSERT INTO access_changes (plan_id, user_id)
      SELECT id, NEW.user_id FROM plans WHERE id = NEW.plan_id OR team_id = NEW.team_id;
  END;
  CREATE TRIGGER members_changed AFTER UPDATE ON members BEGIN
    INSERT INTO access_changes (plan_id, user_id)
      SELECT id, OLD.user_id FROM plans WHERE id = OLD.plan_id OR team_id = OLD.team_id
      UNION SELECT id, NEW.user_id FROM plans WHERE id = NEW.plan_id OR team_id = NEW.team_id;
  END;
  CREATE TRIGGER members_removed AFTER DELETE ON members BEGIN
    INSERT INTO access_changes (plan_id, user_id)
      SELECT id, OLD.user_id FROM plans WHERE id = OLD.plan_id OR team_id = OLD.team_id;
  END;
  CREATE TRIGGER plans_opened_or_closed AFTER UPDATE OF team_id, public_since, requires_account, archived_at ON plans
  WHEN (OLD.team_id, OLD.public_since, OLD.requires_account, OLD.archived_at)
    IS NOT (NEW.team_id, NEW.public_since, NEW.requires_account, NEW.archived_at)
  BEGIN
    INSERT INTO access_changes (plan_id) VALUES (NEW.id);
  END;

  CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    time INTEGER NOT NULL,
    plan_id TEXT,
    actor TEXT,
    action TEXT NOT NULL,
    detail TEXT NOT NULL
  ) STRICT;
  CREATE INDEX audit_by_plan ON audit(plan_id, id);
  `,
];

/**
 * Brings a database up to this code's schema, each step in a transaction of its own. A database that newer code has written to is
 * refused, because this code would not know what to keep of it. `beforeUpgrade` is called before anything is done to a database that an
 * older program made, with its version and the one that it will have.
 */
export function migrate(sqlite: DatabaseSync, beforeUpgrade?: (from: number, to: number) => void): void {
  const row = sqlite.prepare('PRAGMA user_version').get();
  const version = Number(row?.user_version);
  if (version > MIGRATIONS.length) {
    throw new Error(
      `The database has schema version ${version}, this program knows versions up to ${MIGRATIONS.length}. ` +
        'Run the newer program that wrote it, or restore a backup from before the upgrade.',
    );
  }
  if (version > 0 && version < MIGRATIONS.length) beforeUpgrade?.(version, MIGRATIONS.length);
  for (let next = version; next < MIGRATIONS.length; next++) {
    sqlite.exec('BEGIN IMMEDIATE');
    try {
      sqlite.exec(MIGRATIONS[next]!);
      sqlite.exec(`PRAGMA user_version = ${next + 1}`);
      sqlite.exec('COMMIT');
    } catch (cause) {
      sqlite.exec('ROLLBACK');
      throw new Error(`Migration ${next + 1} of the database failed; nothing of it was kept.`, { cause });
    }
  }
}

/** Throws with a sentence for the operator unless the database is at this code's schema. */
export function requireVersion(sqlite: DatabaseSync): void {
  const version = Number(sqlite.prepare('PRAGMA user_version').get()?.user_version);
  if (version !== MIGRATIONS.length) {
    throw new Error(
      `The database has schema version ${version}, this program needs ${MIGRATIONS.length}. Start the server of this version once.`,
    );
  }
}
