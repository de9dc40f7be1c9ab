/** Times and numbers in words, as the browser's language has them. */

const STEPS: readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** The interface is in English; the reader's own English where they have one. Some systems name languages that are no valid tags. */
function locale(): string {
  const own = globalThis.navigator?.languages.find((tag) => tag.startsWith('en') && isTag(tag));
  return own ?? 'en';
}

function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}

/** Making a formatter costs more than a hundred uses of it, and a history has thousands of times and numbers. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const relativeFormat = once(() => new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }));
const exactFormat = once(() => new Intl.DateTimeFormat(locale(), { dateStyle: 'long', timeStyle: 'short' }));
const dayFormat = once(() => new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }));
const clockFormat = once(() => new Intl.DateTimeFormat(locale(), { timeStyle: 'short' }));
const numberFormat = once(() => new Intl.NumberFormat(locale()));
const listFormat = once(() => new Intl.ListFormat('en-GB', { type: 'conjunction' }));

/** "3 minutes ago", "yesterday"; "just now" below a minute and for clocks that run ahead. `time` is ISO 8601. */
export function relativeTime(time: string, now = Date.now()): string {
  const seconds = (now - Date.parse(time)) / 1000;
  if (Number.isNaN(seconds)) return '';
  for (const [unit, length] of STEPS) {
    if (seconds >= length) return relativeFormat().format(-Math.floor(seconds / length), unit);
  }
  return 'just now';
}

/** "22 November 2026 at 20:45", for titles beside a relative time. */
export function exactTime(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '' : exactFormat().format(date);
}

/** "14:02". */
export function clockTime(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '' : clockFormat().format(date);
}

/** "Today", "Yesterday", "3 March 2026". `date` is a local date as YYYY-MM-DD. */
export function dayName(date: string, now = new Date()): string {
  // Noon: no change of the clocks moves it to another day.
  const noon = new Date(`${date}T12:00:00`);
  if (Number.isNaN(noon.getTime())) return '';
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate(), 12);
  const ago = Math.round((today.getTime() - noon.getTime()) / 86_400_000);
  if (ago === 0) return 'Today';
  if (ago === 1) return 'Yesterday';
  return dayFormat().format(noon);
}

/** "+86", "−30", as it stands beside a number of words. */
export function signedNumber(value: number): string {
  const digits = numberFormat().format(Math.abs(value));
  return value > 0 ? `+${digits}` : `−${digits}`;
}

/** "1 word", "25,310 words". */
export function wordCount(words: number): string {
  return counted(words, 'word');
}

/** "1 plan", "3 plans"; `many` where it is not the word with an s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${numberFormat().format(count)} ${count === 1 ? one : many}`;
}

/** "312 bytes", "1.4 MB"; of thousands, as systems show files. */
export function fileSize(bytes: number): string {
  const step = Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const unit = BYTE_UNITS[step] ?? 'byte';
  const size = { style: 'unit', unit, maximumFractionDigits: 1 } as const;
  const shown = new Intl.NumberFormat(locale(), step === 0 ? { ...size, unitDisplay: 'long' } : size);
  return shown.format(bytes / 1000 ** step);
}
const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** "Ana", "Ana and Ben", "Ana, Ben and Caro". */
export function listNames(names: readonly string[]): string {
  return listFormat().format(names);
}

/** Text of any direction that leaves what stands around it in order, where no `<bdi>` may stand: between Unicode's isolates. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

/** One or two letters that stand for a person: of the first and the last name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) =>
    word ? [...word][0] : undefined,
  );
  return letters.join('').toLocaleUpperCase() || '?';
}
