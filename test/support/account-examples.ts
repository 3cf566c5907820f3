import type { Example, World } from './examples.ts'
import { makePerson } from './people.ts'

export const ACCOUNT_EXAMPLES: Record<string, (world: World) => Example | Promise<Example>> = {
  // Somebody of their own, whoever asks: an account goes once.
  'DELETE /v1/auth/me': async ({ api }) => {
    const { accessToken } = await makePerson(api.isolate)
    return { path: '/v1/auth/me', headers: { authorization: `Bearer ${accessToken}` } }
  },
}
