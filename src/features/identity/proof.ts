import type { CommitOptions, Step } from '../../platform/db/commit.ts'
import type { ProofMethod } from '../../platform/errors.ts'

/** That somebody is who they say, found good: what it uses up goes into the batch of what it is for. */
export interface Proof {
  by: Exclude<ProofMethod, 'sign-in'>
  steps: readonly Step[]
  /** What a failed guard of the steps means: another request used it up meanwhile. */
  refusals: NonNullable<CommitOptions['refusals']>
}
