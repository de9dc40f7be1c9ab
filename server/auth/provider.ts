/** Signing in by the operator's OpenID Connect provider: the authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 9700). */
import { randomBytes } from 'node:crypto';
import * as openid from 'openid-client';
import { z } from 'zod';
import { CommonplanError } from '../../shared/errors.ts';
import type { ProviderConfig } from '../config.ts';
import type { Log } from '../log.ts';

/** What the person was about when they set out for the provider. */
export interface Errand {
  /** Path of the page to come back to. */
  readonly returnTo: string;
  /** The account that the identity is to be connected with; null: signing in. */
  readonly connectTo: string | null;
  readonly invitation: string | null;
}

/** Whom the provider says they are. */
export interface ProvidedIdentity {
  /** The issuer and its name for this person: what another issuer calls the same is somebody else. */
  readonly subject: string;
  /** Lower case; null: not told, or not confirmed by the provider. */
  readonly email: string | null;
  readonly name: string;
}

export interface SignInProvider {
  /** For people. */
  readonly name: string;
  /** Where to send the browser, and the handle that it has to bring back in a cookie. Throws `provider-failed`. */
  begin(errand: Errand): Promise<{ url: string; handle: string }>;
  /** `query` as the provider sent the browser back with it. A handle works once. Throws `provider-failed`. */
  finish(handle: string, query: string): Promise<{ identity: ProvidedIdentity; errand: Errand }>;
}

/** Milliseconds from setting out to coming back. */
export const ERRAND_TIME = 10 * 60 * 1000;
/** Seconds that the provider may take to answer. */
const TIMEOUT = 10;
/** People on their way at once. More means that somebody sets out for the sake of it: the first of them have to begin anew. */
const MOST_ERRANDS = 10_000;

interface UnderWay extends Errand {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  readonly until: number;
}

const claimsShape = z.object({
  email: z.email().max(254).optional().catch(undefined),
  email_verified: z.boolean().optional().catch(undefined),
  name: z.string().optional().catch(undefined),
  preferred_username: z.string().optional().catch(undefined),
});

export function createProvider(config: ProviderConfig, redirectUri: string, log: Log): SignInProvider {
  const { issuer, clientId, clientSecret, name } = config;
  const underWay = new Map<string, UnderWay>();
  let discovered: Promise<openid.Configuration> | null = null;

  /** Asked when first needed, and again after a failure: the server starts and runs without its provider. */
  async function discover(): Promise<openid.Configuration> {
    discovered ??= openid.discovery(new URL(issuer), clientId, undefined, proofOfClient(clientSecret), {
      timeout: TIMEOUT,
      // The settings allow http for loopback addresses only.
      execute: issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [],
    });
    return discovered.catch((cause: unknown) => {
      discovered = null;
      throw failed(cause, 'the sign-in service could not be asked what it offers');
    });
  }

  function failed(cause: unknown, what: string): CommonplanError {
    log.warn({ err: cause }, what);
    return new CommonplanError('provider-failed', undefined, { cause });
  }

  async function identify(
    configuration: openid.Configuration,
    flow: UnderWay,
    query: string,
  ): Promise<ProvidedIdentity> {
    const url = new URL(redirectUri);
    url.search = query;
    const tokens = await openid.authorizationCodeGrant(configuration, url, {
      pkceCodeVerifier: flow.verifier,
      expectedState: flow.state,
      expectedNonce: flow.nonce,
      idTokenExpected: true,
    });
    const idToken = tokens.claims();
    if (!idToken) throw new Error('The provider sent no ID token.');
    // Many providers put the address only into what the UserInfo endpoint answers.
    const asked = configuration.serverMetadata().userinfo_endpoint !== undefined && idToken.email === undefined;
    const more = asked ? await openid.fetchUserInfo(configuration, tokens.access_token, idToken.sub) : {};
    const claims = claimsShape.parse({ ...idToken, ...more });
    return {
      subject: JSON.stringify([idToken.iss, idToken.sub]),
      email: claims.email_verified === true ? (claims.email?.toLowerCase() ?? null) : null,
      name: claims.name ?? claims.preferred_username ?? '',
    };
  }

  return {
    name,
    async begin(errand) {
      const configuration = await discover();
      const verifier = openid.randomPKCECodeVerifier();
      const state = openid.randomState();
      const nonce = openid.randomNonce();
      const url = openid.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      const handle = randomBytes(32).toString('base64url');
      underWay.set(handle, { ...errand, verifier, state, nonce, until: Date.now() + ERRAND_TIME });
      if (underWay.size > MOST_ERRANDS) {
        const [oldest] = underWay.keys();
        if (oldest !== undefined) underWay.delete(oldest);
      }
      return { url: url.href, handle };
    },
    async finish(handle, query) {
      const flow = underWay.get(handle);
      underWay.delete(handle);
      if (!flow || flow.until < Date.now()) throw new CommonplanError('provider-failed');
      const configuration = await discover();
      try {
        const { returnTo, connectTo, invitation } = flow;
        return { identity: await identify(configuration, flow, query), errand: { returnTo, connectTo, invitation } };
      } catch (cause) {
        throw failed(cause, 'somebody could not sign in by the sign-in service');
      }
    },
  };
}

/** By the header, which every provider has to know that says nothing else; in the body where it knows that alone. */
function proofOfClient(secret: string | undefined): openid.ClientAuth {
  if (secret === undefined) return openid.None();
  return (server, ...rest) => {
    const known = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const prove = known.includes('client_secret_basic') ? openid.ClientSecretBasic : openid.ClientSecretPost;
    return prove(secret)(server, ...rest);
  };
}
