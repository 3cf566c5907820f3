import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Paced } from '../../durable-objects/shared/paced.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('what is paced', () => {
  it('is done at once after a rest, and once more for all who have asked in vain', () => {
    const work = vi.fn()
    const paced = new Paced<number>(250, work)
    for (let n = 1; n <= 100; n += 1) {
      paced.ask(n)
      vi.advanceTimersByTime(2)
    }
    expect(work.mock.calls).toEqual([[1]])
    vi.advanceTimersByTime(50)
    expect(work.mock.calls).toEqual([[1], [undefined]])
    vi.advanceTimersByTime(250)
    paced.ask(101)
    expect(work.mock.calls.at(-1)).toEqual([101])
    expect(work).toHaveBeenCalledTimes(3)
  })

  it('leaves no timer behind where nobody has asked in vain: what sleeps is not kept awake', () => {
    const paced = new Paced(250, () => undefined)
    paced.ask()
    expect(vi.getTimerCount()).toBe(0)
    paced.ask()
    vi.advanceTimersByTime(250)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('waits no longer because a clock was set back', () => {
    const work = vi.fn()
    const paced = new Paced(250, work)
    paced.ask()
    vi.setSystemTime(Date.now() - 3_600_000)
    paced.ask()
    expect(work).toHaveBeenCalledTimes(2)
  })
})
