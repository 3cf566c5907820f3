import { createMiddleware } from 'hono/factory'
import { Refusal } from '../../platform/errors.ts'
import type { AppEnv } from '../app-env.ts'

/** A client gets an answer within this time, whatever hangs. An upgraded socket is no longer a request. */
export function keepDeadline(milliseconds: number) {
  return createMiddleware<AppEnv>(async function keepHandlerDeadline(_c, next) {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new Refusal('DEADLINE_EXCEEDED', 'This took too long. It may still have happened.')),
        milliseconds,
      )
    })
    try {
      await Promise.race([next(), late])
    } finally {
      if (timer !== undefined) clearTimeout(timer)
    }
  })
}
