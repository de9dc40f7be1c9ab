/** The mark of transactions that bring the editor what the Y.Doc holds already. */
import { PluginKey, type Transaction } from '@tiptap/pm/state';

const fromFlow = new PluginKey('fromFlow');

export const isFromFlow = (transaction: Transaction): boolean => transaction.getMeta(fromFlow) === true;

/** Marks a transaction: it is not written back, not one's own edit, and no occasion to turn addresses into links. */
export const markFromFlow = (transaction: Transaction): Transaction =>
  transaction.setMeta(fromFlow, true).setMeta('addToHistory', false).setMeta('preventAutolink', true);
