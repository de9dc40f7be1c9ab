/** Plans: make, import, list, read, archive, and what is in them. */
import { randomBytes } from 'node:crypto';
import type { Hono } from 'hono';
import type { z } from 'zod';
import * as api from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import { frontMatterSchema } from '../../shared/schema/front-matter.ts';
import type { NewPlan } from '../documents/documents.ts';
import { keepPictures } from '../images/import.ts';
import { formatOf, type ImportRequest } from '../import/file.ts';
import { listTemplates, readTemplate } from '../import/templates.ts';
import { readPlanAccess } from '../store/plan-access.ts';
import { listPlans, type PlanRow, readPlan, readPublicPlan } from '../store/plan-list.ts';
import { setPublic, setRequiresAccount } from '../store/plan-settings.ts';
import { setArchived } from '../store/plans.ts';
import { moveToTeam } from '../store/team-plans.ts';
import { anybody, guardedRoutes, mayPlan, mayRead, signedIn } from './guarded.ts';
import { type AppContext, type AppEnv, clientAddress, readJson, readQuery, type Services } from './http.ts';

export function planRoutes(services: Services): Hono<AppEnv> {
  const { access, config, documents, images, kysely, rateLimits } = services;
  const { path } = api;
  const routes = guardedRoutes(access);

  /** Makes the plan, its owner and its first base, and reads it back as its owner sees it. */
  async function create(
    c: AppContext,
    ownerId: string,
    { planId = newPlanId(), ...plan }: Omit<NewPlan, 'planId' | 'ownerId'> & { planId?: string },
  ): Promise<api.PlanSummary> {
    await documents.create({ planId, ownerId, ...plan });
    c.header('Location', path.plan(planId));
    return summaryOf(ownerId, planId);
  }

  /** Before the work of making a plan is done; the transaction that makes it looks again. */
  async function mayMakeIn(c: AppContext, teamId: string | undefined): Promise<void> {
    if (teamId !== undefined) await access.authorizeTeam(c.req.raw.headers, teamId, 'write', { inUse: true });
  }

  async function summaryOf(userId: string, planId: string): Promise<api.PlanSummary> {
    const row = await readPlan(kysely, userId, planId);
    if (!row) throw new CommonplanError('not-found');
    return toSummary(row);
  }

  routes.get(path.templates, anybody('the same for everybody'), (c) =>
    c.json({ templates: listTemplates() } satisfies z.input<typeof api.templateList>),
  );

  routes.get(path.plans, signedIn, async (c, user) => {
    const { archived, ...filter } = readQuery(c, api.planListQuery);
    const rows = await listPlans(kysely, user.id, { ...filter, archived: archived === 'true' });
    return c.json({ plans: rows.map(toSummary) } satisfies z.input<typeof api.planList>);
  });

  routes.post(path.plans, signedIn, async (c, user) => {
    rateLimits.create.take(clientAddress(c, config));
    const { title, template, language, teamId } = await readJson(c, api.createPlan);
    await mayMakeIn(c, teamId);
    const start = template === undefined ? BLANK : readTemplate(template);
    const frontMatter = frontMatterSchema.parse({ ...start.frontMatter, title, ...(language && { language }) });
    const source = template === undefined ? null : { kind: 'template' as const, name: start.title };
    const plan = await create(c, user.id, { teamId, frontMatter, content: start.content, ...(source && { source }) });
    return c.json(plan, 201);
  });

  routes.post(path.planImport, signedIn, async (c, user) => {
    rateLimits.create.take(clientAddress(c, config));
    const { name, teamId, ...request } = await readUpload(c);
    await mayMakeIn(c, teamId);
    const imported = await documents.importFile(request);
    const { frontMatter } = imported;
    const planId = newPlanId();
    const readable = async (of: string): Promise<boolean> => (await readPlanAccess(kysely, user.id, of)).role !== null;
    const { losses, ...kept } = await keepPictures(planId, imported, { images, mayRead: readable });
    // A file without a title of its own is called as the file is.
    const title = frontMatter.title || titleOfFile(name) || 'Imported plan';
    const source = { kind: 'file' as const, name: name.slice(0, 255) };
    const plan = await create(c, user.id, { planId, teamId, frontMatter: { ...frontMatter, title }, source, ...kept });
    return c.json({ ...plan, losses } satisfies api.ImportedPlan, 201);
  });

  routes.get('/api/plans/:planId', mayRead, async (c, { planId, user, member }) => {
    c.header('Cache-Control', 'no-store');
    if (user && member) return c.json(await summaryOf(user.id, planId));
    const row = await readPublicPlan(kysely, planId);
    if (!row) throw new CommonplanError('not-found');
    return c.json(toSummary(row));
  });

  routes.patch('/api/plans/:planId', mayPlan('manage'), async (c, { planId, user }) => {
    const { archived, requiresAccount, teamId, ...body } = await readJson(c, api.patchPlan);
    const by = user.id;
    if (requiresAccount !== undefined) await setRequiresAccount(kysely, planId, { requiresAccount, by });
    if (body.public !== undefined) await setPublic(kysely, planId, { public: body.public, by });
    if (teamId !== undefined) await moveToTeam(kysely, { planId, userId: by, teamId });
    if (archived !== undefined) await setArchived(kysely, planId, archived ? Date.now() : null, by);
    return c.json(await summaryOf(user.id, planId));
  });

  routes.delete('/api/plans/:planId', mayPlan('manage'), async (c, { planId, user }) => {
    await setArchived(kysely, planId, Date.now(), user.id);
    return c.body(null, 204);
  });

  routes.get('/api/plans/:planId/content', mayRead, async (c, { planId }) => {
    rateLimits.read.take(clientAddress(c, config));
    const { frontMatter, content, seq } = await documents.materialise(planId);
    c.header('Cache-Control', 'no-store');
    return c.json({ frontMatter, content, seq } satisfies z.input<typeof api.planContent>);
  });

  return routes.hono;
}

const newPlanId = (): string => randomBytes(12).toString('hex');

/** The least document that the schema allows: one empty paragraph. */
const BLANK = { title: '', frontMatter: {}, content: { type: 'doc', content: [{ type: 'paragraph' }] } };

function toSummary(row: PlanRow): api.PlanSummary {
  const { id, title, subtitle, status, language, stream, words, role, member, owners, team } = row;
  return {
    id,
    title,
    subtitle,
    status,
    language,
    stream,
    words,
    role,
    member,
    publicSince: row.public_since === null ? null : new Date(row.public_since).toISOString(),
    requiresAccount: row.requires_account === 1,
    owners: [...owners],
    team,
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
    archivedAt: row.archived_at === null ? null : new Date(row.archived_at).toISOString(),
  };
}

/** `my_water-plan.md` as people would write it above the text: `My water plan`. Empty for a name that is all extension. */
function titleOfFile(name: string): string {
  const [first = '', ...rest] = name
    .replace(/\.[^.]*$/, '')
    .replace(/[\s_-]+/g, ' ')
    .trim();
  return (first.toUpperCase() + rest.join('')).slice(0, 500);
}

/** The uploaded file as text, with its name and format, and the address of the wiki its links lead to. Throws `invalid-request`, `unknown-format` and `not-text`. */
async function readUpload(c: AppContext): Promise<ImportRequest & { name: string; teamId: string | undefined }> {
  const expected = 'Expected multipart/form-data with the plan in the field "file".';
  if (!/^multipart\/form-data\s*;/i.test(c.req.header('content-type') ?? '')) {
    throw new CommonplanError('invalid-request', expected);
  }
  const form = await c.req.formData().catch((cause: unknown) => {
    throw new CommonplanError('invalid-request', expected, { cause });
  });
  const file = form.get('file');
  if (!(file instanceof File)) throw new CommonplanError('invalid-request', expected);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const format = form.get('format');
  const wiki = form.get('wiki');
  const team = form.get('team');
  const teamId = typeof team === 'string' && team !== '' ? team : undefined;
  const read = formatOf(typeof format === 'string' ? `.${format}` : file.name, bytes);
  return { bytes, name: file.name, format: read, wiki: typeof wiki === 'string' ? wiki : null, teamId };
}
