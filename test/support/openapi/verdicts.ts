import type { Answer } from '../api.ts'
import { type Call, cut, describeCall, isTooLarge, showsToken } from './calls.ts'
import { jsonBodyOf, type Operation, type Schema } from './document.ts'
import type { Schemas } from './schemas.ts'

/** A call and what came back. */
export interface Exchange {
  call: Call
  answer: Answer
  /** The body as it came. */
  text: string
}

/** An answer that is not what the document promises: the sentence says why, then shows both. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise'

  constructor(complaints: readonly string[], { call, answer, text }: Exchange) {
    const headers = [...answer.headers].map(([name, value]) => `  ${name}: ${cut(value)}`)
    super(
      [
        `${call.operation.name}: ${complaints.join('; ')}`,
        describeCall(call),
        `answers ${answer.status}`,
        ...headers,
        `  ${cut(text)}`,
      ].join('\n'),
    )
  }
}

const PROBLEM_TYPE = 'application/problem+json'

/** What of the inside may never come out. Hostile texts of the generator look like none of these. */
const INSIDES: [what: string, pattern: RegExp][] = [
  ['a stack', /\bat (?:async )?[\w.<>$ ]+ \(.+:\d+\)|\.[cm]?[jt]sx?:\d+/],
  ['a path', /node_modules|file:\/\/|\/(?:src|durable-objects|home|usr|var|tmp)\/[\w-]+\//],
  [
    'SQL',
    /SQLITE_|D1_ERROR|constraint failed|no such (?:table|column)|\b(?:select|insert into|update|delete from) ["`]\w+["`]|\bselect\b.+\bfrom\b.+\b(?:where|limit|order by)\b/i,
  ],
]

/** Whether any answer, to whatever call, is one that the document promises and that tells nothing of the inside. */
export function broken(
  { call, answer, text }: Exchange,
  schemas: Schemas,
  { secrets, log }: { secrets: readonly string[]; log: readonly string[] },
): string[] {
  const { operation } = call
  const complaints = [...promised(operation, answer, text, schemas), ...faithful(call, answer)]
  if (answer.status >= 500 && !(answer.status in operation.responses)) complaints.push('it fails')
  // Guessing is stopped however much else is allowed.
  if (answer.status === 429 && !operation.locksOut) complaints.push('it limits')
  // Inside JSON a quotation mark is escaped.
  const said = `${text.replaceAll('\\"', '"')}\n${[...answer.headers].flat().join('\n')}`
  if (secrets.some((secret) => said.includes(secret))) complaints.push('it tells a secret')
  const logged = log.find((line) => secrets.some((secret) => line.includes(secret)))
  if (logged !== undefined) complaints.push(`the log holds a secret: ${cut(logged)}`)
  for (const [what, pattern] of INSIDES) if (pattern.test(said)) complaints.push(`it tells ${what}`)
  return complaints
}

function promised({ responses }: Operation, { status, headers, body }: Answer, text: string, schemas: Schemas) {
  const response = responses[status] ?? responses.default
  if (!response) return [`${status} is not promised`]
  if (!response.content) return text === '' ? [] : [`${status} has a body`]
  const type = headers.get('content-type')?.split(';')[0]?.trim() ?? '(none)'
  const content = response.content[type]
  if (!content) return [`${status} is of another type than promised: ${type}`]
  if (!content.schema || !type.endsWith('json')) return []
  return schemas
    .problems(content.schema, body)
    .map(({ field, what }) => `${status} breaks its schema at ${field}: ${what}`)
}

/** A refusal says its own status, in the dialect that was asked for, and how to go on. */
function faithful({ headers }: Call, { status, headers: answered, body }: Answer): string[] {
  if (status < 400 || !body || body.success === true) return []
  const asked = headers.accept === PROBLEM_TYPE ? PROBLEM_TYPE : 'application/json'
  const complaints: string[] = []
  if (!answered.get('content-type')?.startsWith(asked)) complaints.push(`the refusal is not ${asked}`)
  if ((body.statusCode ?? body.status) !== status) complaints.push('the body says another status')
  if (status === 401 && !answered.has('www-authenticate')) complaints.push('401 names no scheme')
  if (status === 405 && !answered.has('allow')) complaints.push('405 names no method')
  if (status === 503 && !answered.has('retry-after')) complaints.push('503 says not when to come again')
  return complaints
}

/** A call that the document allows may not be refused for how it is written. */
const NEVER_FOR_VALID = new Set([400, 405, 406, 411, 413, 414, 415, 426, 431])

/** Why this is no answer to a call that the document allows. */
export function unjustlyRefused({ call, answer }: Exchange, schemas: Schemas): string[] {
  const { status } = answer
  const { operation } = call
  // What else is shown than the token, a password for one, may be wrong.
  if (status === 401) return showsToken(call) && codeOf(answer) === 'UNAUTHENTICATED' ? ['a good token is refused'] : []
  // A body that is no JSON is beyond the generator's skill.
  if (operation.body && !jsonBodyOf(operation)) return []
  if (!NEVER_FOR_VALID.has(status) || (status === 413 && isTooLarge(call))) return []
  const fields = fieldsOf(answer)
  const ruled = ruledFields(operation, schemas)
  const isRuled = status === 400 && fields.length > 0 && fields.every((field) => ruled.has(general(field)))
  return isRuled ? [] : [`the document allows this call, and it is ${status}`]
}

/** Why this is no refusal of a call that breaks the schema of one of these fields. */
export function notRefusedFor({ answer }: Exchange, wrong: readonly string[]): string[] {
  if (answer.status !== 400) return [`the document forbids ${wrong.join(', ')}, and it is ${answer.status}`]
  if (codeOf(answer) !== 'VALIDATION_FAILED') return [`the code is ${codeOf(answer)}`]
  const named = fieldsOf(answer)
  const isNamed = wrong.some((field) => named.some((one) => isWithin(one, field) || isWithin(field, one)))
  return isNamed ? [] : [`it names ${named.join(', ') || 'nothing'} instead of ${wrong.join(', ')}`]
}

export function notRefusedWith({ answer }: Exchange, status: number, code: string): string[] {
  return answer.status === status && codeOf(answer) === code
    ? []
    : [`it is ${answer.status} ${codeOf(answer)} instead of ${status} ${code}`]
}

/** Our dialect has `code`, RFC 9457 the same as `title`. */
function codeOf({ body }: Answer): string {
  return String(body?.code ?? body?.title)
}

function fieldsOf({ body }: Answer): string[] {
  return (body?.errors ?? []).map(({ field }) => field)
}

function isWithin(inner: string, outer: string): boolean {
  return outer === '(all)' || inner === outer || inner.startsWith(`${outer}.`)
}

/** The fields whose schema admits that there is a rule which it cannot say. */
function ruledFields(operation: Operation, schemas: Schemas): Set<string> {
  const found = new Set<string>()
  const walk = (schema: Schema, field: string, depth: number): void => {
    const { properties = {}, items, allOf = [], anyOf = [], oneOf = [], ...own } = schemas.resolve(schema)
    if (own['x-rule'] !== undefined) found.add(field)
    if (depth > 6) return
    for (const part of [...allOf, ...anyOf, ...oneOf]) walk(part, field, depth + 1)
    for (const [name, inner] of Object.entries(properties)) {
      walk(inner, field === '' ? name : `${field}.${name}`, depth + 1)
    }
    if (items) walk(items, `${field}.*`, depth + 1)
  }
  for (const { name, schema } of operation.parameters) walk(schema, name, 0)
  const body = jsonBodyOf(operation)
  if (body) walk(body, '', 0)
  return found
}

/** `lines.3.sku` is a field of every line. */
function general(field: string): string {
  return field.replaceAll(/\.\d+(?=\.|$)/g, '.*')
}
