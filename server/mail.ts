/** Sends mail through the operator's mail server: plain text, one person at a time. */
import { createTransport } from 'nodemailer';
import type { Config } from './config.ts';
import type { Log } from './log.ts';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  /** Plain text; lines are not broken. */
  readonly text: string;
}

export interface Mailer {
  /** Resolves when the mail server has taken it. Rejects with what it or the network says. */
  send(mail: Mail): Promise<void>;
  /**
   * Makes and sends a mail after the answer: whether there was anything to send then shows neither in the answer nor in its time. A
   * failure is recorded, and nobody is told.
   */
  later(task: () => Promise<Mail | null>): void;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

/** Milliseconds that the mail server may take to answer. */
const TIMEOUT = 20_000;

export function createMailer({ url, from }: NonNullable<Config['mail']>, log: Log): Mailer {
  const transport = createTransport(
    {
      url,
      connectionTimeout: TIMEOUT,
      greetingTimeout: TIMEOUT,
      socketTimeout: TIMEOUT,
      // A mail is text that we wrote: it fetches nothing and attaches nothing.
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  const underWay = new Set<Promise<void>>();

  const send = async ({ to, subject, text }: Mail): Promise<void> => {
    // As an object: in a string, commas and angle brackets would make several recipients of one.
    await transport.sendMail({ to: { name: '', address: to }, subject, text });
  };

  return {
    send,
    later(task) {
      const run = async (): Promise<void> => {
        try {
          const mail = await task();
          if (mail) await send(mail);
        } catch (err) {
          log.error({ err: withoutAddresses(err) }, 'a mail could not be sent');
        }
      };
      const running = run().finally(() => underWay.delete(running));
      underWay.add(running);
    },
    async stop() {
      await Promise.all(underWay);
      transport.close();
    },
  };
}

/** Mail servers repeat addresses in what they say. */
function withoutAddresses(error: unknown): Error {
  const { message, code } = error as NodeJS.ErrnoException;
  return Object.assign(new Error(message.replace(/\S+@\S+/g, '[e-mail]')), code === undefined ? {} : { code });
}
