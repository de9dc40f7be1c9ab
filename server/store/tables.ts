/** The tables of the database as Kysely sees them; migrations.ts makes them. Times are milliseconds since 1970. */
import type { Generated } from 'kysely';
import type { SnapshotKind } from '../../shared/api.ts';
import type { LinkRole, Role } from '../../shared/roles.ts';
import type { FrontMatter } from '../../shared/schema/front-matter.ts';

export interface PlansTable {
  id: string;
  /** Another generation of the same plan is another history: clients fork their copy, never merge it (R6). */
  generation: string;
  /** Version of the schema that the plan was last written with (R7). */
  schema_version: number;
  created_at: number;
  created_by: string;
  archived_at: number | null;
  /** The team that owns it; null: its owners among the members do. */
  team_id: Generated<string | null>;
  /** Anyone may read it, since then, without signing in. */
  public_since: Generated<number | null>;
  /** 1: guests are not let in, not even by a link. */
  requires_account: Generated<number>;
  /** From here on the digest: what lists and searches show, read out of the log some seconds after a change. */
  title: string;
  subtitle: string;
  place: string;
  /** One per line. */
  keywords: string;
  status: FrontMatter['status'];
  language: string;
  stream: FrontMatter['stream'];
  words: number;
  /** When somebody last changed the plan. */
  updated_at: number;
  /** The `seq` that the digest was read at; lower than the log's head: it lags. */
  digest_seq: number;
}

/** Exactly one of the two ids is set. */
interface OfPlanOrTeam {
  plan_id: Generated<string | null>;
  team_id: Generated<string | null>;
}

/** One row for each way in which somebody is a member: by name, and by every link that let them do more. The best role counts. */
export interface MembersTable extends OfPlanOrTeam {
  user_id: string;
  role: Role;
  since: number;
  /** The link that they have this role from; null: somebody gave it to them by name. */
  link_id: Generated<string | null>;
}

/** What was last taken from somebody in a plan or a team: kept so that they learn why, and that an older link does not undo it. */
export interface WithdrawalsTable extends OfPlanOrTeam {
  user_id: string;
  time: number;
  /** The link that was withdrawn, and with it what they had by it. null: an owner lowered or ended what this person may do. */
  link_id: string | null;
}

export interface TeamsTable {
  id: string;
  name: string;
  created_at: number;
  created_by: string;
  archived_at: number | null;
}

/** A view: every way in which somebody holds a plan. Of several for one person the best role counts. */
export interface HoldingsTable {
  plan_id: string;
  user_id: string;
  role: Role;
  since: number;
  link_id: string | null;
  /** The team that they hold it by; null: they are a member of the plan. */
  team_id: string | null;
}

export interface LinksTable extends OfPlanOrTeam {
  id: string;
  role: LinkRole;
  /** The token itself is never stored. */
  token_hash: string;
  created_by: string;
  created_at: number;
  revoked_at: number | null;
  /** For whom it is, in the words of whoever made it. */
  label: Generated<string>;
  /** Nobody comes in by it from then on. */
  expires_at: Generated<number | null>;
  /** How many people may come in by it. */
  most_uses: Generated<number | null>;
  uses: Generated<number>;
}

export interface UpdatesTable {
  plan_id: string;
  /** Of the last update in the row: one row holds what one turn of the event loop brought. */
  seq: number;
  /** How many updates the row holds; they have the numbers seq - count + 1 ... seq. */
  count: number;
  /** The updates with their authors and times, as packed-row.ts writes them. */
  data: Uint8Array;
}

export interface BasesTable {
  plan_id: string;
  /** The last update that is merged into this base. */
  seq: number;
  /** One Yjs update: the whole document. */
  state: Uint8Array;
  /** Yjs state vector of `state`, stored so that opening a plan decodes nothing. */
  state_vector: Uint8Array;
  /** Yjs delete set of `state`. */
  delete_set: Uint8Array;
  created_at: number;
}

/** Who wrote and deleted what, for the updates that a compaction merged into a base (R5). */
export interface AttributionsTable {
  plan_id: string;
  /** The updates first_seq ... last_seq are covered. */
  first_seq: number;
  last_seq: number;
  /** As documents/attribution.ts writes it. */
  data: Uint8Array;
}

/** Which user a Yjs client id belongs to in a plan (R9). */
export interface ClientIdsTable {
  plan_id: string;
  client_id: number;
  user_id: string;
}

/** Updates that were well-formed but could not be applied: kept for the operator, out of the plan's way (R8). */
export interface SetAsideTable {
  plan_id: string;
  seq: number;
  user_id: string;
  written_at: number;
  update_bytes: Uint8Array;
  reason: string;
  set_aside_at: number;
}

/** A snapshot's entry in the chain. It never changes and never goes; snapshots/README.md says how its hash is made. */
export interface SnapshotsTable {
  plan_id: string;
  /** 1, 2, 3 in each plan. */
  number: number;
  kind: SnapshotKind;
  time: number;
  seq: number;
  /** null: the server took it. */
  author: string | null;
  label: string;
  note: string;
  /** JSON: [{userId, inserted, deleted}]. */
  contributors: string;
  restored_number: number | null;
  restored_whole: number | null;
  content_hash: string;
  authorship_hash: string;
  previous_hash: string | null;
  hash: string;
  words: number;
  /** JSON: [{userId, characters}]. */
  shares: string;
}

/** What a snapshot holds. The row of an automatic one goes when it is thinned out. */
export interface SnapshotContentsTable {
  plan_id: string;
  number: number;
  /** Canonical JSON, compressed as snapshots/packing.ts does. */
  document: Uint8Array;
  /** Number of the snapshot whose document and authorship are the dictionaries of the compression; null: none. */
  dictionary: number | null;
  /** Which Yjs items its text is made of, as documents/authorship.ts writes it; compressed. */
  authorship: Uint8Array;
}

/** Yjs client ids under which the server wrote what nobody typed. */
export interface OriginsTable {
  plan_id: string;
  client_id: number;
  /** How many clocks of it: what comes after them was typed. */
  clocks: number;
  how: 'imported' | 'restored';
  /** Name of the file, or number of the snapshot. */
  source: string | null;
}

/** Guests who signed in to an account they had: what their id did is the account's. Records that must not change keep the guest's id. */
export interface AliasesTable {
  user_id: string;
  account_id: string;
}

/** Pictures, each once however many plans it is kept with. They never change. */
export interface ImagesTable {
  /** SHA-256 of `bytes`, hexadecimal. */
  hash: string;
  media_type: string;
  /** Pixels. */
  width: number;
  height: number;
  bytes: Uint8Array;
}

/** Which pictures are kept with a plan, for it and all of its snapshots. */
export interface PlanImagesTable {
  plan_id: string;
  hash: string;
  added_by: string;
  added_at: number;
}

/** Restores, each with the edit that takes it back. */
export interface RestoresTable {
  id: string;
  plan_id: string;
  number: number;
  user_id: string;
  time: number;
  /** The update that restored; null: it is not in the log yet. */
  seq: number | null;
  /** A Yjs update, made right after restoring: it merges into the present as any other. */
  undo: Uint8Array;
  undone_at: number | null;
}

/** A secret that lets whoever holds it do one thing once; tokens.ts says what. */
export interface TokensTable {
  id: string;
  purpose: 'reset-password' | 'confirm-email' | 'invitation';
  /** The token itself is never stored. */
  hash: string;
  /** Whose password or address it is about; null: nobody's yet, an invitation. */
  user_id: string | null;
  /** The address that is confirmed by it, or that the invitation was made for. */
  email: string | null;
  /** The administrator who invited; null: nobody who is signed in. */
  created_by: string | null;
  created_at: number;
  expires_at: number;
}

/** Whose rights changed where; triggers write it. */
export interface AccessChangesTable {
  id: Generated<number>;
  /** null: in all plans. */
  plan_id: string | null;
  /** null: everybody's. */
  user_id: string | null;
  time: Generated<number>;
}

/** Who did what with rights and with the plan as a whole. Rows are only ever added. */
export interface AuditTable {
  id: Generated<number>;
  time: number;
  /** null: about the server. */
  plan_id: string | null;
  /** null: the server itself, or its administrator on the command line. */
  actor: string | null;
  action: string;
  /** JSON. */
  detail: string;
}

export interface Tables {
  plans: PlansTable;
  members: MembersTable;
  teams: TeamsTable;
  withdrawals: WithdrawalsTable;
  holdings: HoldingsTable;
  links: LinksTable;
  updates: UpdatesTable;
  bases: BasesTable;
  attributions: AttributionsTable;
  client_ids: ClientIdsTable;
  set_aside: SetAsideTable;
  snapshots: SnapshotsTable;
  snapshot_contents: SnapshotContentsTable;
  origins: OriginsTable;
  restores: RestoresTable;
  aliases: AliasesTable;
  images: ImagesTable;
  plan_images: PlanImagesTable;
  tokens: TokensTable;
  access_changes: AccessChangesTable;
  audit: AuditTable;
}
