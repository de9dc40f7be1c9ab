/** For tests: a real mail server on a free port that keeps what it is sent. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly text: string;
}

export interface TestMailServer {
  /** For SMTP_URL. */
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  /** Resolves with the first mail to this address that nobody has taken yet, once it is there. */
  next(to: string): Promise<ReceivedMail>;
  /** From now on every mail is refused. */
  refuse(): void;
  stop(): Promise<void>;
}

export async function startTestMailServer(): Promise<TestMailServer> {
  const mails: ReceivedMail[] = [];
  const taken = new Set<ReceivedMail>();
  const waiting = new Set<() => void>();
  let refuses = false;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, done) {
      let raw = '';
      stream.setEncoding('utf8').on('data', (part) => (raw += part));
      stream.on('end', () => {
        if (refuses) return done(new Error('Mailbox of somebody@example.org is full'));
        const { mailFrom, rcptTo } = session.envelope;
        const [head = '', ...body] = raw.split('\r\n\r\n');
        mails.push({
          to: rcptTo.map(({ address }) => address),
          from: mailFrom ? mailFrom.address : '',
          subject: /^Subject: (.*)$/m.exec(head)?.[1] ?? '',
          text: /^Content-Transfer-Encoding: quoted-printable/im.test(head)
            ? decodeQuotedPrintable(body.join('\r\n\r\n'))
            : body.join('\r\n\r\n'),
        });
        for (const look of waiting) look();
        done();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    next: (to) =>
      new Promise((resolve) => {
        const look = (): void => {
          const mail = mails.find((one) => one.to.includes(to) && !taken.has(one));
          if (!mail) return;
          waiting.delete(look);
          taken.add(mail);
          resolve(mail);
        };
        waiting.add(look);
        look();
      }),
    refuse() {
      refuses = true;
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

const decodeQuotedPrintable = (text: string): string => {
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
};

/** The token of the link in a mail. */
export const tokenIn = ({ text }: ReceivedMail): string => /#([\w-]{40,})/.exec(text)?.[1] ?? '';
