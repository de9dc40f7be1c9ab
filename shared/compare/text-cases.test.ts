/** Edits of text as people make them, each with what a person would mark, in the notation of test-notation.ts. */
import { describe, expect, it } from 'vitest';
import { compare } from './compare.ts';
import type { NodeJSON } from './comparison.ts';
import { doc, notation } from './test-notation.ts';

type Case = [name: string, before: NodeJSON, after: NodeJSON, marked: string[]];

const LAND = 'The city gives land, money and time to those who care for it.';

const WORDS: Case[] = [
  ['nothing', doc(LAND), doc(LAND), [`p ${LAND}`]],
  [
    'a word replaced',
    doc('The old text of the plan.'),
    doc('The new text of the plan.'),
    ['p The [-old-]{+new+} text of the plan.'],
  ],
  [
    'a word inserted',
    doc('The text of the plan.'),
    doc('The whole text of the plan.'),
    ['p The {+whole +}text of the plan.'],
  ],
  [
    'a word deleted',
    doc('The whole text of the plan.'),
    doc('The text of the plan.'),
    ['p The [-whole -]text of the plan.'],
  ],
  [
    'the first and the last word',
    doc('Old plans and maps'),
    doc('New plans and tables'),
    ['p [-Old-]{+New+} plans and [-maps-]{+tables+}'],
  ],
  [
    'two words side by side are one change',
    doc('The city gives old houses to people.'),
    doc('The city gives new buildings to people.'),
    ['p The city gives [-old houses-]{+new buildings+} to people.'],
  ],
  [
    'two words apart are two changes',
    doc('The old city gives houses to poor people.'),
    doc('The new city gives houses to young people.'),
    ['p The [-old-]{+new+} city gives houses to [-poor-]{+young+} people.'],
  ],
  [
    'a sentence inserted',
    doc('Alpha ends here. Omega begins.'),
    doc('Alpha ends here. Beta ends here. Omega begins.'),
    ['p Alpha ends here. {+Beta ends here. +}Omega begins.'],
  ],
  [
    'a sentence inserted that starts like the next one',
    doc('The plan is good.'),
    doc('The plan is new. The plan is good.'),
    ['p {+The plan is new. +}The plan is good.'],
  ],
  [
    'a sentence deleted between some like it',
    doc('We share the land. We share the water. We share the seeds.'),
    doc('We share the land. We share the seeds.'),
    ['p We share the land. [-We share the water. -]We share the seeds.'],
  ],
  [
    'a sentence added at the end',
    doc('The old plan is good. We share.'),
    doc('The new plan is good. We share. Nobody is left out.'),
    ['p The [-old-]{+new+} plan is good. We share.{+ Nobody is left out.+}'],
  ],
  [
    'a sentence rewritten is one change',
    doc('First. Members of the council decide by majority on how the money is spent. Last.'),
    doc('First. People in the assembly agree by consent on what the budget is for. Last.'),
    [
      'p First. [-Members of the council decide by majority on how the money is spent-]{+People in the assembly agree by consent on what the budget is for+}. Last.',
    ],
  ],
  [
    'a sentence edited all over, in Dutch',
    doc('De stad is een partner van de commons en geeft hun grond; de raad stemt daar jaarlijks over.'),
    doc('De stad is partner van de commons: zij geeft grond, en de gemeenteraad stemt daar elk jaar over.'),
    [
      'p De stad is [-een -]partner van de commons[- en geeft hun grond; de raad stemt daar jaarlijks-]{+: zij geeft grond, en de gemeenteraad stemt daar elk jaar+} over.',
    ],
  ],
  [
    'a sentence put in other words',
    doc('Public authorities create the right environment so that citizens can produce value from which all benefit.'),
    doc('In it, public authorities create an environment in which citizens can produce value that benefits all.'),
    [
      'p [-Public-]{+In it, public+} authorities create [-the right-]{+an+} environment [-so that-]{+in which+} citizens can produce value [-from which-]{+that benefits+} all[- benefit-].',
    ],
  ],
  ['signs', doc('We share, we care.'), doc('We share; we care!'), ['p We share[-,-]{+;+} we care[-.-]{+!+}']],
  ['capitals', doc('the commons are ours'), doc('The Commons are ours'), ['p [-the commons-]{+The Commons+} are ours']],
  [
    'numbers',
    doc('By 2030 we want 40% less waste, or 3.5 t.'),
    doc('By 2035 we want 45% less waste, or 2.5 t.'),
    ['p By [-2030-]{+2035+} we want [-40-]{+45+}% less waste, or [-3.5-]{+2.5+} t.'],
  ],
  [
    'a hyphen',
    doc('A co-operative in the neighbourhood.'),
    doc('A cooperative in the neighbourhood.'),
    ['p A [-co-operative-]{+cooperative+} in the neighbourhood.'],
  ],
  ['an apostrophe', doc("It isn't ours."), doc('It is not ours.'), ["p It [-isn't-]{+is not+} ours."]],
  [
    'letters with accents of their own stay whole',
    doc('Un cafe\u0301 associatif'),
    doc('Un cafe associatif'),
    ['p Un [-cafe\u0301-]{+cafe+} associatif'],
  ],
  [
    'a thumb changes its colour as a whole',
    doc('Agreed 👍🏽 by all'),
    doc('Agreed 👍 by all'),
    ['p Agreed [-👍🏽-]{+👍+} by all'],
  ],
  [
    'a family and a flag stay whole',
    doc('For 👩‍👩‍👧 and 🇪🇺'),
    doc('For 👩‍👩‍👦 and 🇪🇨'),
    ['p For [-👩‍👩‍👧-]{+👩‍👩‍👦+} and [-🇪🇺-]{+🇪🇨+}'],
  ],
  [
    'Chinese words',
    doc('公地是由社区共同管理的资源。'),
    doc('公地是由城市共同管理的财产。'),
    ['p 公地是由[-社区-]{+城市+}共同管理的[-资源-]{+财产+}。'],
  ],
  [
    'a Chinese sentence',
    doc('公地属于所有人。我们共同决定。'),
    doc('公地属于所有人。城市是伙伴。我们共同决定。'),
    ['p 公地属于所有人。{+城市是伙伴。+}我们共同决定。'],
  ],
  [
    'several Chinese words',
    doc('市政府应当支持社区花园、共享工具库和能源合作社，并为其提供土地与资金。每年春季和秋季召开公地大会。'),
    doc('市政府必须支持社区花园、住房合作社和能源合作社，并为其提供长期的土地使用权。每年春季召开公地大会。'),
    [
      'p 市政府[-应当-]{+必须+}支持社区花园、[-共享工具库-]{+住房合作社+}和能源合作社，并为其提供{+长期的+}土地[-与资金-]{+使用权+}。每年春季[-和秋季-]召开公地大会。',
    ],
  ],
  [
    'a Japanese word',
    doc('私たちは土地を共有します。'),
    doc('私たちは知識を共有します。'),
    ['p 私たちは[-土地-]{+知識+}を共有します。'],
  ],
  ['a Thai word', doc('เราแบ่งปันที่ดินร่วมกัน'), doc('เราแบ่งปันน้ำร่วมกัน'), ['p เราแบ่งปัน[-ที่ดิน-]{+น้ำ+}ร่วมกัน']],
  [
    'an Arabic word',
    doc('المشاعات ملك للجميع في المدينة'),
    doc('المشاعات ملك للناس في المدينة'),
    ['p المشاعات ملك [-للجميع-]{+للناس+} في المدينة'],
  ],
  ['a line break', doc('We share\nthe land.'), doc('We share the land.'), ['p We share[-⏎-]{+ +}the land.']],
  ['spaces', doc('We share the land.'), doc('We share  the land.'), ['p We share[- -]{+  +}the land.']],
];

const MARKS: Case[] = [
  ['bold', doc('We share the land.'), doc('We share **the land**.'), ['p We share {bold: the land}.']],
  ['no longer bold', doc('We share **the land**.'), doc('We share the land.'), ['p We share {-bold: the land}.']],
  [
    'a word changed in bold',
    doc('We **share the land** here.'),
    doc('We **share the water** here.'),
    ['p We share the [-land-]{+water+} here.'],
  ],
  ['half a word bold', doc('cooperation'), doc('**co**operation'), ['p {bold: co}operation']],
  [
    'bold and a changed word beside it',
    doc('We share the land.'),
    doc('We hold **the land**.'),
    ['p We [-share-]{+hold+} {bold: the land}.'],
  ],
  [
    'another address',
    doc('See [the wiki](https://a.org) now.'),
    doc('See [the wiki](https://b.org) now.'),
    ['p See {-link https://a.org link https://b.org: the wiki} now.'],
  ],
  [
    'another text of a link',
    doc('See [the wiki](https://a.org) now.'),
    doc('See [the new wiki](https://a.org) now.'),
    ['p See the {+new +}wiki now.'],
  ],
  [
    'a link made',
    doc('See the wiki now.'),
    doc('See [the wiki](https://a.org) now.'),
    ['p See {link https://a.org: the wiki} now.'],
  ],
  [
    'a footnote inserted',
    doc('We share land.'),
    doc('We share land^(Since 1990).'),
    ['p We share land{+^(Since 1990)+}.'],
  ],
  [
    'a footnote deleted',
    doc('We share land^(Since 1990).'),
    doc('We share land.'),
    ['p We share land[-^(Since 1990)-].'],
  ],
  [
    "a footnote's text",
    doc('We share land^(Since 1990).'),
    doc('We share land^(Since 1995).'),
    ['p We share land^(Since [-1990-]{+1995+}).'],
  ],
  [
    'a footnote among others',
    doc('One^(first note) two^(second note).'),
    doc('One^(first note) half^(new one) two^(second note).'),
    ['p One^(first note){+ half+}{+^(new one)+} two^(second note).'],
  ],
  [
    'a footnote and the word before it',
    doc('We share land^(Since 1990, says the city).'),
    doc('We share seeds^(Since 1995, says the city).'),
    ['p We share [-land-]{+seeds+}^(Since [-1990-]{+1995+}, says the city).'],
  ],
];

describe('a person would mark', () => {
  it.each([...WORDS, ...MARKS])('%s', (_, before, after, marked) => {
    expect(notation(compare(before, after)).split('\n')).toEqual(marked);
  });
});
