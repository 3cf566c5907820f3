import { type Call, HEADER } from './calls.ts'
import type { Operation, Parameter, Schema } from './document.ts'
import { type Due, type Maker, made } from './due.ts'
import { hostileTexts, type Place, spoil } from './places.ts'
import type { Schemas } from './schemas.ts'

const hostileNumbers = [
  '',
  ' ',
  '-1',
  '1.5',
  '1e3',
  '0x10',
  'NaN',
  'Infinity',
  '٣',
  '9'.repeat(15),
  '9'.repeat(400),
  '9007199254740993',
  '-9007199254740993',
  '1e308',
  '1e400',
  '-0',
  '+1',
  '1_000',
  '1;2',
  '1,2',
]

export function spoilParameters(call: Call, schemas: Schemas): Maker[] {
  return call.operation.parameters.flatMap((parameter) => {
    const place: Place = { path: [], field: parameter.name, schema: parameter.schema, value: undefined, required: true }
    const spoiled = spoil(place, schemas).flatMap(({ value }) => (typeof value === 'object' ? [] : [String(value)]))
    return [...new Set([...spoiled, ...hostileTexts, ...hostileNumbers])]
      .filter((text) => canStandIn(parameter, text))
      .map((text) => () => ({
        call: withParameter(call, parameter, text),
        due: dueForText(call.operation, parameter, text, schemas),
      }))
  })
}

/** Nothing, and what a URL's own grammar takes away, cannot be a part of a path; nor can a header hold anything. */
function canStandIn(parameter: Parameter, text: string): boolean {
  if (parameter.in === 'path') return text !== '' && text !== '.' && text !== '..'
  if (parameter.in === 'header') return HEADER.test(text)
  return true
}

function dueForText(operation: Operation, parameter: Parameter, text: string, schemas: Schemas): Due {
  const values = readings(schemas.resolve(parameter.schema).type, text)
  if (isCredential(operation, parameter.name) || values.length === 0 || !text.isWellFormed())
    return { kind: 'survival' }
  const isAllowed = values.some((value) => schemas.problems(parameter.schema, value).length === 0)
  return isAllowed ? { kind: 'acceptance' } : { kind: 'naming', fields: [parameter.name] }
}

/** The values that a text stands for where its type is wanted; none where that is open to opinion. */
function readings(type: string | string[] | undefined, text: string): unknown[] {
  if (type === 'integer' || type === 'number') {
    if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) return text === '-0' ? [] : [Number(text)]
    return Number.isFinite(Number(text)) && text.trim() !== '' ? [] : [text]
  }
  if (type === 'boolean') return [text === 'true' ? true : text === 'false' ? false : text]
  return [text]
}

/** A credential is looked at before anything else. */
function isCredential(operation: Operation, name: string): boolean {
  return operation.ticketParameters.includes(name)
}

function withParameter(call: Call, { name, in: place }: Parameter, text: string): Call {
  if (place === 'path') return { ...call, path: { ...call.path, [name]: text } }
  if (place === 'header') return { ...call, headers: { ...call.headers, [name]: text } }
  return { ...call, query: [...without(call.query, name), [name, text]] }
}

function without(query: Call['query'], name: string): Call['query'] {
  return query.filter(([other]) => other !== name)
}

export function missingParameters(call: Call): Maker[] {
  return call.operation.parameters
    .filter((parameter) => parameter.required && parameter.in !== 'path')
    .map(({ name }) => {
      const headers = Object.fromEntries(Object.entries(call.headers).filter(([other]) => other !== name))
      // Who does not say what they change is told so by a status of its own (RFC 6585).
      const due: Due =
        name === 'If-Match'
          ? { kind: 'refusal', status: 428, code: 'PRECONDITION_REQUIRED' }
          : { kind: 'naming', fields: [name] }
      return made({ ...call, query: without(call.query, name), headers }, due)
    })
}

function takesLists({ type, anyOf = [] }: Schema): boolean {
  return type === 'array' || anyOf.some((one) => one.type === 'array')
}

export function doubledParameters(call: Call, schemas: Schemas): Maker[] {
  return call.operation.parameters
    .filter(({ in: place, schema }) => place === 'query' && !takesLists(schemas.resolve(schema)))
    .map(({ name }) => {
      const due: Due = isCredential(call.operation, name) ? { kind: 'survival' } : { kind: 'naming', fields: [name] }
      return made({ ...call, query: [...without(call.query, name), [name, '1'], [name, '2']] }, due)
    })
}

export function strangeParameters(call: Call): Maker[] {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', '[]', 'a[b]', '\ud800', "' or 1=1 --"]
  return names.map((name) => made({ ...call, query: [...call.query, [name, 'x'], [name, 'y']] }, { kind: 'survival' }))
}
