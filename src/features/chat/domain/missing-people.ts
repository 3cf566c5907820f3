/** Those of these ids that are nobody. Who has blocked the caller is as if they were not there. */
export function missingOf(
  ids: readonly string[],
  people: readonly { id: string; isBlocking: boolean }[],
): readonly string[] {
  const there = new Set(people.flatMap(({ id, isBlocking }) => (isBlocking ? [] : [id])))
  return ids.filter((id) => !there.has(id))
}
