/** A database that tells which statements were prepared on it, those of its sessions included. */
export function watchStatements<T extends D1Database | D1DatabaseSession>(db: T, seen: string[]): T {
  return new Proxy(db, {
    get(target, name) {
      if (name === 'prepare') {
        return (query: string) => {
          seen.push(query)
          return target.prepare(query)
        }
      }
      if (name === 'withSession' && 'withSession' in target) {
        return (from?: string) => watchStatements(target.withSession(from), seen)
      }
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
