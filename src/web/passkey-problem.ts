/** Whoever was asked for a passkey has said no, or took too long: nothing that need be told as a failure. */
export class PasskeyDeclined extends Error {
  override readonly name = 'PasskeyDeclined'
}

/** The device cannot do it; the message is for the person who sits there. */
export class PasskeyFailed extends Error {
  override readonly name = 'PasskeyFailed'
}

/** What a person is told of a passkey that did not come about: nothing where they themselves said no. */
export function passkeyProblem(words: string, problem: unknown): string | null {
  if (problem instanceof PasskeyDeclined) return null
  return problem instanceof PasskeyFailed ? problem.message : words
}
