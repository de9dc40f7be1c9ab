/** The ProseMirror schema of a plan's content; version.ts has its version. */
import { getSchema } from '@tiptap/core';
import type { Schema } from '@tiptap/pm/model';
import { schemaExtensions } from './extensions.ts';

export const schema: Schema = getSchema(schemaExtensions);
