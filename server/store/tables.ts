/** The tables of the database as Kysely sees them; migrations.ts makes them. Times are milliseconds since 1970. */
import type { Role } from '../../shared/roles.ts';
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

export interface MembersTable {
  plan_id: string;
  user_id: string;
  role: Role;
  since: number;
}

export interface LinksTable {
  id: string;
  plan_id: string;
  role: Role;
  /** The token itself is never stored. */
  token_hash: string;
  created_by: string;
  created_at: number;
  revoked_at: number | null;
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

export interface Tables {
  plans: PlansTable;
  members: MembersTable;
  links: LinksTable;
  updates: UpdatesTable;
  bases: BasesTable;
  attributions: AttributionsTable;
  client_ids: ClientIdsTable;
  set_aside: SetAsideTable;
}
