import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createReadMarker } from '../../../src/web/chat/conversation/read-marker.ts'
import { createTypingSignal } from '../../../src/web/chat/conversation/typing-signal.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the read marker', () => {
  it('tells the first at once, then the newest once a second, and never what is known', async () => {
    const told: number[] = []
    const marker = createReadMarker(
      async (seq) => void told.push(seq),
      () => {},
    )
    marker.know(3)
    marker.seen(3)
    for (const seq of [4, 5, 6]) marker.seen(seq)
    expect(told).toEqual([4])
    await vi.advanceTimersByTimeAsync(1_000)
    marker.seen(2)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(told).toEqual([4, 6])
    // Another tab has read on.
    marker.know(9)
    marker.seen(8)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(told).toEqual([4, 6])
  })

  it('tells again what was not taken, and nothing once it is closed', async () => {
    const told: number[] = []
    let isUp = false
    const marker = createReadMarker(
      async (seq) => {
        told.push(seq)
        if (!isUp) throw new Error('no connection')
      },
      () => {},
    )
    marker.seen(4)
    await vi.advanceTimersByTimeAsync(10)
    isUp = true
    await vi.advanceTimersByTimeAsync(3_000)
    expect(told).toEqual([4, 4])
    marker.close()
    marker.seen(5)
    await vi.advanceTimersByTimeAsync(3_000)
    expect(told).toEqual([4, 4])
  })
})

describe('the signal that somebody writes', () => {
  it('ends a second after the last key, once', () => {
    const told: boolean[] = []
    const signal = createTypingSignal((isTyping) => void told.push(isTyping))
    signal.typed()
    vi.advanceTimersByTime(900)
    signal.typed()
    vi.advanceTimersByTime(900)
    expect(told).toEqual([true, true])
    vi.advanceTimersByTime(200)
    signal.stop()
    expect(told).toEqual([true, true, false])
  })
})
