import { bytesOf, type Call, isTooLarge, withoutTickets } from './calls.ts'
import { jsonBodyOf, type Schema } from './document.ts'
import { type Due, type Maker, made } from './due.ts'
import { doubledParameters, missingParameters, spoilParameters, strangeParameters } from './parameters.ts'
import { placesOf, type Spoiled, spoil } from './places.ts'
import type { Schemas } from './schemas.ts'

/** Ways to spoil a call; each is the sentence of a test. */
const KINDS = {
  'a field of another type': (call, schemas) => spoilBody(call, schemas, 'type'),
  'a field that is missing': (call, schemas) => spoilBody(call, schemas, 'missing'),
  'a field that nobody knows': (call, schemas) => spoilBody(call, schemas, 'unknown'),
  'a field out of its bounds': (call, schemas) => spoilBody(call, schemas, 'bounds'),
  'a field of another form': (call, schemas) => spoilBody(call, schemas, 'form'),
  'a field with a hostile text': (call, schemas) => spoilBody(call, schemas, 'hostile'),
  'a body that is no JSON': brokenJson,
  'a body of another media type': otherMedia,
  'a body of too many bytes': tooManyBytes,
  'a body that nobody asked for': uninvited,
  'a parameter out of its bounds or form': spoilParameters,
  'a parameter that is missing': missingParameters,
  'a parameter that comes twice': doubledParameters,
  'parameters that nobody knows': strangeParameters,
} satisfies Record<string, (call: Call, schemas: Schemas) => Maker[]>

export const MUTATION_KINDS = Object.keys(KINDS) as Kind[]

export type Kind = keyof typeof KINDS

/** All ways of one kind to spoil a call. None of them comes with a credential in the query, which is judged first. */
export function mutationsOf(kind: Kind, call: Call, schemas: Schemas): Maker[] {
  // Who may not call at all is told so before anything else.
  const who = call.operation.permissions.length > 0 ? 'admin' : call.who
  return KINDS[kind]({ ...withoutTickets(call), who }, schemas)
}

function spoilBody(call: Call, schemas: Schemas, how: Spoiled['how']): Maker[] {
  const schema = jsonBodyOf(call.operation)
  if (!schema) return []
  return placesOf(schema, call.json, schemas).flatMap((place) =>
    spoil(place, schemas)
      .filter((spoiled) => spoiled.how === how)
      .map((spoiled) => () => {
        const json = spoiled.apply(call.json)
        const made = { ...call, json, body: JSON.stringify(json) }
        return { call: made, due: isTooLarge(made) ? TOO_LARGE : dueForBody(schema, json, spoiled, schemas) }
      }),
  )
}

function dueForBody(schema: Schema, json: unknown, { field, value }: Spoiled, schemas: Schemas): Due {
  if (schemas.problems(schema, json).length > 0) return { kind: 'naming', fields: [field] }
  // Half a character is no text, though a schema may take it for one.
  return { kind: typeof value === 'string' && !value.isWellFormed() ? 'survival' : 'acceptance' }
}

/** The first one fits the smallest body. */
const DEPTHS = [4_000, 10_000]
const refusal = (status: number, code: string): Due => ({ kind: 'refusal', status, code })
const TOO_LARGE = refusal(413, 'PAYLOAD_TOO_LARGE')

function brokenJson(call: Call): Maker[] {
  const { body, json } = call
  if (body === undefined || json === undefined) return []
  const broken = [
    '',
    ' ',
    body.slice(0, -1),
    `${body},`,
    `${body}${body}`,
    body.replace('{', '{,'),
    '{"a":01}',
    "{'a':1}",
    '{"a":NaN}',
    '{a:1}',
    '{"a":"\u0000"}',
    'undefined',
    '\u0000',
    ...DEPTHS.flatMap((depth) => ['['.repeat(depth), '{"a":'.repeat(depth / 2)]),
    '<?xml version="1.0"?><a/>',
  ].filter((text) => !isJson(text))
  const nested = DEPTHS.map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`)
  const deep = nested.map((value) => body.replace(/\}(?=\]?$)/, `,"deep":${value}}`).replace('{,', '{'))
  const due = (text: string, otherwise: Due): Maker => {
    const spoiled = sent(call, text)
    return made(spoiled, isTooLarge(spoiled) ? TOO_LARGE : otherwise)
  }
  return [
    ...broken.map((text) => due(text, refusal(400, 'MALFORMED_REQUEST'))),
    ...nested.map((text) => due(text, refusal(400, 'MALFORMED_REQUEST'))),
    due('[[[]]]', { kind: 'naming', fields: ['(all)'] }),
    ...deep.map((text) => due(text, { kind: 'survival' })),
  ]
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function otherMedia(call: Call): Maker[] {
  const { operation, body } = call
  const content = operation.body?.content
  if (!content || body === undefined) return []
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'x',
  ]
  const { 'content-type': _, ...untyped } = call.headers
  return [
    { ...call, headers: untyped },
    ...types
      .filter((type) => !Object.hasOwn(content, type.split(';')[0] ?? ''))
      .map((type) => ({ ...call, headers: { ...call.headers, 'content-type': type } })),
  ].map((spoiled) => made(spoiled, refusal(415, 'UNSUPPORTED_MEDIA_TYPE')))
}

/** White space after a value is JSON too: up to the limit it changes nothing. */
function tooManyBytes(call: Call): Maker[] {
  const limit = call.operation.body?.maxBytes
  const { body, json } = call
  if (limit === undefined || body === undefined || json === undefined) return []
  const padded = (to: number) => sent(call, `${body}${' '.repeat(Math.max(0, to - bytesOf(call)))}`)
  return [
    made(padded(limit + 1), TOO_LARGE),
    made(padded(limit * 4), TOO_LARGE),
    made(padded(limit), { kind: 'acceptance' }),
  ]
}

function uninvited(call: Call): Maker[] {
  if (call.operation.body || ['GET', 'HEAD'].includes(call.operation.method)) return []
  const typed = { ...call, headers: { ...call.headers, 'content-type': 'application/json' } }
  return ['{"a":1}', '{', '\u0000', 'x'.repeat(100_000)].map((body) => made(sent(typed, body), { kind: 'acceptance' }))
}

function sent(call: Call, body: string): Call {
  const { json: _, ...rest } = call
  return { ...rest, body }
}
