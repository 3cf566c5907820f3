import * as z from 'zod'

/** The id of something, as a client names it: in any case (RFC 9562, section 4), and kept in small letters. Answers say `z.uuid()`. */
export const Id = z.uuid().toLowerCase()
