import { deviceOf } from '../../../platform/device.ts'

/** `Firefox on Windows`, or undefined where a user agent says nothing that may stand in a mail. */
export function deviceWords(userAgent: string | null): string | undefined {
  if (!userAgent) return undefined
  const { name } = deviceOf(userAgent)
  // What is not known is taken out of the text, which is whatever a client has sent.
  return /^[\w ()-]{1,60}$/.test(name) ? name : undefined
}
