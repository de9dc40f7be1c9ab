/** The icons of the interface, bundled from Lucide: inline in our own markup, and as files of this origin for Web Awesome's own parts. */
import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';
import { html, type TemplateResult } from 'lit';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import archive from 'lucide-static/icons/archive.svg?raw';
import archiveRestore from 'lucide-static/icons/archive-restore.svg?raw';
import arrowDown from 'lucide-static/icons/arrow-down.svg?raw';
import arrowLeft from 'lucide-static/icons/arrow-left.svg?raw';
import arrowLeftRight from 'lucide-static/icons/arrow-left-right.svg?raw';
import arrowUp from 'lucide-static/icons/arrow-up.svg?raw';
import bookmarkPlus from 'lucide-static/icons/bookmark-plus.svg?raw';
import check from 'lucide-static/icons/check.svg?raw';
import chevronDown from 'lucide-static/icons/chevron-down.svg?raw';
import chevronLeft from 'lucide-static/icons/chevron-left.svg?raw';
import chevronRight from 'lucide-static/icons/chevron-right.svg?raw';
import circleAlert from 'lucide-static/icons/circle-alert.svg?raw';
import circleUser from 'lucide-static/icons/circle-user-round.svg?raw';
import copy from 'lucide-static/icons/copy.svg?raw';
import ellipsis from 'lucide-static/icons/ellipsis-vertical.svg?raw';
import fileDown from 'lucide-static/icons/file-down.svg?raw';
import fileText from 'lucide-static/icons/file-text.svg?raw';
import fileUp from 'lucide-static/icons/file-up.svg?raw';
import fingerprint from 'lucide-static/icons/fingerprint.svg?raw';
import foldVertical from 'lucide-static/icons/fold-vertical.svg?raw';
import gitCompare from 'lucide-static/icons/git-compare.svg?raw';
import history from 'lucide-static/icons/history.svg?raw';
import imagePlus from 'lucide-static/icons/image-plus.svg?raw';
import info from 'lucide-static/icons/info.svg?raw';
import layoutTemplate from 'lucide-static/icons/layout-template.svg?raw';
import link from 'lucide-static/icons/link.svg?raw';
import logOut from 'lucide-static/icons/log-out.svg?raw';
import mail from 'lucide-static/icons/mail.svg?raw';
import monitor from 'lucide-static/icons/monitor.svg?raw';
import moon from 'lucide-static/icons/moon.svg?raw';
import pencil from 'lucide-static/icons/pencil.svg?raw';
import plus from 'lucide-static/icons/plus.svg?raw';
import rotateCcw from 'lucide-static/icons/rotate-ccw.svg?raw';
import search from 'lucide-static/icons/search.svg?raw';
import shield from 'lucide-static/icons/shield.svg?raw';
import sun from 'lucide-static/icons/sun.svg?raw';
import trash from 'lucide-static/icons/trash-2.svg?raw';
import undo2 from 'lucide-static/icons/undo-2.svg?raw';
import unfoldVertical from 'lucide-static/icons/unfold-vertical.svg?raw';
import userPlus from 'lucide-static/icons/user-plus.svg?raw';
import usersRound from 'lucide-static/icons/users-round.svg?raw';
import wifiOff from 'lucide-static/icons/wifi-off.svg?raw';
import x from 'lucide-static/icons/x.svg?raw';
import sheet from './web-awesome-icons.svg?no-inline';

const INLINE = {
  archive,
  archiveRestore,
  arrowDown,
  arrowLeft,
  arrowLeftRight,
  arrowUp,
  bookmarkPlus,
  check,
  chevronDown,
  chevronLeft,
  chevronRight,
  circleAlert,
  circleUser,
  copy,
  ellipsis,
  fileDown,
  fileText,
  fileUp,
  fingerprint,
  foldVertical,
  gitCompare,
  history,
  imagePlus,
  info,
  layoutTemplate,
  link,
  logOut,
  mail,
  monitor,
  moon,
  pencil,
  plus,
  rotateCcw,
  search,
  shield,
  sun,
  trash,
  undo2,
  unfoldVertical,
  userPlus,
  usersRound,
  wifiOff,
  x,
} as const;

export type IconName = keyof typeof INLINE;

/** An icon as decoration: words beside it, or the label of its button, say what it means. */
export function icon(name: IconName): TemplateResult {
  return drawIcon(INLINE[name]);
}

/** Draws the text of a Lucide file, for parts of the interface that bring icons of their own. */
export function drawIcon(svg: string): TemplateResult {
  return html`${unsafeHTML(svg.slice(svg.indexOf('<svg')).replace(/class="[^"]*"/, 'class="icon" aria-hidden="true" focusable="false"'))}`;
}

/**
 * Call once, before the first Web Awesome element is drawn: else it would fetch its icons from another origin. As a sheet, because what is
 * fetched one by one becomes HTML from text, which the page's content policy forbids.
 */
export function registerIcons(): void {
  const resolver = (name: string) => `${sheet}#${name}`;
  const mutator = (svg: SVGElement): void => {
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
  };
  for (const library of ['default', 'system']) registerIconLibrary(library, { resolver, mutator, spriteSheet: true });
}
