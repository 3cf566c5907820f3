import { env } from 'cloudflare:workers'
import type { Answer, Api } from '../api.ts'
import { FIXTURE_PASSWORD, makePerson, makeSession, type TestPerson } from '../people.ts'
import { type Call, showsToken, targetOf, type Who } from './calls.ts'
import type { Exchange } from './verdicts.ts'

/** The people who call. An operation may end a session, or a person: then others take their place. */
export class Cast {
  readonly #api: Api
  readonly #people: Record<'user' | 'admin', TestPerson>
  #sent = 0

  private constructor(api: Api, people: Record<'user' | 'admin', TestPerson>) {
    this.#api = api
    this.#people = people
  }

  static async assemble(api: Api): Promise<Cast> {
    return new Cast(api, { user: await person(api, 'user'), admin: await person(api, 'admin') })
  }

  /** Sends a call with its caller's token. A session that an earlier call has ended is begun anew. */
  async send(call: Call): Promise<Exchange> {
    const first = await this.#sendOnce(call)
    if (first.answer.status !== 401 || call.who === 'nobody' || !showsToken(call)) return first
    Object.assign(this.#people[call.who], await makeSession(this.#api.isolate, this.#people[call.who].id))
    const second = await this.#sendOnce(call)
    if (second.answer.status !== 401) return second
    this.#people[call.who] = await person(this.#api, call.who)
    return this.#sendOnce(call)
  }

  ids(): string[] {
    return Object.values(this.#people).map(({ id }) => id)
  }

  tokenOf(who: Exclude<Who, 'nobody'>): string {
    return this.#people[who].accessToken
  }

  /** Each call comes from elsewhere: the lock-out of an account and an address, which is never scaled, stops none. */
  #nextAddress(): string {
    this.#sent += 1
    return `198.${18 + (this.#sent >> 16)}.${(this.#sent >> 8) & 255}.${this.#sent & 255}`
  }

  async #sendOnce(call: Call): Promise<Exchange> {
    const { operation, who, headers, body } = call
    const authorization: Record<string, string> =
      who === 'nobody' ? {} : { authorization: `Bearer ${this.tokenOf(who)}` }
    const answer: Answer = await this.#api.request(operation.method, targetOf(call), {
      headers: { 'cf-connecting-ip': this.#nextAddress(), ...authorization, ...headers },
      ...(body === undefined ? {} : { raw: new TextEncoder().encode(body) }),
    })
    const socket = answer.response.webSocket
    socket?.accept()
    socket?.close(1000)
    return { call, answer, text: socket ? '' : await answer.response.clone().text() }
  }
}

async function person(api: Api, role: 'user' | 'admin'): Promise<TestPerson> {
  return makePerson(api.isolate, { role, passwordHash: await api.isolate.passwords.hash(FIXTURE_PASSWORD) })
}

/** Every secret that the Worker was given, alone: none may stand in any answer. */
export function secretsOfWorker(): string[] {
  const settings = Object.entries(env).filter(
    ([name, value]) => typeof value === 'string' && /KEY|SECRET|TOKEN|PASSWORD/.test(name),
  )
  return ['$scrypt$', ...settings.flatMap(([, value]) => partsOf(String(value)))]
}

/** A setting may be a list of keys, or of JWKs, of which `d` is the secret. */
function partsOf(setting: string): string[] {
  if (!setting.startsWith('[')) return setting.split(',').filter((part) => part.length >= 8)
  return (JSON.parse(setting) as { d: string }[]).map(({ d }) => d)
}
