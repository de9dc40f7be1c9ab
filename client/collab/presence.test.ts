/** Tests of who is here. */
import { describe, expect, it } from 'vitest';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { peopleHere } from './presence.ts';

const person = (id: string, name: string) => ({ id, name, color: '#345', guest: false });

describe('peopleHere', () => {
  it('shows a person with several windows once, oneself first, idle only when every window is', () => {
    const awareness = new Awareness(new Y.Doc());
    awareness.setLocalState({ user: person('u1', 'Zoë') });
    awareness.getStates().set(11, { user: person('u2', 'Ana'), idle: true });
    awareness.getStates().set(12, { user: person('u2', 'Ana'), idle: false });
    awareness.getStates().set(13, { user: person('u3', 'Bo'), idle: true });
    awareness.getStates().set(14, { user: person('u1', 'Zoë') });
    expect(peopleHere(awareness)).toMatchObject([
      { id: 'u1', self: true, idle: false, windows: 2 },
      { id: 'u2', self: false, idle: false, windows: 2 },
      { id: 'u3', idle: true, windows: 1 },
    ]);
    awareness.destroy();
  });

  it('leaves out states that are not of our form', () => {
    const awareness = new Awareness(new Y.Doc());
    awareness.setLocalState({});
    awareness.getStates().set(1, { user: { name: 'No id' } });
    awareness.getStates().set(2, { user: 'text' });
    expect(peopleHere(awareness)).toEqual([]);
    awareness.destroy();
  });
});
