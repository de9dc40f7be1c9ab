/** Where this browser keeps what the server has not confirmed: IndexedDB, by user and plan. */

const DATABASE = 'commonplan-unsaved';
export const UNSAVED = 'updates';

/** Rejects where there is no IndexedDB, or it is not to be had. */
export function openUnsavedStore(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    if (typeof indexedDB === 'undefined') {
      reject(new Error('This browser offers no IndexedDB.'));
      return;
    }
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(UNSAVED, { autoIncrement: true }).createIndex('plan', ['userId', 'planId']);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('Another window holds an older copy of the local store.'));
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
  });
}

/** Everything of one user: keys are [userId, planId], and an array comes after all strings. */
const ofUser = (userId: string): IDBKeyRange => IDBKeyRange.bound([userId], [userId, []]);

/** How many of this user's plans have words in this browser that the server has not confirmed. 0 where nothing can be kept. */
export async function countUnsavedPlans(userId: string): Promise<number> {
  const database = await openUnsavedStore().catch(() => null);
  if (!database) return 0;
  try {
    return await new Promise((resolve, reject) => {
      const plans = new Set<string>();
      const walk = database.transaction(UNSAVED).objectStore(UNSAVED).index('plan').openKeyCursor(ofUser(userId));
      walk.onerror = () => reject(walk.error);
      walk.onsuccess = () => {
        const cursor = walk.result;
        if (!cursor) return resolve(plans.size);
        plans.add(String((cursor.key as IDBValidKey[])[1]));
        cursor.continue();
      };
    });
  } finally {
    database.close();
  }
}

/** Removes all that this browser keeps of this user. Whoever uses it next finds nothing. */
export async function forgetUnsaved(userId: string): Promise<void> {
  const database = await openUnsavedStore().catch(() => null);
  if (!database) return;
  try {
    await new Promise<void>((resolve, reject) => {
      const transaction = database.transaction(UNSAVED, 'readwrite');
      const store = transaction.objectStore(UNSAVED);
      const walk = store.index('plan').openKeyCursor(ofUser(userId));
      walk.onsuccess = () => {
        const cursor = walk.result;
        if (!cursor) return;
        store.delete(cursor.primaryKey);
        cursor.continue();
      };
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}
