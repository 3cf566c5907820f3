import { createClient } from '../client/index.ts'
import { askForProof } from './step-up/proof-question.ts'

/**
 * The page's one way to the API. The refresh token stays in its HttpOnly cookie, out of reach of scripts. What the server
 * refuses until it is shown anew who is there opens a dialog, and is done after it.
 */
export const client = createClient({ baseUrl: location.origin, session: 'cookie', onStepUp: askForProof })
