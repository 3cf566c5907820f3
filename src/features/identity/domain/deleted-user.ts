/** Whoever has given their account up is called this wherever something of theirs stays: no username has a space. */
export const DELETED_NAME = 'Deleted user'

/** What stands in place of the address and the username, which others may have from then on: no such one can be given. */
export function tombstoneOf(userId: string): string {
  return `deleted:${userId}`
}
