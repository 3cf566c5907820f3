import { Refusal } from '../errors.ts'

const RETRY_AFTER_SECONDS = 60

/** Somebody as a provider knows them. Only `subject` never changes and is nobody else's. */
export interface OutsidePerson {
  subject: string
  /** Lower case; null where the provider tells none, or none that it knows to be theirs. */
  verifiedEmail: string | null
  firstName: string
  lastName: string
}

/** What holds the two halves of one sign-in together. Its secrets never leave us but as hashes. */
export interface SignInAttempt {
  state: string
  nonce: string
  /** Of PKCE. */
  verifier: string
  redirectUri: string
}

/** One by which people may sign in: OAuth 2.1 with PKCE, whatever it is called. */
export interface OutsideProvider {
  readonly id: string
  /** As people know it. */
  readonly name: string
  readonly kind: 'google' | 'github' | 'oidc'
  /** Where the browser is sent. @throws Outage where the provider cannot be asked how to be asked */
  authorizationUrl(attempt: SignInAttempt): Promise<URL>
  /**
   * Who has come back, by what the provider has put into the address.
   * @throws ProviderRefused where that is worth nothing, Outage where the provider does not answer
   */
  redeem(parameters: URLSearchParams, attempt: SignInAttempt): Promise<OutsidePerson>
}

/** What came back from a provider is not good; why is for the log. */
export class ProviderRefused extends Error {
  override readonly name = 'ProviderRefused'
}

/** The provider, or how it is set up, is to blame: trying again later may help, another way to sign in does. */
export function providerUnavailable(reason: string): Refusal {
  return new Refusal('UNAVAILABLE', 'This way to sign in does not work at the moment', {
    ...{ reason, retryAfterSeconds: RETRY_AFTER_SECONDS },
  })
}
