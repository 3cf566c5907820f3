import * as z from 'zod'

export const SocketTicket = z
  .object({ ticket: z.string(), /** Seconds. */ expiresIn: z.int() })
  .meta({ id: 'SocketTicket' })

/** What every socket's route takes; without a ticket a bearer token stands in the header. */
export const SocketQuery = z.object({ ticket: z.string().max(2_000).optional() })
