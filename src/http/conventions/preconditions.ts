import { Refusal } from '../../platform/errors.ts'
import type { Expected } from '../../platform/expected.ts'
import { digestOf } from '../../platform/security/encoding.ts'

/**
 * The strong entity tag of a resource: its version, and which of its representations it is, as versions of the API and
 * roles see different ones. `"7"`, `"7-admin"`.
 */
export function entityTag(version: number, view = ''): string {
  return view === '' ? `"${version}"` : `"${version}-${view}"`
}

/** The weak entity tag of what has no version: the same for what says the same. */
export async function weakTag(said: unknown): Promise<string> {
  return `W/"${await digestOf(said)}"`
}

const TAG = String.raw`(?:W/)?"[!#-+\--~]*"`
/** What `If-Match` may be: any, or tags with commas between them; none of ours has a comma in it. */
export const IF_MATCH = { pattern: String.raw`^(?:\*|${TAG}(?:[ \t]*,[ \t]*${TAG})*)$`, maxLength: 1_000 }
const IF_MATCH_FORM = new RegExp(IF_MATCH.pattern)

/**
 * Reads `If-Match`. Any representation names its version. A weak tag is of none, as RFC 9110 compares strongly here.
 * @throws Refusal for what is no list of tags
 */
export function expectedBy(ifMatch: string): Expected {
  const given = ifMatch.trim()
  if (given.length > IF_MATCH.maxLength || !IF_MATCH_FORM.test(given)) {
    const message = 'If-Match is no list of entity tags'
    throw new Refusal('VALIDATION_FAILED', message, { fields: [{ field: 'If-Match', message }] })
  }
  if (given === '*') return 'any'
  return given.split(',').flatMap((tag) => {
    const version = /^"(\d{1,15})(?:-[a-z0-9.]+)?"$/.exec(tag.trim())?.[1]
    return version === undefined ? [] : [Number(version)]
  })
}

/** Whether a client that sent this `If-None-Match` has what is answered already: compared weakly, as RFC 9110 has it. */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch.trim() === '*') return true
  const opaque = etag.replace(/^W\//, '')
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === opaque)
}
