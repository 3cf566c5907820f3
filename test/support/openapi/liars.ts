import { env } from 'cloudflare:workers'
import type { Context } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../../../src/http/app-env.ts'
import { contract, type Parts, type Policy, SMALL_BODY } from '../../../src/http/contract.ts'
import { COSTS_NOTHING } from '../../../src/http/cost.ts'
import { envelope, ok } from '../../../src/http/envelope.ts'
import { Refusal } from '../../../src/platform/errors.ts'
import type { Api } from '../api.ts'
import type { Kind } from './mutations.ts'

type Handle = (c: Context<AppEnv>) => Response

/** An operation that breaks its word on purpose, and what the generator says of it. */
export interface Liar {
  /** `The generator notices an operation that …` */
  title: string
  says: RegExp
  /** The kind of spoiled calls that shows it; a valid call does where there is none. */
  kind?: Kind
  word?: Partial<Policy> & Parts
  handle?: Handle
}

const answerOne: Handle = (c) => ok(c, { count: 1 })
const body = (shape: z.ZodRawShape) => ({ json: z.strictObject(shape) })
const taken = /the document forbids \S*, and it is 200/
const refuse = (message: string): Handle => {
  return () => {
    throw new Refusal('CONFLICT', message)
  }
}
const fail: Handle = () => {
  throw new Error('a bug')
}

const ANSWERS: Liar[] = [
  {
    title: 'answers a field of another type',
    says: /200 breaks its schema at data.count/,
    handle: (c) => ok(c, { count: '1' }),
  },
  {
    title: 'answers a field too many',
    says: /200 breaks its schema at data.more/,
    handle: (c) => ok(c, { count: 1, more: 2 }),
  },
  { title: 'answers a field too few', says: /200 breaks its schema at data: required/, handle: (c) => ok(c, {}) },
  {
    title: 'answers a status that it does not promise',
    says: /202 breaks its schema/,
    handle: (c) => ok(c, {}, { status: 202 }),
  },
  { title: 'answers another media type', says: /of another type than promised: text/, handle: (c) => c.text('one') },
  { title: 'answers a body where it promises none', says: /200 has a body/, word: { answers: { 200: null } } },
  { title: 'fails', says: /it fails/, handle: fail },
  { title: 'limits', says: /it limits/, handle: () => Response.json({}, { status: 429 }) },
]

const LEAKS: Liar[] = [
  { title: 'tells a stack', says: /it tells a stack/, handle: refuse(new Error('a bug').stack ?? '') },
  { title: 'tells SQL', says: /it tells SQL/, handle: refuse('Failed query: select "id" from "users"') },
  { title: 'tells a path', says: /it tells a path/, handle: refuse('no such file: /home/me/.env') },
  {
    title: 'tells a secret in a header',
    says: /it tells a secret/,
    handle: (c) => {
      c.header('x-key', String(env.WS_TICKET_KEY))
      return answerOne(c)
    },
  },
  {
    title: 'logs a secret',
    says: /the log holds a secret/,
    handle: (c) => {
      c.get('isolate').log.info(String(env.BOOTSTRAP_ADMIN_PASSWORD))
      return answerOne(c)
    },
  },
]

const INPUTS: Liar[] = [
  {
    title: 'hides a rule from its schema',
    says: /the document allows this call, and it is 400/,
    word: body({
      a: z
        .string()
        .max(9)
        .refine((text) => !text.includes('x')),
    }),
  },
  {
    title: 'shows fewer characters than it takes',
    says: taken,
    kind: 'a field out of its bounds',
    word: body({ a: z.string().max(50).meta({ maxLength: 5 }) }),
  },
  {
    title: 'takes a field that it does not show',
    says: taken,
    kind: 'a field that nobody knows',
    word: { json: z.object({ a: z.boolean() }).meta({ additionalProperties: false }) },
  },
  {
    title: 'does not need what it shows as needed',
    says: taken,
    kind: 'a field that is missing',
    word: { json: z.strictObject({ a: z.boolean().optional() }).meta({ required: ['a'] }) },
  },
  {
    title: 'takes another type than it shows',
    says: taken,
    kind: 'a field of another type',
    word: body({ a: z.unknown().meta({ type: 'boolean' }) }),
  },
  {
    title: 'takes another form than it shows',
    says: taken,
    kind: 'a field of another form',
    word: body({ a: z.string().max(90).meta({ format: 'uuid' }) }),
  },
  {
    title: 'names another field than the wrong one',
    says: /it names b instead of a/,
    kind: 'a field of another type',
    word: {
      json: z
        .strictObject({ a: z.unknown().meta({ type: 'boolean' }) })
        .refine(({ a }) => typeof a === 'boolean', { path: ['b'] }),
    },
  },
  {
    title: 'takes a parameter of another type than it shows',
    says: taken,
    kind: 'a parameter out of its bounds or form',
    word: { query: z.object({ n: z.string().max(9).meta({ type: 'integer' }) }) },
  },
]

const HONEST = 'keeps its word'

/** Adds them to an API that has answered nothing yet. Answers each with the name of its operation. */
export function addLiars({ app }: Api): { liars: (Liar & { operation: string })[]; honest: string } {
  const add = ({ title, word, handle = answerOne }: Pick<Liar, 'title' | 'word' | 'handle'>): string => {
    const path = `/v1/${title === HONEST ? 'honest' : 'liars'}/${title.replaceAll(' ', '-').toLowerCase()}`
    const answers = { 200: envelope(z.object({ count: z.int() })) }
    const declared = { access: 'public', tag: 'Test', limits: [], idempotency: 'off', cache: 'no-store' } as const
    const policy = {
      ...declared,
      cost: COSTS_NOTHING,
      answers,
      ...(word?.json ? { bodyLimit: SMALL_BODY } : {}),
      ...word,
    }
    // A body and its limit go together, which a type of such parts cannot say.
    const described = contract(title, policy as Policy)
    // What it answers is not what its type says: that is the point.
    app.post(path, described, handle as never)
    return `POST ${path}`
  }
  const text = z
    .string()
    .min(1)
    .max(20)
    .regex(/^[a-z]+$/)
  const word = { ...body({ text, list: z.array(z.int().min(1).max(5)).min(1).max(3), more: z.boolean().nullish() }) }
  return {
    liars: [...ANSWERS, ...LEAKS, ...INPUTS].map((liar) => ({ ...liar, operation: add(liar) })),
    honest: add({ title: HONEST, word }),
  }
}
