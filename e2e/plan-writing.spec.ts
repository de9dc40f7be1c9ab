/** People write a plan together, in real browsers against the real server. */
import { oneWriting, pairWriting } from './editor-page.ts';
import { expect, test } from './fixtures.ts';
import { caretAfter, expectSaved, openPlan, selectLineOf, settled, textOf, tool } from './plan-page.ts';

const MARKDOWN = '# Land\n\nThe first paragraph.\n\n# Water\n\nThe second paragraph.\n';

test('three people write at once, two of them in one paragraph, and every word arrives', async ({
  person,
  createPlan,
  share,
}) => {
  const people = [await person('Ana'), await person('Ben'), await person('Carola')] as const;
  const [ana, ben, carola] = people;
  const id = await createPlan(ana, { title: 'A plan', markdown: MARKDOWN });
  await share(ana, id, 'editor', ben);
  await share(ana, id, 'editor', carola);
  for (const each of people) await openPlan(each, id);
  await caretAfter(ana.page, 'The first paragraph');
  await caretAfter(ben.page, 'The first paragraph');
  await ben.page.keyboard.press('Home');
  await caretAfter(carola.page, 'The second paragraph');
  await Promise.all([
    ana.page.keyboard.type(' Words of Ana.', { delay: 15 }),
    ben.page.keyboard.type('Words of Ben. ', { delay: 15 }),
    carola.page.keyboard.type(' Words of Carola.', { delay: 15 }),
  ]);
  for (const { page } of people) {
    await expectSaved(page);
    for (const { name } of people) await expect(textOf(page)).toContainText(`Words of ${name}.`);
  }
  const exported = await ana.context.request.get(`/api/plans/${id}/export/md`);
  const text = await exported.text();
  expect(text).toContain('Words of Ben. The first paragraph. Words of Ana.\n');
  expect(text).toContain('The second paragraph. Words of Carola.\n');
});

test('people see each other by name, and a caret where the other writes', async ({ person, createPlan, share }) => {
  const { ana, ben } = await pairWriting({ person, createPlan, share }, MARKDOWN);
  await expect(ana.page.getByRole('button', { name: 'People here: you and Ben' })).toBeVisible();
  await caretAfter(ben.page, 'The second paragraph');
  await ben.page.keyboard.type(' More');
  await expect(textOf(ana.page).locator('[data-name=Ben]')).toBeAttached();
  await ana.page.getByRole('button', { name: /People here/ }).click();
  await expect(ana.page.getByText('2 people are here')).toBeVisible();
  await ben.page.goto('/');
  await expect(ana.page.getByRole('button', { name: 'People here: you' })).toBeVisible();
});

test('undo takes back only what one wrote oneself', async ({ person, createPlan, share }) => {
  const { ana, ben } = await pairWriting({ person, createPlan, share }, MARKDOWN);
  await caretAfter(ana.page, 'The first paragraph');
  await ana.page.keyboard.type(' Alpha');
  await expect(textOf(ben.page)).toContainText('Alpha');
  await caretAfter(ben.page, 'The second paragraph');
  await ben.page.keyboard.type(' Beta');
  await expect(textOf(ana.page)).toContainText('Beta');
  await tool(ana.page, 'Undo').click();
  await expect(textOf(ana.page)).not.toContainText('Alpha');
  await expect(textOf(ben.page)).not.toContainText('Alpha');
  await expect(textOf(ben.page)).toContainText('Beta');
  await tool(ana.page, 'Redo').click();
  await expect(textOf(ben.page)).toContainText('Alpha');
});

test('two people edit the title at once, and the page is named after it', async ({ person, createPlan, share }) => {
  const ana = await person('Ana');
  const ben = await person('Ben');
  const id = await createPlan(ana, { title: 'Commons plan' });
  await share(ana, id, 'editor', ben);
  await openPlan(ana, id);
  await openPlan(ben, id);
  const title = (page: typeof ana.page) => page.getByRole('textbox', { name: 'Title', exact: true });
  await title(ana.page).press('End');
  await title(ben.page).press('Home');
  await Promise.all([
    title(ana.page).pressSequentially(' of Ghent', { delay: 20 }),
    title(ben.page).pressSequentially('The ', { delay: 20 }),
  ]);
  for (const { page } of [ana, ben]) {
    await expect(title(page)).toHaveValue('The Commons plan of Ghent');
    await expect(page).toHaveTitle(/The Commons plan of Ghent/);
    await expectSaved(page);
  }
  await title(ana.page).press('ControlOrMeta+z');
  await expect(title(ben.page)).toHaveValue('The Commons plan');
});

test('what stands before the text is saved with the plan', async ({ person, createPlan }) => {
  const { page } = await oneWriting({ person, createPlan });
  await page.getByText('About this plan').click();
  await page.getByLabel('Status').selectOption({ label: 'In consultation' });
  await page.getByLabel('Authors').fill('Ana\nBen');
  await page.getByLabel('Place').fill('Ghent');
  await expectSaved(page);
  await page.reload();
  await page.getByText('About this plan').click();
  await expect(page.getByLabel('Authors')).toHaveValue('Ana\nBen');
  await expect(page.getByLabel('Status')).toHaveValue('in-consultation');
  await expect(page.locator('.about-place')).toHaveText('Ghent');
});

test('a footnote is written, left and reached again by keyboard alone', async ({ person, createPlan }) => {
  const { page } = await oneWriting({ person, createPlan }, MARKDOWN);
  await caretAfter(page, 'The first paragraph');
  await page.keyboard.press('ControlOrMeta+Alt+f');
  await expect(page.locator('.footnote-open')).toBeVisible();
  await page.keyboard.type('A source.');
  await page.keyboard.press('Escape');
  await expect(page.locator('.footnote-open')).toHaveCount(0);
  await page.keyboard.type(' And on.');
  await expect(page.getByRole('region', { name: 'Footnotes' })).toContainText('A source.');
  await expect(textOf(page).locator('p').first()).toContainText('And on.');
  for (let step = 0; step < ' And on.'.length; step += 1) await page.keyboard.press('ArrowLeft');
  await settled(page);
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('.footnote.ProseMirror-selectednode')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.locator('.footnote-open')).toBeVisible();
  await page.keyboard.type(' Page 3.');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Footnotes' })).toContainText('A source. Page 3.');
  await expectSaved(page);
  await page.reload();
  await expect(page.getByRole('region', { name: 'Footnotes' })).toContainText('A source. Page 3.');
  await page.getByRole('button', { name: 'Footnote 1: back to the text' }).click();
  await expect(page.locator('.footnote-number')).toBeInViewport();
});

test('a table is made, filled and grown, also by two people', async ({ person, createPlan, share }) => {
  const { ana, ben } = await pairWriting({ person, createPlan, share }, MARKDOWN);
  const { page } = ana;
  await caretAfter(page, 'The second paragraph');
  await tool(page, 'Table').click();
  await expect(page.locator('th')).toHaveCount(3);
  await page.keyboard.type('Sector');
  await page.keyboard.press('Tab');
  await page.keyboard.type('People');
  await expect(ben.page.locator('th').nth(1)).toContainText('People');
  await ben.page.locator('td').first().click();
  await ben.page.getByRole('button', { name: 'Column after' }).click();
  await page.getByRole('button', { name: 'Row below' }).click();
  for (const each of [page, ben.page]) {
    await expect(each.locator('tr')).toHaveCount(4);
    await expect(each.locator('th')).toHaveCount(4);
  }
  await page.getByRole('button', { name: 'Delete table' }).click();
  await expect(ben.page.locator('table')).toHaveCount(0);
});

test('a link is added, refused when unsafe, and removed', async ({ person, createPlan }) => {
  const { page } = await oneWriting({ person, createPlan }, MARKDOWN);
  await selectLineOf(page, 'The first paragraph');
  await page.keyboard.press('ControlOrMeta+k');
  const address = page.getByLabel('Address of the link');
  await expect(address).toBeFocused();
  await address.fill('javascript:alert(1)');
  await address.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'Expected an address' })).toBeVisible();
  await address.fill('p2pfoundation.net');
  await address.press('Enter');
  await expect(textOf(page).locator('a')).toHaveAttribute('href', 'https://p2pfoundation.net');
  await expect(textOf(page)).toBeFocused();
  await page.getByRole('button', { name: 'Remove' }).click();
  await expect(textOf(page).locator('a')).toHaveCount(0);
});

test('the toolbar writes everything the schema knows and says what holds at the caret', async ({
  person,
  createPlan,
}) => {
  const { page } = await oneWriting({ person, createPlan }, MARKDOWN);
  await caretAfter(page, 'The first paragraph');
  await page.getByLabel('Kind of line').selectOption({ label: 'Heading 3' });
  await expect(textOf(page).locator('h3')).toHaveText('The first paragraph.');
  await page.getByLabel('Kind of line').selectOption({ label: 'Text' });
  for (const [name, selector] of [
    ['Bulleted list', 'ul:not([data-type])'],
    ['Numbered list', 'ol'],
    ['Task list', 'ul[data-type=taskList]'],
  ] as const) {
    await tool(page, name).click();
    await expect(textOf(page).locator(selector)).toContainText('The first paragraph.');
    await expect(tool(page, name)).toHaveAttribute('aria-pressed', 'true');
  }
  await tool(page, 'Task list').click();
  await tool(page, 'Quotation').click();
  await expect(textOf(page).locator('blockquote')).toContainText('The first paragraph.');
  await tool(page, 'Quotation').click();
  await caretAfter(page, 'The first paragraph');
  for (const [name, selector] of [
    ['Bold', 'strong'],
    ['Italic', 'em'],
    ['Underline', 'u'],
    ['Strikethrough', 's'],
    ['Highlight', 'mark'],
    ['Superscript', 'sup'],
    ['Subscript', 'sub'],
    ['Code', 'code'],
  ] as const) {
    await selectLineOf(page, 'The first paragraph');
    await tool(page, name).click();
    await expect(textOf(page).locator(`p ${selector}`)).not.toHaveCount(0);
    await tool(page, 'Clear formatting').click();
    await expect(textOf(page).locator(`p ${selector}`)).toHaveCount(0);
  }
  await expectSaved(page);
});

test('the toolbar is one stop of the Tab key, and Escape returns to the text', async ({ person, createPlan }) => {
  const { page } = await oneWriting({ person, createPlan }, MARKDOWN);
  await caretAfter(page, 'The first paragraph');
  await page.keyboard.press('Alt+F10');
  await expect(tool(page, 'Undo')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(tool(page, 'Redo')).toBeFocused();
  await expect(page.locator('.toolbar [tabindex="0"]')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(textOf(page)).toBeFocused();
  await page.keyboard.press('ControlOrMeta+/');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeHidden();
});

test('the outline lists the headings, follows the reading and jumps', async ({ person, createPlan }) => {
  const parts = Array.from({ length: 30 }, (_, at) => `## Part ${at + 1}\n\n${'Many words of a plan. '.repeat(60)}`);
  const { page } = await oneWriting({ person, createPlan }, parts.join('\n\n'));
  const outline = page.getByRole('navigation', { name: 'Outline' });
  await expect(outline.getByRole('button')).toHaveCount(30);
  await outline.getByRole('button', { name: 'Part 25', exact: true }).click();
  await expect(textOf(page).getByRole('heading', { name: 'Part 25', exact: true })).toBeInViewport();
  await expect(outline.getByRole('button', { name: 'Part 25', exact: true })).toHaveAttribute(
    'aria-current',
    'location',
  );
  await page.keyboard.type('At ');
  await expect(outline.getByRole('button', { name: 'At Part 25', exact: true })).toBeVisible();
});

test('what is written behind a new link is not part of it', async ({ person, createPlan }) => {
  const { page } = await oneWriting({ person, createPlan }, 'See the');
  await caretAfter(page, 'See the');
  await page.keyboard.type(' ');
  await tool(page, 'Link').click();
  await page.getByLabel('Address of the link').fill('example.org');
  await page.keyboard.press('Enter');
  await expect(textOf(page)).toBeFocused();
  await page.keyboard.type(' and more');
  await expect(textOf(page).getByText('See the example.org and more')).toBeVisible();
  await expect(textOf(page).getByRole('link')).toHaveText('example.org');
});

test('a paragraph in Arabic starts at the right without being told', async ({ person, createPlan }) => {
  const { page } = await oneWriting({ person, createPlan }, 'مرحبا بالعالم');
  const gap = await textOf(page)
    .locator('p')
    .evaluate((paragraph) => {
      const text = document.createRange();
      text.selectNodeContents(paragraph);
      return paragraph.getBoundingClientRect().right - text.getBoundingClientRect().right;
    });
  expect(Math.abs(gap)).toBeLessThan(2);
});

test('a click below the last paragraph writes nothing; below a table it makes room to go on', async ({
  person,
  createPlan,
}) => {
  const ana = await person('Ana');
  for (const [markdown, before, after] of [
    ['The end.', 1, 1],
    ['| a |\n| - |\n| b |', 2, 3],
  ] as const) {
    const id = await createPlan(ana, { title: 'A plan', markdown });
    const page = await openPlan(ana, id);
    await expect(textOf(page).locator('p')).toHaveCount(before);
    const box = await textOf(page).boundingBox();
    if (!box) throw new Error('The text is not on the page.');
    await textOf(page).click({ position: { x: 40, y: box.height - 10 } });
    await expect(textOf(page)).toBeFocused();
    await settled(page);
    await expect(textOf(page).locator('p')).toHaveCount(after);
  }
});
