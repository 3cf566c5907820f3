import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineEvent, payloadOf } from '../../src/platform/events.ts'
import { SUBSCRIBERS } from '../../src/subscribers.ts'

const Said = defineEvent('something.said', 'something', z.strictObject({ text: z.string() }))

describe('the payload of an event', () => {
  it('is what its schema allows, and nothing besides', () => {
    expect(payloadOf(Said, { text: 'hello' })).toEqual({ text: 'hello' })
    expect(() => payloadOf(Said, { text: 'hello', more: 1 } as { text: string })).toThrow('more')
  })

  it('that no queue could take is a mistake before it is committed, counted in bytes (R0.9)', () => {
    expect(payloadOf(Said, { text: 'x'.repeat(99_000) }).text).toHaveLength(99_000)
    expect(() => payloadOf(Said, { text: '織'.repeat(40_000) })).toThrow('something.said has 120011 bytes')
  })
})

it('every event that somebody hears with a mail address in it is known as one that must not be kept', () => {
  const events = new Map(SUBSCRIBERS.map(({ event }) => [event.type, event]))
  const named = [...events.values()].filter(({ payload }) => {
    const { properties = {} } = z.toJSONSchema(payload, { unrepresentable: 'any' })
    return ['email', 'from', 'address'].some((name) => name in properties)
  })
  expect(named.map(({ type }) => type).toSorted()).toEqual([
    'email.change_requested',
    'email.changed',
    'email.verification_requested',
    'password.reset_requested',
  ])
  expect(named.every(({ isPersonal }) => isPersonal)).toBe(true)
})
