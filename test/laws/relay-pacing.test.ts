import { describe, expect, it } from 'vitest'
import { MOST_WITH_ALL_LINES, type RelayCall, RelayPacing } from '../../durable-objects/chat-room/relay-pacing.ts'

interface Made extends RelayCall {
  atMs: number
}

/** A room with so many subscribers, in a time that passes only when told. Each answers as its `answerMs` says. */
function makeWorld(count: number) {
  const pacing = new RelayPacing((seq) => `at ${seq}`)
  const userIds = Array.from({ length: count }, (_, i) => `user ${i}`)
  for (const userId of userIds) pacing.add(userId)
  const world = {
    pacing,
    userIds,
    nowMs: 1_000_000,
    calls: [] as Made[],
    /** How long each takes to answer; `never` is a call that nobody answers. */
    answerMs: (_userId: string): number | 'never' => 5,
    fails: (_call: Made): boolean => false,
    underWay: [] as { call: Made; endMs: number }[],
    tell(lines: string[], seq: number) {
      pacing.tell(lines, seq)
    },
    /** Lets time pass as the object would: a round when the pacing asks for one, an answer when it comes. */
    run(ms: number) {
      const endMs = world.nowMs + ms
      for (;;) {
        for (const call of pacing.take(world.nowMs)) {
          const made = { ...call, atMs: world.nowMs }
          world.calls.push(made)
          const answerMs = world.answerMs(call.userId)
          if (answerMs !== 'never') world.underWay.push({ call: made, endMs: world.nowMs + answerMs })
        }
        const next = Math.min(pacing.nextAt() ?? Infinity, ...world.underWay.map((each) => each.endMs))
        if (next > endMs) break
        world.nowMs = Math.max(world.nowMs, next)
        for (const each of world.underWay.filter((one) => one.endMs <= world.nowMs)) {
          pacing.done(each.call, !world.fails(each.call), world.nowMs)
        }
        world.underWay = world.underWay.filter((one) => one.endMs > world.nowMs)
      }
      world.nowMs = endMs
    },
    callsOf: (userId: string) => world.calls.filter((call) => call.userId === userId),
    /** All that came to somebody, in order. */
    heardBy: (userId: string) =>
      world.callsOf(userId).flatMap(({ lines }) => lines.flatMap((text) => text.split('\n'))),
  }
  return world
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}`)

/** The most calls that began within any second. */
function busiestSecond(calls: readonly Made[]): number {
  return Math.max(
    0,
    ...calls.map(({ atMs }) => calls.filter((one) => one.atMs >= atMs && one.atMs < atMs + 1_000).length),
  )
}

describe('up to 200 subscribers', () => {
  it('are called once each for all that came in a tick, however many lines', () => {
    const world = makeWorld(MOST_WITH_ALL_LINES)
    for (let n = 1; n <= 50; n += 1) world.tell([`line ${n}`], n)
    world.run(1_000)
    expect(world.calls).toHaveLength(200)
    for (const userId of world.userIds) expect(world.heardBy(userId)).toEqual(numbers(1, 50))
    expect(world.pacing.nextAt()).toBeUndefined()
  })

  it('get every line once and in order, with one call under way to each and one a tick', () => {
    const world = makeWorld(MOST_WITH_ALL_LINES)
    world.answerMs = (userId) => 1 + (Number(userId.slice(5)) % 40)
    for (let n = 1; n <= 300; n += 1) {
      world.tell([`line ${n}`], n)
      world.run(3)
    }
    world.run(1_000)
    for (const userId of world.userIds) {
      expect(world.heardBy(userId)).toEqual(numbers(1, 300))
      const times = world.callsOf(userId).map(({ atMs }) => atMs)
      const apart = Math.max(16, Number(world.answerMs(userId)))
      expect(times.slice(1).every((at, i) => at - (times[i] ?? 0) >= apart)).toBe(true)
    }
    expect(world.pacing.nextAt()).toBeUndefined()
  })

  it('are not held up by one who is slow, and who gets all in few calls', () => {
    const world = makeWorld(100)
    world.answerMs = (userId) => (userId === 'user 7' ? 900 : 5)
    for (let n = 1; n <= 50; n += 1) {
      world.tell([`line ${n}`], n)
      world.run(20)
    }
    const quick = world.callsOf('user 8')
    expect([quick.length, world.heardBy('user 8')]).toEqual([50, numbers(1, 50)])
    expect(Math.max(...quick.map(({ atMs }, i) => atMs - 1_000_000 - i * 20))).toBeLessThanOrEqual(16)
    world.run(2_000)
    expect([world.callsOf('user 7').length, world.heardBy('user 7')]).toEqual([3, numbers(1, 50)])
  })

  it('lose nothing by a call that fails: it is made again a second later with what came meanwhile', () => {
    const world = makeWorld(2)
    world.fails = ({ id }) => id === 1
    world.tell(['line 1'], 1)
    world.run(500)
    world.tell(['line 2'], 2)
    world.run(400)
    expect(world.callsOf('user 0')).toHaveLength(1)
    world.run(1_000)
    expect(world.callsOf('user 0').map(({ lines }) => lines)).toEqual([['line 1'], ['line 1', 'line 2']])
    expect(world.heardBy('user 1')).toEqual(['line 1', 'line 2'])
  })

  it('who cannot be reached four times are let rest: nothing waits for them until there is something new', () => {
    const world = makeWorld(2)
    world.fails = ({ userId }) => userId === 'user 0'
    world.tell(['line 1'], 1)
    world.run(60_000)
    expect(world.callsOf('user 0')).toHaveLength(4)
    expect(world.pacing.nextAt()).toBeUndefined()
    world.fails = () => false
    world.tell(['line 2'], 2)
    world.run(1_000)
    expect(world.callsOf('user 0').at(-1)?.lines).toEqual(['at 2', 'line 2'])
    world.tell(['line 3'], 3)
    world.run(1_000)
    expect(world.callsOf('user 0').at(-1)?.lines).toEqual(['line 3'])
  })

  it('who never answer are called again after five seconds, and what they answer then to the first says nothing', () => {
    const world = makeWorld(1)
    world.answerMs = () => 'never'
    world.tell(['line 1'], 1)
    world.run(60_000)
    // Nothing new waits for them, so no timer does.
    expect([world.calls.length, world.pacing.nextAt()]).toEqual([1, undefined])
    world.tell(['line 2'], 2)
    world.answerMs = () => 5
    world.run(2_000)
    expect(world.calls.at(-1)?.lines).toEqual(['line 1', 'line 2'])
    expect(world.pacing.done({ id: 1, userId: 'user 0', lines: [] }, true, world.nowMs)).toBe(false)
  })

  it('who are far behind are told how far the room is, and hold no more than that in memory', () => {
    const world = makeWorld(2)
    const long = 'x'.repeat(8_000)
    world.answerMs = (userId) => (userId === 'user 0' ? 4_000 : 5)
    for (let n = 1; n <= 110; n += 1) {
      world.tell([`${n} ${long}`], n)
      world.run(20)
    }
    world.run(10_000)
    const [, second] = world.callsOf('user 0')
    expect(second?.lines[0]).toMatch(/^at \d+$/)
    expect(second?.lines.join('').length).toBeLessThan(256 * 1024 + 16)
    expect(second?.lines.at(-1)).toBe(`110 ${long}`)
    expect(world.heardBy('user 1')).toHaveLength(110)
  })

  it('get nothing more once they are removed, neither what waits nor what is told later (R13.24)', () => {
    const world = makeWorld(3)
    world.answerMs = () => 100
    world.tell(['line 1'], 1)
    world.run(20)
    world.tell(['line 2'], 2)
    world.pacing.remove('user 1')
    world.tell(['line 3'], 3)
    world.run(1_000)
    expect(world.heardBy('user 1')).toEqual(['line 1'])
    expect(world.heardBy('user 2')).toEqual(['line 1', 'line 2', 'line 3'])
    // Whoever is back begins with what comes then.
    world.pacing.add('user 1')
    world.tell(['line 4'], 4)
    world.run(1_000)
    expect(world.heardBy('user 1')).toEqual(['line 1', 'line 4'])
  })
})

describe('more than 200 subscribers', () => {
  it('are told how far the room is, once a second at most, by 200 calls a second in all', () => {
    const world = makeWorld(1_000)
    for (let n = 1; n <= 600; n += 1) {
      world.tell([`line ${n}`], n)
      world.run(20)
    }
    expect(busiestSecond(world.calls)).toBe(200)
    expect(world.calls.every(({ lines }) => lines.length === 1 && /^at \d+$/.test(lines[0] ?? ''))).toBe(true)
    // In turn: twelve seconds are two rounds and some.
    const counts = world.userIds.map((userId) => world.callsOf(userId).length)
    expect([Math.min(...counts), Math.max(...counts)]).toEqual([2, 3])
    world.run(10_000)
    for (const userId of world.userIds) expect(world.heardBy(userId).at(-1)).toBe('at 600')
    expect(world.pacing.nextAt()).toBeUndefined()
  })

  it('are each told at most once a second, also where there are calls to spare', () => {
    const world = makeWorld(MOST_WITH_ALL_LINES + 1)
    // Of their turns the others could make use.
    world.answerMs = (userId) => (Number(userId.slice(5)) < 150 ? 'never' : 5)
    for (let n = 1; n <= 250; n += 1) {
      world.tell([`line ${n}`], n)
      world.run(20)
    }
    for (const userId of world.userIds) {
      const times = world.callsOf(userId).map(({ atMs }) => atMs)
      expect(times.slice(1).every((at, i) => at - (times[i] ?? 0) >= 1_000)).toBe(true)
    }
  })

  it('are not held up by those who never answer', () => {
    const world = makeWorld(400)
    world.answerMs = (userId) => (Number(userId.slice(5)) < 200 ? 'never' : 5)
    world.tell(['line 1'], 1)
    world.run(2_100)
    expect(new Set(world.calls.map(({ userId }) => userId)).size).toBe(400)
    expect(busiestSecond(world.calls)).toBe(200)
  })

  it('that were fewer before, or are fewer again, miss nothing without being told', () => {
    const world = makeWorld(MOST_WITH_ALL_LINES)
    world.answerMs = () => 100
    world.tell(['line 1'], 1)
    world.run(20)
    world.tell(['line 2'], 2)
    world.pacing.add('one more')
    world.tell(['line 3'], 3)
    world.run(5_000)
    expect(world.heardBy('user 0')).toEqual(['line 1', 'at 3'])
    world.tell(['line 4'], 4)
    world.pacing.remove('one more')
    world.tell(['line 5'], 5)
    world.run(5_000)
    expect(world.heardBy('user 0')).toEqual(['line 1', 'at 3', 'at 5', 'line 5'])
  })
})
