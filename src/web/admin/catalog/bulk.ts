import { lineOf } from '../../components/problem-words.ts'

/** What came of one of them. */
export interface Outcome {
  id: string
  name: string
  /** Null where it is done. */
  problem: string | null
}

interface Thing {
  id: string
  name: string
}

/**
 * Does it to one after the other, so that what fails of one leaves the others alone, and tells after each.
 * @param act rejects with an `ApiError`
 */
export async function runBulk(
  things: readonly Thing[],
  act: (id: string) => Promise<unknown>,
  { signal, onOutcome }: { signal: AbortSignal; onOutcome: (outcomes: readonly Outcome[]) => void },
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  for (const { id, name } of things) {
    if (signal.aborted) break
    const problem = await act(id).then(
      () => null,
      (error: unknown) => lineOf(error),
    )
    outcomes.push({ id, name, problem })
    onOutcome([...outcomes])
  }
  return outcomes
}
