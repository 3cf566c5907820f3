import { createClient } from '../client/index.ts'

/** The page's one way to the API. The refresh token stays in its HttpOnly cookie, out of reach of scripts. */
export const client = createClient({ baseUrl: location.origin, session: 'cookie' })
