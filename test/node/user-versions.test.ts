import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { expect, it } from 'vitest'

const USERS = 'src/features/identity/users'
const VERBS = ['change-profile.ts', 'change-user.ts', 'create-user.ts', 'delete-user.ts', 'read-users.ts']

/** What a file imports, types as well, by the paths from here. */
function importsOf(file: string): string[] {
  const named = [...readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => path)
  return named.map((path) => relative('.', resolve(join(file, '..'), path)))
}

/** All of the folder that a file needs, however far away. */
function neededBy(file: string, found = new Set<string>()): Set<string> {
  for (const one of importsOf(file).filter((path) => path.startsWith(USERS))) {
    if (!found.has(one)) neededBy(one, found.add(one))
  }
  return found
}

const ofVersion = (files: Iterable<string>, version: string) =>
  [...files].filter((file) => file.startsWith(`${USERS}/${version}-`))

it('the versions of users know nothing of one another, stand on the same verbs, and are put together in one place (R3.18, R3.19)', () => {
  const files = readdirSync(USERS).map((name) => `${USERS}/${name}`)
  for (const [own, other] of [
    ['v1', 'v2'],
    ['v2', 'v1'],
  ] as const) {
    const needed = neededBy(`${USERS}/${own}-routes.ts`)
    expect([own, ofVersion(needed, other)]).toEqual([own, []])
    expect(ofVersion(needed, own).length).toBeGreaterThanOrEqual(2)
    const verbs = VERBS.filter((name) => needed.has(`${USERS}/${name}`))
    expect(verbs).toEqual(own === 'v1' ? VERBS.filter((name) => name !== 'change-profile.ts') : VERBS)
  }
  const shared = files.filter((file) => !/\/(v\d+-|routes\.)/.test(file))
  expect(shared.length).toBeGreaterThan(VERBS.length)
  for (const file of shared) {
    expect([file, importsOf(file).filter((path) => /\/v\d+-/.test(path))]).toEqual([file, []])
  }
  const together = importsOf(`${USERS}/routes.ts`)
  expect(together.toSorted()).toEqual([`${USERS}/v1-routes.ts`, `${USERS}/v2-routes.ts`])
})
