import { describe, expect, it } from 'vitest'
import { operationsOf } from '../support/openapi/document.ts'
import { createApiToWalk, documentsOf } from '../support/openapi/walk.ts'

const OPERATIONS = (await documentsOf(createApiToWalk())).flatMap(operationsOf)
/** What belongs together, and is no resource itself. */
const AREAS = ['auth', 'admin', 'chat', 'mfa']
/** Of these there is one, of its owner or of all. */
const SINGLE = [
  ...['me', 'profile', 'role', 'tier', 'stock', 'captcha', 'presence', 'thread', 'pin', 'mute', 'data', 'health'],
  ...['live', 'ready', 'liveness', 'readiness', 'version', 'audit', 'unread-count', 'ws', 'backup-code', 'second-step'],
  ...['step-up', 'facets', 'bulk', 'link', 'private', 'block', 'expensive-operation', 'check-verification'],
  // Of that user: permissions are asked for by the user who has them (R12.17).
  'user',
]
/** Plural nouns without an s, and words for some of a collection. */
const PLURAL = ['people', 'data', 'blocked', 'linked', 'open']
/** What is done to something, where no method says it: the last part of a path, sent by POST or PATCH. */
const ACTIONS = [
  ...['register', 'login', 'refresh', 'logout', 'logout-all', 'logout-others', 'setup', 'enable', 'disable', 'verify'],
  ...['regenerate', 'forgot-password', 'reset-password', 'verify-email', 'validate', 'resend-verification', 'sign-in'],
  ...['change-password', 'change-email', 'finish', 'finish-link', 'begin', 'begin-link', 'change-role', 'revoke'],
  ...['grant', 'deactivate', 'reactivate', 'activate', 'mark-all-read', 'read', 'typing', 'join', 'leave', 'preview'],
  ...['process', 'publish', 'archive', 'cancel', 'redrive', 'discard', 'decide', 'hide', 'restore'],
]
/** Verbs that are also asked for: a search, and whether a token that came by mail is still good. */
const ASKED = ['search', 'validate']

const isParameter = (part: string) => part.startsWith('{')
const partsOf = (path: string) => path.split('/').filter((part) => part !== '' && !/^v\d+$/.test(part))
const isPlural = (part: string) => part.endsWith('s') || PLURAL.includes(part)
const own = OPERATIONS.filter(({ path }) => /^\/(v\d+|health|version)/.test(path))

describe('the paths of the API', () => {
  it('are nouns, collections in the plural; what is done to one is declared, comes last, and is no GET (R2.1)', () => {
    expect(own.length).toBeGreaterThan(150)
    const faults = own.flatMap(({ name, method, path }) => {
      const parts = partsOf(path)
      return parts.flatMap((part, i) => {
        if (isParameter(part)) {
          const before = parts[i - 1] ?? ''
          return isPlural(before) || before === 'user' ? [] : [`${name}: ${before} is no collection`]
        }
        if (ACTIONS.includes(part) || ASKED.includes(part)) {
          const isDone = method === 'POST' || method === 'PATCH' || (method === 'GET' && ASKED.includes(part))
          const isLast = i === parts.length - 1 || ['options', 'validate'].includes(parts[i + 1] ?? '')
          return (isDone || !ACTIONS.includes(part) || parts[i + 1] === 'validate') && isLast
            ? []
            : [`${name}: ${part}`]
        }
        return isPlural(part) || AREAS.includes(part) || SINGLE.includes(part) ? [] : [`${name}: what is ${part}?`]
      })
    })
    expect(faults).toEqual([])
    const words = new Set(own.flatMap(({ path }) => partsOf(path)))
    expect([...AREAS, ...SINGLE, ...ACTIONS, ...ASKED].filter((word) => !words.has(word))).toEqual([])
  })

  it('write words of several in kebab-case, and parameters in camelCase (R2.3)', () => {
    const parts = own.flatMap(({ path }) => partsOf(path))
    const wrong = parts.filter((part) => !/^(\{[a-z][A-Za-z]*\}|[a-z0-9]+(-[a-z0-9]+)*)$/.test(part))
    expect(wrong).toEqual([])
    expect(parts.filter((part) => part.includes('-')).length).toBeGreaterThan(20)
  })

  it('lead through three resources at most, each by its id (R2.4)', () => {
    const deep = own.map(({ name, path }) => ({ name, ids: partsOf(path).filter(isParameter).length }))
    expect(deep.filter(({ ids }) => ids > 3)).toEqual([])
    // Only what belongs to a message of a room is that deep.
    const deepest = deep.filter(({ ids }) => ids === 3).map(({ name }) => name)
    expect(deepest.filter((name) => !name.includes('/messages/{messageId}/reactions/'))).toEqual([])
  })
})
