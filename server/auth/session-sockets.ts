/** Which sockets a signed-in session opened, so that they end with it and not only when it would have expired. */
import type { WebSocket } from 'ws';
import { CommonplanError } from '../../shared/errors.ts';

export interface SessionSockets {
  add(sessionId: string, socket: WebSocket): void;
  /** The person signed out there: closes with 4401. Sockets of the same person's other sessions stay. */
  end(sessionId: string): void;
}

export function createSessionSockets(): SessionSockets {
  const open = new Map<string, Set<WebSocket>>();
  return {
    add(sessionId, socket) {
      const sockets = open.get(sessionId) ?? new Set();
      open.set(sessionId, sockets.add(socket));
      socket.once('close', () => {
        sockets.delete(socket);
        if (sockets.size === 0 && open.get(sessionId) === sockets) open.delete(sessionId);
      });
    },
    end(sessionId) {
      const { close, message } = new CommonplanError('not-signed-in');
      for (const socket of open.get(sessionId) ?? []) socket.close(close, message);
    },
  };
}
