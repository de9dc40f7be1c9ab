/** The ProseMirror schema of a plan's content, and its version. */
import { getSchema } from '@tiptap/core';
import type { Schema } from '@tiptap/pm/model';
import { schemaExtensions } from './extensions.ts';

/**
 * Rises by one whenever a node, a mark or an attribute is added (they are never taken away: old plans keep them).
 * It travels in the handshake: an editor with a lower version than a plan was written with must not write to it (R7).
 */
export const SCHEMA_VERSION = 1;

export const schema: Schema = getSchema(schemaExtensions);
