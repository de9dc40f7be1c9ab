/** Trusted Types, as far as they are used here: the types of the DOM do not know them yet, nor do all browsers. */

interface Rules {
  createHTML?(html: string): string;
  createScriptURL?(url: string): string;
}

interface TrustedTypes {
  createPolicy<Made extends Rules>(name: string, rules: Made): Made;
}

/** The server's policy lists the names that may be created. */
export const trustedTypes = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
