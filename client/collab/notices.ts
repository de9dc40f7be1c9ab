/** Hears what the server tells about a plan, without its text: for pages that show the plan's history and must know when it grows. */
import { createDecoder, readVarString, readVarUint } from 'lib0/decoding';
import { isPermanentClose } from '../../shared/errors.ts';
import { MESSAGE, type Notice, noticeSchema } from '../../shared/protocol.ts';
import { retryDelay } from './backoff.ts';

interface Options {
  readonly planId: string;
  /** `ws://host` or `wss://host`, without a path. */
  readonly origin: string;
  readonly schemaVersion: number;
  readonly onNotice: (notice: Notice) => void;
  /** The socket is back after it was lost, or is closed for good: what was told meanwhile is not known. */
  readonly onMissed: () => void;
  readonly WebSocket?: typeof WebSocket;
}

/**
 * Opens a session that sends nothing: without a step 1 the server sends it no content (W3), only what it tells everybody. Reconnects
 * with growing delay until it is closed for good (W10). Returns the function that ends it.
 */
export function listenToNotices({ planId, origin, schemaVersion, onNotice, onMissed, ...rest }: Options): () => void {
  const Socket = rest.WebSocket ?? WebSocket;
  let socket: WebSocket | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let lost = false;

  const connect = (): void => {
    const opened = new Socket(`${origin}/sync/${encodeURIComponent(planId)}?schema=${schemaVersion}`);
    socket = opened;
    opened.binaryType = 'arraybuffer';
    opened.onopen = () => {
      failures = 0;
      if (lost) onMissed();
      lost = false;
    };
    opened.onmessage = ({ data }) => {
      const notice = readNotice(new Uint8Array(data as ArrayBuffer));
      if (notice) onNotice(notice);
    };
    opened.onclose = ({ code }) => {
      socket = null;
      lost = true;
      if (isPermanentClose(code)) onMissed();
      else retry = setTimeout(connect, retryDelay(failures++, Math.random()));
    };
  };
  connect();
  return () => {
    clearTimeout(retry);
    if (!socket) return;
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
  };
}

/** null for every other message, and for a notice that is newer than this page (W9). */
function readNotice(frame: Uint8Array): Notice | null {
  const decoder = createDecoder(frame);
  if (readVarUint(decoder) !== MESSAGE.notice) return null;
  const parsed = noticeSchema.safeParse(JSON.parse(readVarString(decoder)));
  return parsed.success ? parsed.data : null;
}
