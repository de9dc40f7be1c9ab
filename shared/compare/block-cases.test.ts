/** Edits of blocks, lists and tables as people make them, each with what a person would mark, in the notation of test-notation.ts. */
import { describe, expect, it } from 'vitest';
import { compare } from './compare.ts';
import type { NodeJSON } from './comparison.ts';
import { code, doc, h, li, node, notation, ol, p, quote, table, todo, ul } from './test-notation.ts';

type Case = [name: string, before: NodeJSON, after: NodeJSON, marked: string[]];

const LAND = 'The city gives land, money and time to those who care for it.';
const WATER = 'Every street keeps a register of its wells, pumps and gardens.';
const SEEDS = 'Assemblies meet twice a year and decide by consent on seeds.';

const BLOCKS: Case[] = [
  ['a paragraph inserted', doc(LAND, WATER), doc(LAND, SEEDS, WATER), [`p ${LAND}`, `+ p ${SEEDS}`, `p ${WATER}`]],
  ['a paragraph deleted', doc(LAND, SEEDS, WATER), doc(LAND, WATER), [`p ${LAND}`, `- p ${SEEDS}`, `p ${WATER}`]],
  [
    'a paragraph rewritten',
    doc(LAND, SEEDS),
    doc(LAND, 'Nothing said here has been said before.'),
    [`p ${LAND}`, `- p ${SEEDS}`, '+ p Nothing said here has been said before.'],
  ],
  [
    'a paragraph moved',
    doc(LAND, WATER, SEEDS),
    doc(WATER, SEEDS, LAND),
    [`< p ${LAND}`, `p ${WATER}`, `p ${SEEDS}`, `> p ${LAND}`],
  ],
  [
    'a paragraph moved and edited',
    doc(LAND, WATER, SEEDS),
    doc(WATER, SEEDS, LAND.replace('money', 'tools')),
    [
      `< p ${LAND}`,
      `p ${WATER}`,
      `p ${SEEDS}`,
      '> p The city gives land, [-money-]{+tools+} and time to those who care for it.',
    ],
  ],
  [
    'a section moved',
    doc(h(2, 'Land'), LAND, h(2, 'Water'), WATER, SEEDS),
    doc(h(2, 'Water'), WATER, SEEDS, h(2, 'Land'), LAND),
    ['< h2 Land', `< p ${LAND}`, 'h2 Water', `p ${WATER}`, `p ${SEEDS}`, '> h2 Land', `> p ${LAND}`],
  ],
  ['a paragraph split', doc(`${LAND} ${WATER}`), doc(LAND, WATER), [`(p→p+p) ${LAND}[- -]{¶+}${WATER}`]],
  [
    'a paragraph split and edited',
    doc(`${LAND} ${WATER}`),
    doc(LAND.replace('money', 'tools'), WATER),
    [`(p→p+p) The city gives land, [-money-]{+tools+} and time to those who care for it.[- -]{¶+}${WATER}`],
  ],
  [
    'a paragraph split in three',
    doc(`${LAND} ${WATER} ${SEEDS}`),
    doc(LAND, WATER, SEEDS),
    [`(p→p+p+p) ${LAND}[- -]{¶+}${WATER}[- -]{¶+}${SEEDS}`],
  ],
  ['paragraphs joined', doc(LAND, WATER), doc(`${LAND} ${WATER}`), [`(p+p→p) ${LAND}{¶-}{+ +}${WATER}`]],
  [
    'paragraphs joined with a word between them',
    doc(LAND, WATER),
    doc(`${LAND} And ${WATER}`),
    [`(p+p→p) ${LAND}{¶-}{+ And +}${WATER}`],
  ],
  [
    'a heading cut off a paragraph',
    doc(`Land and water. ${LAND}`),
    doc(h(2, 'Land and water.'), LAND),
    [`(p→h2+p) Land and water.[- -]{¶+}${LAND}`],
  ],
  [
    'a paragraph made a heading',
    doc('Land and water', LAND),
    doc(h(2, 'Land and water'), LAND),
    ['(p→h2) Land and water', `p ${LAND}`],
  ],
  [
    'a heading of another level, with more words',
    doc(h(2, 'Land and water')),
    doc(h(3, 'Land and water for all')),
    ['(h2→h3) Land and water{+ for all+}'],
  ],
  ['a heading inserted', doc(LAND, WATER), doc(LAND, h(2, 'Wells'), WATER), [`p ${LAND}`, '+ h2 Wells', `p ${WATER}`]],
  [
    'an empty paragraph filled',
    doc(h(2, 'Land'), p(), h(2, 'Water'), p()),
    doc(h(2, 'Land'), LAND, h(2, 'Water'), p()),
    ['h2 Land', `p {+${LAND}+}`, 'h2 Water', 'p'],
  ],
  ['another language', doc(LAND), doc(node('paragraph', { lang: 'nl' })(LAND)), [`p(lang null→nl) ${LAND}`]],
  ['a rule', doc(LAND, WATER), doc(LAND, node('horizontalRule')(), WATER), [`p ${LAND}`, '+ rule', `p ${WATER}`]],
  [
    'lines of code',
    doc(code('let a = 1;\nlet b = 2;\nprint(a);')),
    doc(code('let a = 1;\nlet c = 2;\nprint(a);')),
    ['code let a = 1;', 'let [-b-]{+c+} = 2;', 'print(a);'],
  ],
  ['a line of code inserted', doc(code('a\nb')), doc(code('a\nx\nb')), ['code a', '{+x', '+}b']],
  [
    'a caption and what a picture shows',
    doc(node('figure', { src: '/files/1.png', alt: 'A garden' })('The garden')),
    doc(node('figure', { src: '/files/1.png', alt: 'The garden in spring' })('The garden in 2020')),
    ['figure(alt A garden→The garden in spring) The garden{+ in 2020+}'],
  ],
  [
    'another picture',
    doc(node('figure', { src: '/files/1.png' })('The garden')),
    doc(node('figure', { src: '/files/2.png' })('The garden')),
    ['figure(src /files/1.png→/files/2.png) The garden'],
  ],
  [
    'nothing in common',
    doc(LAND, WATER),
    doc(table('a|b'), code('x')),
    [`- p ${LAND}`, `- p ${WATER}`, '+ table', '  row', '    td a', '    td b', '+ code x'],
  ],
];

const CONTAINERS: Case[] = [
  [
    'paragraphs made a list',
    doc('Land', 'Water', 'Seeds'),
    doc(ul('Land', 'Water', 'Seeds')),
    ['(+ul)', '  (+li) Land', '  (+li) Water', '  (+li) Seeds'],
  ],
  [
    'a list made paragraphs',
    doc(ul('Land', 'Water', 'Seeds')),
    doc('Land', 'Water', 'Seeds'),
    ['(-ul)', '  (-li) Land', '  (-li) Water', '  (-li) Seeds'],
  ],
  [
    'some paragraphs made a list, and edited',
    doc(LAND, 'Land is held in trust', 'Water is free', WATER),
    doc(LAND, ul('Land is held in trust by all', 'Water is free'), WATER),
    [`p ${LAND}`, '(+ul)', '  (+li) Land is held in trust{+ by all+}', '  (+li) Water is free', `p ${WATER}`],
  ],
  ['a paragraph quoted', doc(LAND, WATER), doc(LAND, quote(WATER)), [`p ${LAND}`, '(+quote)', `  p ${WATER}`]],
  [
    'a quote made a list',
    doc(quote(LAND, WATER)),
    doc(ul(LAND, WATER)),
    ['(-quote)', '  (+ul)', `    (+li) ${LAND}`, `    (+li) ${WATER}`],
  ],
  ['bullets made numbers', doc(ul('Land', 'Water')), doc(ol('Land', 'Water')), ['(ul→ol)', '  li Land', '  li Water']],
  [
    'bullets made tasks',
    doc(ul('Land', 'Water')),
    doc(node('taskList')(todo(false, 'Land'), todo(false, 'Water'))),
    ['(ul→tasks)', '  (li→task☐) Land', '  (li→task☐) Water'],
  ],
  [
    'a task done',
    doc(node('taskList')(todo(false, 'Land'), todo(false, 'Water'))),
    doc(node('taskList')(todo(true, 'Land'), todo(false, 'Water'))),
    ['tasks', '  (task☐→task☑) Land', '  task☐ Water'],
  ],
  [
    'an item inserted',
    doc(ul('Land', 'Seeds')),
    doc(ul('Land', 'Water', 'Seeds')),
    ['ul', '  li Land', '  + li Water', '  li Seeds'],
  ],
  [
    'an item deleted',
    doc(ul('Land', 'Water', 'Seeds')),
    doc(ul('Land', 'Seeds')),
    ['ul', '  li Land', '  - li Water', '  li Seeds'],
  ],
  [
    'an item moved',
    doc(ul('Land', 'Water', 'Seeds')),
    doc(ul('Water', 'Seeds', 'Land')),
    ['ul', '  < li Land', '  li Water', '  li Seeds', '  > li Land'],
  ],
  [
    'an item moved to another list',
    doc(ul(LAND, 'Rain', 'Sun'), SEEDS, ul('Wood', WATER)),
    doc(ul('Rain', 'Sun'), SEEDS, ul('Wood', WATER, LAND)),
    [
      'ul',
      `  < li ${LAND}`,
      '  li Rain',
      '  li Sun',
      `p ${SEEDS}`,
      'ul',
      '  li Wood',
      `  li ${WATER}`,
      `  > li ${LAND}`,
    ],
  ],
  [
    'an item indented',
    doc(ul('Land', 'Water', 'Seeds')),
    doc(ul(li('Land', ul('Water')), 'Seeds')),
    ['ul', '  li', '    p Land', '    (+ul)', '      > li Water', '  < li Water', '  li Seeds'],
  ],
  [
    'an item outdented',
    doc(ul(li('Land', ul('Water')), 'Seeds')),
    doc(ul('Land', 'Water', 'Seeds')),
    ['ul', '  li', '    p Land', '    (-ul)', '      < li Water', '  > li Water', '  li Seeds'],
  ],
  [
    'an item split',
    doc(ul('Land is held in trust. Water is free for all.', 'Seeds')),
    doc(ul('Land is held in trust.', 'Water is free for all.', 'Seeds')),
    ['ul', '  (li/p→li/p+li/p) Land is held in trust.[- -]{¶+}Water is free for all.', '  li Seeds'],
  ],
  [
    'items joined',
    doc(ul('Land is held in trust.', 'Water is free for all.', 'Seeds')),
    doc(ul('Land is held in trust. Water is free for all.', 'Seeds')),
    ['ul', '  (li/p+li/p→li/p) Land is held in trust.{¶-}{+ +}Water is free for all.', '  li Seeds'],
  ],
  [
    'a list split by a paragraph',
    doc(ul('Land', 'Water', 'Seeds', 'Tools')),
    doc(ul('Land', 'Water'), LAND, ul('Seeds', 'Tools')),
    ['(-ul)', '  (+ul)', '    li Land', '    li Water', `  + p ${LAND}`, '  (+ul)', '    li Seeds', '    li Tools'],
  ],
  [
    'lists joined',
    doc(ul('Land', 'Water'), LAND, ul('Seeds', 'Tools')),
    doc(ul('Land', 'Water', 'Seeds', 'Tools')),
    ['(+ul)', '  (-ul)', '    li Land', '    li Water', `  - p ${LAND}`, '  (-ul)', '    li Seeds', '    li Tools'],
  ],
  [
    'an item made a paragraph',
    doc(ul('Land', 'Water', 'Seeds')),
    doc(ul('Land', 'Water'), 'Seeds'),
    ['ul', '  li Land', '  li Water', '  (-li)', '    < p Seeds', '> p Seeds'],
  ],
  [
    'a second paragraph in an item',
    doc(ul('Land', 'Water')),
    doc(ul(li('Land', LAND), 'Water')),
    ['ul', '  li', '    p Land', `    + p ${LAND}`, '  li Water'],
  ],
];

const TABLES: Case[] = [
  [
    'a cell',
    doc(table('Land|trust\nWater|city of Ghent')),
    doc(table('Land|trust\nWater|city of Quito')),
    ['table', '  row', '    td Land', '    td trust', '  row', '    td Water', '    td city of [-Ghent-]{+Quito+}'],
  ],
  [
    'a row inserted',
    doc(table('Land|trust\nSeeds|farm')),
    doc(table('Land|trust\nWater|city\nSeeds|farm')),
    [
      'table',
      '  row',
      '    td Land',
      '    td trust',
      '  + row',
      '    td Water',
      '    td city',
      '  row',
      '    td Seeds',
      '    td farm',
    ],
  ],
  [
    'a row deleted',
    doc(table('Land|trust\nWater|city\nSeeds|farm')),
    doc(table('Land|trust\nSeeds|farm')),
    [
      'table',
      '  row',
      '    td Land',
      '    td trust',
      '  - row',
      '    td Water',
      '    td city',
      '  row',
      '    td Seeds',
      '    td farm',
    ],
  ],
  [
    'a row moved',
    doc(table('Land|trust\nWater|city\nSeeds|farm')),
    doc(table('Water|city\nSeeds|farm\nLand|trust')),
    [
      'table',
      '  < row',
      '    td Land',
      '    td trust',
      '  row',
      '    td Water',
      '    td city',
      '  row',
      '    td Seeds',
      '    td farm',
      '  > row',
      '      td Land',
      '      td trust',
    ],
  ],
  [
    'a column inserted',
    doc(table('Land|trust\nWater|city')),
    doc(table('Land|2020|trust\nWater|2021|city')),
    [
      'table',
      '  row',
      '    td Land',
      '    + td 2020',
      '    td trust',
      '  row',
      '    td Water',
      '    + td 2021',
      '    td city',
    ],
  ],
  [
    'a column deleted',
    doc(table('Land|2020|trust\nWater|2021|city')),
    doc(table('Land|trust\nWater|city')),
    [
      'table',
      '  row',
      '    td Land',
      '    - td 2020',
      '    td trust',
      '  row',
      '    td Water',
      '    - td 2021',
      '    td city',
    ],
  ],
  [
    'a column replaced',
    doc(table('Land|2020|trust\nWater|2021|city')),
    doc(table('Land|trust|open\nWater|city|shut')),
    [
      'table',
      '  row',
      '    td Land',
      '    - td 2020',
      '    td trust',
      '    + td open',
      '  row',
      '    td Water',
      '    - td 2021',
      '    td city',
      '    + td shut',
    ],
  ],
  [
    'a row and a column',
    doc(table('Land|trust\nWater|city\nTools|makers')),
    doc(table('Land|2020|trust\nWater|2021|city\nSeeds|2022|farm\nTools|2023|makers')),
    [
      'table',
      '  row',
      '    td Land',
      '    + td 2020',
      '    td trust',
      '  row',
      '    td Water',
      '    + td 2021',
      '    td city',
      '  + row',
      '    td Seeds',
      '    td 2022',
      '    td farm',
      '  row',
      '    td Tools',
      '    + td 2023',
      '    td makers',
    ],
  ],
  [
    'a table inserted',
    doc(LAND),
    doc(LAND, table('Land|trust')),
    [`p ${LAND}`, '+ table', '  row', '    td Land', '    td trust'],
  ],
];

describe('a person would mark', () => {
  it.each([...BLOCKS, ...CONTAINERS, ...TABLES])('%s', (_, before, after, marked) => {
    expect(notation(compare(before, after)).split('\n')).toEqual(marked);
  });
});
