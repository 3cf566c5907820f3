import type { Context } from 'hono'
import * as z from 'zod'
import { Refusal } from '../../platform/errors.ts'
import { mediaTypeOf } from '../media-type.ts'
import { JsonPatch, NOTHING_GIVEN, operate } from './json-patch.ts'

/** How the body of a PATCH says what is to change: by fields, by RFC 7396, by RFC 6902. */
export const PATCH_TYPES = {
  fields: 'application/json',
  merge: 'application/merge-patch+json',
  operations: 'application/json-patch+json',
} as const

type Fields = Record<string, unknown>

/**
 * The body of a PATCH of what a PUT with this schema would replace, by media type. Undefined is untouched; null sets
 * what may be null, and in a merge patch also takes away a member of a map.
 */
export function patchBodies<S extends z.ZodObject>(whole: S) {
  const some = withoutDefaults(whole).partial().meta({ minProperties: 1 })
  return {
    /** Read as what its media type says by `applyPatch`, which knows what it is applied to. */
    json: z
      .unknown()
      .refine((body) => typeof body === 'object' && body !== null, { error: 'Send an object or a list', abort: true })
      .refine((body) => Object.keys(Object(body)).length > 0, NOTHING_GIVEN),
    bodyTypes: {
      [PATCH_TYPES.fields]: some,
      [PATCH_TYPES.merge]: some,
      [PATCH_TYPES.operations]: JsonPatch,
    },
  }
}

/** What a patch leaves out stays as it is: the document must not say that it would become something. */
function withoutDefaults(whole: z.ZodObject): z.ZodObject {
  const fields = Object.entries(whole.shape)
  return whole.extend(
    Object.fromEntries(fields.map(([name, field]) => [name, field instanceof z.ZodDefault ? field.unwrap() : field])),
  )
}

export interface Patch<S extends z.ZodObject> {
  /** Of the body, as the client has named it. */
  mediaType: string
  body: unknown
  /** What a PUT would have to send to change nothing. */
  current: z.input<S>
  /** Of the PUT. */
  whole: S
}

/**
 * What a PUT would have sent: all of the patch is in it, or nothing happens. Which of its fields the caller may change
 * is for the verb to say, as it is of a PUT.
 * @throws Refusal 400 where the result is not valid or nothing changes, 409 for a failed `test`, 422 for a path that
 * leads nowhere
 */
export function applyPatch<S extends z.ZodObject>({ mediaType, body, current, whole }: Patch<S>): z.output<S> {
  const result = resultOf(mediaType, body, current as Fields)
  const parsed = whole.safeParse(result)
  if (parsed.success) return parsed.data
  throw invalidResult(parsed.error)
}

function invalidResult(error: z.ZodError): Refusal {
  return new Refusal('VALIDATION_FAILED', 'What it would become is not valid', {
    fields: error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.slice(0, 20).map((key) => ({ field: [...issue.path, key].join('.'), message: 'Unknown field' }))
        : [{ field: issue.path.map(String).join('.') || '(all)', message: issue.message }],
    ),
  })
}

function resultOf(mediaType: string, body: unknown, current: Fields): unknown {
  if (mediaType === PATCH_TYPES.operations) return operate(current, operationsIn(body))
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw malformed('Send an object of fields')
  if (Object.keys(body).length === 0) throw malformed(NOTHING_GIVEN)
  return mediaType === PATCH_TYPES.merge ? mergePatch(current, body) : { ...current, ...body }
}

function operationsIn(body: unknown): JsonPatch {
  const parsed = JsonPatch.safeParse(body)
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || '(all)', message }))
  throw new Refusal('VALIDATION_FAILED', 'The body is not valid', { fields })
}

/** RFC 7396, section 2, but for names that reach into the prototype: those are fields that nobody knows. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const result = new Map(Object.entries(isObject(target) ? target : {}))
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name)
    else result.set(name, mergePatch(result.get(name), value))
  }
  return Object.fromEntries(result)
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function malformed(message: string): Refusal {
  return new Refusal('VALIDATION_FAILED', message, { fields: [{ field: '(all)', message }] })
}

/** What the patch that was sent makes of what is there, once that is known. `readBodyForm` has looked at its form. */
export function sentPatch<S extends z.ZodObject>(c: Context, whole: S): (current: z.input<S>) => z.output<S> {
  const patch = { mediaType: mediaTypeOf(c), body: c.req.valid('json' as never) as unknown, whole }
  return (current) => applyPatch({ ...patch, current })
}
