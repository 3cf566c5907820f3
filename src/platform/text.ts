import { z } from 'zod'

/** One line that a person has written: trimmed, whole characters only, none that controls a terminal. */
export function lineOfText({ min, max }: { min: number; max: number }) {
  return z
    .string()
    .trim()
    .min(min, `Use at least ${min} character${min === 1 ? '' : 's'}`)
    .max(max, `Use at most ${max} characters`)
    .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), 'Use letters and usual punctuation')
}

/** A whole number in a query: digits, and nothing else that JavaScript would also take for one. */
export const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'Use digits')
  .transform(Number)
