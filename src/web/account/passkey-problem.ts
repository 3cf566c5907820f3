import { PasskeyDeclined, PasskeyFailed } from '../passkeys.ts'

/** What a person is told of a passkey that did not come about: nothing where they themselves said no. */
export function passkeyProblem(words: string, problem: unknown): string | null {
  if (problem instanceof PasskeyDeclined) return null
  return problem instanceof PasskeyFailed ? problem.message : words
}
