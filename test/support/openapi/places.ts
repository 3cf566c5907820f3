import { flatten } from './arbitraries.ts'
import type { Schema } from './document.ts'
import type { Schemas } from './schemas.ts'

/** Where in a body a value stands. */
export interface Place {
  path: (string | number)[]
  /** The path as `errors[].field` writes it. */
  field: string
  schema: Schema
  value: unknown
  /** Whether what it stands in must have it. */
  required: boolean
}

/** One way to spoil a place. Whether the schema minds is for the validator to say. */
export interface Spoiled {
  how: 'type' | 'missing' | 'unknown' | 'bounds' | 'form' | 'hostile'
  field: string
  value: unknown
  /** A copy of the whole body in which the place is spoiled. */
  apply(body: unknown): unknown
}

/** The whole body first, then every place in it that has a schema. */
export function placesOf(schema: Schema, body: unknown, schemas: Schemas): Place[] {
  const found: Place[] = []
  const walk = (raw: Schema, value: unknown, path: Place['path'], required: boolean): void => {
    const flat = flatten(raw, schemas)
    found.push({ path, field: path.join('.') || '(all)', schema: flat, value, required })
    if (Array.isArray(value)) {
      for (const [i, item] of value.slice(0, 2).entries()) walk(flat.items ?? {}, item, [...path, i], false)
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(flat.properties ?? {})) {
        if (Object.hasOwn(value, name)) {
          const own = (value as Record<string, unknown>)[name]
          walk(inner, own, [...path, name], flat.required?.includes(name) ?? false)
        }
      }
    }
  }
  walk(schema, body, [], true)
  return found
}

const MUCH = 10_000
/** Beyond what a double counts exactly, and about as large as one becomes. */
const HUGE = [2 ** 53, 2 ** 53 + 2, -(2 ** 53), 2 ** 63, 1e300, -1e300, 1e308, Number.MIN_VALUE]

/** Texts of people who mean harm. None of them looks like anything that our own inside could tell. */
export const hostileTexts = [
  '\u0000',
  'a\u0000b'.repeat(3),
  '\ud800',
  'text\udc00text',
  "' OR '1'='1",
  "x'); DROP TABLE users; --",
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '%00',
  '%',
  '{{7*7}}<%= 7*7 %>',
  '<script>alert(1)</script>',
  'a\r\nx-injected: 1',
  '\u202egnp.exe',
  '\u{1f9f5}'.repeat(20),
  '__proto__',
  'constructor',
  'hasOwnProperty',
  ...['%', '_', '%_%', '\\%', '*', '?', '['].map((wildcard) => `a${wildcard}`),
  ...[
    '"',
    '"a',
    'a"b" OR "c',
    'a*',
    '*',
    '^a',
    'NEAR(a b, 2)',
    'name:a',
    '{name brand} : a',
    '- name : a',
    '(a',
    'a AND',
  ],
  ...[
    'NOT a',
    'a OR',
    '+',
    "'",
    '`',
    ';',
    '\\',
    ',',
    'a,,b',
    '-',
    '--',
    '-a,-a',
    '$.a',
    '{"$gt":""}',
    '[object Object]',
  ],
  'x'.repeat(MUCH),
]

const UNKNOWN_KEYS = [
  'nobodyKnows',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  '$where',
  'a.b',
]

export function spoil(place: Place, schemas: Schemas): Spoiled[] {
  const { schema, value } = place
  const types = typesOf(schema, schemas)
  const to = (how: Spoiled['how'], ...values: unknown[]): Spoiled[] =>
    values.map((other) => ({ how, field: place.field, value: other, apply: (body) => setAt(body, place.path, other) }))
  return [
    ...to('type', null, true, 7, 1.5, 'text', '', [], {}, [value ?? 'x'], { value }, [[[[]]]]),
    ...(place.path.length > 0 ? [removal(place)] : []),
    ...(types.has('object') ? UNKNOWN_KEYS.map((key) => addition(place, key)) : []),
    ...to('bounds', ...beyond(schema, value)),
    ...(types.has('string') ? to('form', ...misshapen(value)) : to('form', 'nothing of the list', -1e15)),
    ...(types.has('string') ? to('hostile', ...hostileTexts) : []),
  ]
}

function typesOf(schema: Schema, schemas: Schemas): Set<string> {
  const own = Array.isArray(schema.type) ? schema.type : [schema.type ?? (schema.properties ? 'object' : '')]
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].map((choice) => flatten(choice, schemas))
  return new Set([...own, ...choices.flatMap((choice) => [...typesOf(choice, schemas)])])
}

function removal({ path, field }: Place): Spoiled {
  return {
    how: 'missing',
    field,
    value: undefined,
    apply: (body) =>
      changeAt(body, path.slice(0, -1), (parent) =>
        Array.isArray(parent)
          ? parent.toSpliced(Number(path.at(-1)), 1)
          : Object.fromEntries(Object.entries(parent as object).filter(([name]) => name !== path.at(-1))),
      ),
  }
}

function addition({ path }: Place, key: string): Spoiled {
  return {
    how: 'unknown',
    field: [...path, key].join('.'),
    value: key,
    // `__proto__` becomes a field of its own here, as it does when JSON is parsed.
    apply: (body) =>
      changeAt(body, path, (object) => Object.fromEntries([...Object.entries(object as object), [key, { a: 1 }]])),
  }
}

/** One more than the schema takes, or one less. */
function beyond(schema: Schema, value: unknown): unknown[] {
  const { minLength = 0, maxLength, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  const numbers = [minimum === undefined ? [] : [minimum - 1], maximum === undefined ? [] : [maximum + 1]].flat()
  const limits = [exclusiveMinimum, exclusiveMaximum].filter((limit) => limit !== undefined)
  const texts = [
    ...(minLength > 0 ? ['x'.repeat(minLength - 1)] : []),
    ...(maxLength !== undefined ? ['x'.repeat(maxLength + 1), '\u{1f9f5}'.repeat(maxLength + 1)] : []),
  ]
  return [...numbers, ...limits, ...HUGE, ...texts, ...(Array.isArray(value) ? lists(schema, value) : [])]
}

function lists({ minItems = 0, maxItems }: Schema, value: unknown[]): unknown[][] {
  const item = value[0] ?? crypto.randomUUID()
  return [
    ...(minItems > 0 ? [value.slice(0, minItems - 1)] : []),
    ...(maxItems === undefined
      ? []
      : [Array.from({ length: maxItems + 1 }, (_, i) => value[i] ?? crypto.randomUUID())]),
    [item, item],
  ]
}

function misshapen(value: unknown): string[] {
  const text = String(value)
  return [
    'neither this nor that',
    '00000000-0000-0000-0000',
    `${text}!`,
    `${text}${text}`,
    text.slice(1),
    text.toUpperCase(),
    text.toLowerCase(),
    '2026-13-45T99:99:99Z',
    'nobody@',
    '@example.test',
    'ÄÖÜ',
    '!',
    ' ',
  ]
}

function setAt(body: unknown, path: Place['path'], value: unknown): unknown {
  return changeAt(body, path, () => value)
}

function changeAt(body: unknown, [head, ...rest]: Place['path'], change: (value: unknown) => unknown): unknown {
  if (head === undefined) return change(body)
  if (Array.isArray(body)) return body.with(Number(head), changeAt(body[Number(head)], rest, change))
  const object = body as Record<string, unknown>
  return { ...object, [head]: changeAt(object[head], rest, change) }
}
