/** The version of the schema of a plan's content, apart from the schema itself: the server's main thread needs the number alone. */

/**
 * Rises by one whenever a node, a mark or an attribute is added (they are never taken away: old plans keep them).
 * It travels in the handshake: an editor with a lower version than a plan was written with must not write to it (R7).
 */
export const SCHEMA_VERSION = 1;
