import { Refusal } from '../../platform/errors.ts'
import type { Expected } from '../../platform/expected.ts'
import { sha256Hex } from '../../platform/security/encoding.ts'

/**
 * The strong entity tag of a resource: its version, and which of its representations it is, as versions of the API and
 * roles see different ones. `"7"`, `"7-admin"`.
 */
export function entityTag(version: number, view = ''): string {
  return view === '' ? `"${version}"` : `"${version}-${view}"`
}

/** The weak entity tag of what has no version: the same for what says the same. */
export async function weakTag(said: unknown): Promise<string> {
  return `W/"${(await sha256Hex(JSON.stringify(said))).slice(0, 32)}"`
}

const MAX_LENGTH = 1_000
const TAG = /^(W\/)?"([\x21\x23-\x7e]*)"$/

/**
 * Reads `If-Match`. Any representation names its version. A weak tag is of none, as RFC 9110 compares strongly here.
 * @throws Refusal for what is no list of tags
 */
export function expectedBy(ifMatch: string): Expected {
  if (ifMatch.trim() === '*') return 'any'
  return tagsIn('If-Match', ifMatch).flatMap(({ isWeak, text }) => {
    const version = /^(\d{1,15})(?:-[a-z0-9.]+)?$/.exec(text)?.[1]
    return isWeak || version === undefined ? [] : [Number(version)]
  })
}

/** Whether a client that sent this `If-None-Match` has what is answered already: compared weakly, as RFC 9110 has it. */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch.trim() === '*') return true
  const opaque = etag.replace(/^W\//, '')
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === opaque)
}

function tagsIn(header: string, list: string): { isWeak: boolean; text: string }[] {
  const parts = list.length > MAX_LENGTH ? [] : list.split(',').map((part) => TAG.exec(part.trim()))
  const tags = parts.flatMap((match) => (match ? [{ isWeak: match[1] !== undefined, text: match[2] ?? '' }] : []))
  if (tags.length > 0 && tags.length === parts.length) return tags
  throw new Refusal('MALFORMED_REQUEST', `${header} is no list of entity tags`)
}
