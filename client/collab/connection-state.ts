/** What a window knows of its connection to a plan, for those who show it. */
import type { ErrorCode } from '../../shared/errors.ts';
import type { Hello } from '../../shared/protocol.ts';
import type { Role } from '../../shared/roles.ts';
import type { SaveState } from './save-state.ts';

export interface ConnectionState {
  /** connecting: a socket is being opened. open: hello heard. waiting: lost, trying again. stopped: for good, `stopped` says why. */
  readonly link: 'connecting' | 'open' | 'waiting' | 'stopped';
  /** Whether the whole content has arrived at least once. */
  readonly loaded: boolean;
  readonly role: Role | null;
  readonly user: Hello['user'] | null;
  readonly save: SaveState;
  readonly stopped: { readonly code: ErrorCode; readonly message: string } | null;
  /** Bytes of the plan and the server's limit, once the server has warned. */
  readonly size: { readonly bytes: number; readonly limit: number } | null;
  /** The server's disk is full: what is typed waits here until there is room (W12). */
  readonly storageFull: boolean;
  /** When the connection was lost, in milliseconds since 1970; null while it stands. */
  readonly lostAt: number | null;
  /** Words of an earlier visit that can no longer be merged (other history, or no right to write); empty when there are none. */
  readonly recovered: string;
}

export const INITIAL: ConnectionState = {
  link: 'connecting',
  loaded: false,
  role: null,
  user: null,
  save: 'saved',
  stopped: null,
  size: null,
  storageFull: false,
  lostAt: null,
  recovered: '',
};
