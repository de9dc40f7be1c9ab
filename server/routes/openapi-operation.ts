/** What the description of the API says about one route. */
import type { z } from 'zod';
import type { ErrorCode } from '../../shared/errors.ts';

export interface Operation {
  readonly summary: string;
  /** Whether somebody must be signed in. */
  readonly signedIn: boolean;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** In place of a JSON body: a file in the field `file`, or the bytes themselves. */
  readonly upload?: 'form' | 'bytes';
  readonly status?: number;
  /** Absent: no body. A string: the media type of a body that is not JSON. */
  readonly answer?: z.ZodType | string;
  readonly errors: readonly ErrorCode[];
}
