import fc from 'fast-check'
import { type Sources, valuesOf } from './arbitraries.ts'
import { jsonBodyOf, type Operation, type Parameter } from './document.ts'
import type { Harvest } from './harvest.ts'
import type { Schemas } from './schemas.ts'
import { untilKept } from './strings.ts'

/** Who calls. `nobody` sends no token. */
export type Who = 'nobody' | 'user' | 'admin'

/** A call of an operation, before it is sent. */
export interface Call {
  operation: Operation
  who: Who
  headers: Record<string, string>
  path: Record<string, string>
  query: [name: string, value: string][]
  /** The body's value, where it is JSON. */
  json?: unknown
  /** The body as it is sent; nothing is sent where it is absent. */
  body?: string
}

const JSON_TYPE = 'application/json'
const PROBLEM_TYPE = 'application/problem+json'
const ACCEPTED = ['*/*', JSON_TYPE, PROBLEM_TYPE, `${PROBLEM_TYPE};q=0, ${JSON_TYPE}`]

/** What a header can hold. */
export const HEADER = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/

/** Calls that the document allows, of things that exist where any are known. */
export function callsOf(operation: Operation, schemas: Schemas, harvest: Harvest): fc.Arbitrary<Call> {
  const callers: Who[] = operation.isSecured ? ['user', 'admin'] : ['nobody', 'user']
  return fc.oneof(...callers.map((who) => callsBy(who, operation, schemas, harvest)))
}

function callsBy(who: Who, operation: Operation, schemas: Schemas, harvest: Harvest): fc.Arbitrary<Call> {
  const sources: Sources = { schemas, known: (name, schema) => harvest.known(operation, who, name, schema) }
  const parameters = fc.tuple(
    ...operation.parameters.map((parameter) => {
      const fits = (texts: string[]) => parameter.in !== 'header' || texts.every((text) => HEADER.test(text))
      const texts = untilKept(valuesOf(parameter.schema, sources, parameter.name).map(textsOf), fits, parameter.name)
      const given = texts.map((values) => values.map((value): Given => ({ parameter, value })))
      if (parameter.required) return given
      // Nobody guesses what a rule in words is about.
      const isGuess =
        'x-rule' in schemas.resolve(parameter.schema) &&
        sources.known(parameter.name, parameter.schema).every(({ values }) => values.length === 0)
      return fc.oneof({ weight: isGuess ? 5 : 1, arbitrary: fc.constant<Given[]>([]) }, { weight: 1, arbitrary: given })
    }),
  )
  const schema = jsonBodyOf(operation)
  const json = schema
    ? fc
        .tuple(valuesOf(schema, sources), fc.option(fc.constantFrom({}, ...harvest.bodies(operation)), { freq: 1 }))
        .map(([value, other]) => borrow(value, other ?? {}, (one) => schemas.problems(schema, one).length === 0))
    : fc.constant(undefined)
  return fc
    .record({
      parameters,
      json,
      other: fc.string(),
      who: fc.constant(who),
      accept: fc.constantFrom(...ACCEPTED),
      extra: noise,
    })
    .map((made) => build(operation, made))
}

interface Given {
  parameter: Parameter
  value: string
}

interface Made {
  parameters: Given[][]
  json: unknown
  /** The body where it is no JSON. */
  other: string
  who: Who
  accept: string
  extra: Record<string, string>
}

function build(operation: Operation, { parameters, json, other, who, accept, extra }: Made): Call {
  const [type] = Object.keys(operation.body?.content ?? {})
  const given = parameters.flat()
  const of = (place: Parameter['in']) =>
    given
      .filter(({ parameter }) => parameter.in === place)
      .map(({ parameter, value }): [string, string] => [parameter.name, value])
  return {
    operation,
    who,
    headers: {
      ...extra,
      accept,
      ...(operation.isSocket ? { upgrade: 'websocket' } : {}),
      ...(type === undefined ? {} : { 'content-type': json === undefined ? type : JSON_TYPE }),
      ...Object.fromEntries(of('header')),
    },
    path: Object.fromEntries(of('path')),
    query: of('query'),
    ...(json === undefined ? {} : { json, body: JSON.stringify(json) }),
    ...(json === undefined && type !== undefined ? { body: other } : {}),
  }
}

/** Headers that any client may send, and that must not matter. */
const noise = fc.dictionary(
  fc.constantFrom('x-request-id', 'traceparent', 'x-d1-bookmark', 'user-agent', 'cookie', 'x-any'),
  fc.string({ maxLength: 60 }).map((text) => text.trim()),
  { maxKeys: 2, noNullPrototype: true },
)

/** A list is sent as a parameter that comes several times. */
function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [String(value)]
}

/** The value with fields of another body in place of its own, where it stays valid. */
function borrow(value: unknown, other: object, isValid: (value: unknown) => boolean): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const shared = Object.entries(other).filter(([key]) => Object.hasOwn(value, key))
  const mixed = { ...value, ...Object.fromEntries(shared) }
  return isValid(mixed) ? mixed : value
}

/** Path and query as they stand in the request line. */
export function targetOf({ operation, path, query }: Call): string {
  const target = operation.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => encode(path[name] ?? ''))
  const search = query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
  return search === '' ? target : `${target}?${search}`
}

/** Half a character has no UTF-8: it goes as the bytes that it would have. */
function encode(text: string): string {
  return [...text].map((one) => (one.isWellFormed() ? encodeURIComponent(one) : '%ED%A0%80')).join('')
}

/** Whether a good token of the caller's must open it: a ticket in the query stands in for one, and may be spent. */
export function showsToken({ operation, who, query }: Call): boolean {
  const hasTicket = query.some(([name]) => operation.ticketParameters.includes(name))
  return operation.takesToken && who !== 'nobody' && !hasTicket
}

export function withoutTickets(call: Call): Call {
  return { ...call, query: call.query.filter(([name]) => !call.operation.ticketParameters.includes(name)) }
}

export function bytesOf({ body = '' }: Call): number {
  return new TextEncoder().encode(body).byteLength
}

/** A schema may allow more than the operation takes in bytes. */
export function isTooLarge(call: Call): boolean {
  return bytesOf(call) > (call.operation.body?.maxBytes ?? Number.POSITIVE_INFINITY)
}

const MAX_SHOWN = 1_500

export function cut(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}… (${text.length} characters)` : text
}

/** The call as a person would repeat it. */
export function describeCall(call: Call): string {
  const headers = Object.entries(call.headers).map(([name, value]) => `  ${name}: ${cut(value)}`)
  return [
    `${call.operation.method} ${cut(targetOf(call))} as ${call.who}`,
    ...headers,
    ...(call.body === undefined ? [] : [`  ${cut(call.body)}`]),
  ].join('\n')
}
