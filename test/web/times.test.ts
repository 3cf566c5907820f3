import { describe, expect, it } from 'vitest'
import { clockTime, endTime } from '../../src/web/times.ts'

describe('times', () => {
  it('say the day of an end too where it is not today, be it ahead or past', () => {
    const now = new Date(2026, 4, 4, 14, 5)
    const at = (day: number, hour: number) => new Date(2026, 4, day, hour, 5)
    const text = (date: Date) => endTime(date.toISOString(), now)
    const clock = (date: Date) => clockTime(date.toISOString())
    expect(text(at(4, 23))).toBe(clock(at(4, 23)))
    for (const other of [at(5, 0), at(5, 14), at(3, 14)])
      expect(text(other)).toBe(`${clock(other)}, ${other.toLocaleDateString()}`)
  })
})
