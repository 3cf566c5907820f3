import { FIGURES_SHARDS, SOCKET_SHARDS } from '../../src/platform/observability/figure-counter.ts'
import { dailyOf, messagesADay, summariesAMessage } from './day.ts'
import {
  addressAsks,
  figureKeys,
  hotAddress,
  hotMessages,
  peakOf,
  roomsOf,
  ticksASecond,
  WRITES_A_SUMMARY,
} from './hot-keys.ts'
import type { Inputs, RoomClass } from './inputs.ts'
import { DATABASE_KEYS } from './ledger.ts'
import { writesOf } from './load.ts'
import { zipfSampler } from './zipf.ts'

const SECONDS = 60

/** What the paper says is the mean of a second; a minute that is drawn has worse ones. */
export interface Compared {
  what: string
  /** Writes a second to the hottest key, in the mean and in its worst second of the minute. */
  paper: number
  mean: number
  worst: number
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A minute of the busiest hour, event by event: arrivals by Poisson, keys by Zipf. */
export function simulateMinute(inputs: Inputs, users: number, seed: number): Compared[] {
  const random = seeded(seed)
  const daily = dailyOf(inputs)
  return [
    ...inputs.behaviour.chat.rooms.map((room) => simulateRooms(inputs, room, users, random)),
    ...simulateKeys(inputs, users, random),
    ...DATABASE_KEYS.map((name) => {
      const paper = writesOf(inputs, daily, name, users)
      const perSecond = countBySecond(arrivals(paper, random))
      return { what: `D1 ${name}`, paper, mean: mean(perSecond), worst: Math.max(...perSecond) }
    }),
  ]
}

/** Messages of a class of rooms, each in a room that is drawn: what the most popular one writes, tick by tick. */
function simulateRooms(inputs: Inputs, room: RoomClass, users: number, random: () => number): Compared {
  const { tickMs } = inputs.behaviour.machine
  const rate = peakOf(inputs, users, messagesADay(inputs, room))
  const draw = zipfSampler(roomsOf(room, users), room.zipf, random)
  const times = new Map<number, number[]>()
  for (const at of arrivals(rate, random)) add(times, draw(), at)
  const summaryMs = inputs.behaviour.machine.summaryEverySeconds * 1_000
  const counted = [...times.values()].map((events) =>
    countBySecond([...ends(events, tickMs), ...repeated(ends(events, summaryMs), WRITES_A_SUMMARY)]),
  )
  const hot = counted.toSorted((a, b) => mean(b) - mean(a))[0] ?? []
  const messages = hotMessages(inputs, room, users)
  const paper = ticksASecond(messages, tickMs) + WRITES_A_SUMMARY * messages * summariesAMessage(inputs, messages)
  return {
    what: `CHAT_ROOM of a ${room.class}`,
    paper,
    mean: mean(hot),
    worst: worstOf(counted),
  }
}

/** Objects whose every call writes once: of the most shared address, and those of the figures. */
function simulateKeys(inputs: Inputs, users: number, random: () => number): Compared[] {
  const { addressesAUser, addressZipf } = inputs.behaviour.machine
  const drawn = [
    {
      keys: users * addressesAUser,
      zipf: addressZipf,
      rate: addressAsks(inputs, users),
      paper: hotAddress(inputs, users),
    },
    ...figureKeys(inputs, users).map((paper, i) => {
      const keys = i === 0 ? FIGURES_SHARDS : SOCKET_SHARDS
      return { keys, zipf: 0, rate: paper.writes * keys, paper }
    }),
  ]
  return drawn.map(({ keys, zipf, rate, paper: { key, writes } }) => {
    const draw = zipfSampler(keys, zipf, random)
    const times = new Map<number, number[]>()
    for (const at of arrivals(rate, random)) add(times, draw(), at)
    const counted = [...times.values()].map(countBySecond)
    const hot = counted.toSorted((a, b) => mean(b) - mean(a))[0] ?? []
    return { what: key, paper: writes, mean: mean(hot), worst: worstOf(counted) }
  })
}

function add(times: Map<number, number[]>, key: number, at: number): void {
  const known = times.get(key)
  if (known) known.push(at)
  else times.set(key, [at])
}

function worstOf(counted: readonly number[][]): number {
  return counted.reduce((most, seconds) => Math.max(most, ...seconds), 0)
}

/** Times in milliseconds, in order: what comes so often a second, by chance. */
function* arrivals(rate: number, random: () => number): Generator<number> {
  if (rate <= 0) return
  for (let at = 0; ; ) {
    at += (-Math.log(1 - random()) / rate) * 1_000
    if (at >= SECONDS * 1_000) return
    yield at
  }
}

/** Where stretches of such a length end, each of which begins with the first event that is in none. */
function ends(events: readonly number[], lengthMs: number): number[] {
  const found: number[] = []
  let until = Number.NEGATIVE_INFINITY
  for (const at of events) {
    if (at < until) continue
    until = at + lengthMs
    found.push(until)
  }
  return found
}

function repeated(times: readonly number[], often: number): number[] {
  return times.flatMap((at) => Array.from({ length: often }, () => at))
}

function countBySecond(times: Iterable<number>): number[] {
  const counts = Array.from({ length: SECONDS }, () => 0)
  for (const at of times) {
    const second = Math.min(SECONDS - 1, Math.floor(at / 1_000))
    counts[second] = (counts[second] ?? 0) + 1
  }
  return counts
}

function mean(counts: readonly number[]): number {
  return counts.reduce((sum, n) => sum + n, 0) / SECONDS
}
