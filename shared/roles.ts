/** What each role may do: the one table that decides for the server and for the interface. */

export const ROLES = ['owner', 'editor', 'commenter', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** What links may grant. Owners are made by name. */
export const LINK_ROLES = ['editor', 'commenter', 'viewer'] as const satisfies readonly Role[];
export type LinkRole = (typeof LINK_ROLES)[number];

/** read: see the plan and its presence. write: change text and front matter. share: members and links. manage: archive. */
export type Action = 'read' | 'comment' | 'write' | 'share' | 'manage';

const MAY: Record<Role, ReadonlySet<Action>> = {
  owner: new Set<Action>(['read', 'comment', 'write', 'share', 'manage']),
  editor: new Set<Action>(['read', 'comment', 'write']),
  commenter: new Set<Action>(['read', 'comment']),
  viewer: new Set<Action>(['read']),
};

export function may(role: Role, action: Action): boolean {
  return MAY[role].has(action);
}

/** The role that may do more: a person who holds a plan by two ways has the better of them. */
export function betterRole(a: Role, b: Role): Role {
  return ROLES.indexOf(a) <= ROLES.indexOf(b) ? a : b;
}
