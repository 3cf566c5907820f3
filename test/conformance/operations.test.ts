import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operationsOf } from '../support/openapi/document.ts'
import { type Kind, MUTATION_KINDS } from '../support/openapi/mutations.ts'
import { createApiToWalk, documentsOf, isWanted, PATIENCE_MS, Walk } from '../support/openapi/walk.ts'

const api = createApiToWalk()
const documents = await documentsOf(api)

/** What becomes of a call that is spoiled in this way: `refuse …`. */
const SENTENCES: Record<Kind, string> = {
  'a field of another type': 'a field of another type with 400, and name it (R1.13, R2.16)',
  'a field that is missing': 'a body without a field that it must have with 400, and name it',
  'a field that nobody knows': 'a field that they do not know with 400, and name it, whatever it is called (R1.13)',
  'a field out of its bounds': 'a field beyond its bounds with 400, and name it',
  'a field of another form': 'a field of another form with 400, and name it',
  'a field with a hostile text': 'hostile texts where they are out of form, and take them for texts where they are not',
  'a body that is no JSON': 'a body that is no JSON with 400, however deep it is',
  'a body of another media type': 'a body of another media type with 415',
  'a body of too many bytes': 'a body of one byte too many with 413, and none of one less',
  'a body that nobody asked for': 'nothing for a body that nobody asked for',
  'a parameter out of its bounds or form':
    'a parameter beyond its bounds or of another form with 400, and name it (R1.13)',
  'a parameter that is missing': 'a call without a parameter that it must have with 400, and name it',
  'a parameter that comes twice': 'a parameter that comes twice with 400, and name it',
  'parameters that nobody knows': 'nothing for parameters that nobody knows',
}

const cases = documents
  .map((document) => {
    const all = operationsOf(document)
    const operations = all.filter(isWanted)
    return { document, title: document.info.version, operations, isWhole: operations.length === all.length }
  })
  .filter(({ operations }) => operations.length > 0)

describe.each(cases)('the operations of version $title', ({ document, operations, isWhole }) => {
  let walk: Walk

  beforeAll(async () => {
    walk = await Walk.begin(api, document)
    await walk.warmUp()
  }, 3 * PATIENCE_MS)
  afterAll(() => walk.end())

  it.each(operations)(
    '$name takes what the document allows, and answers what it promises',
    {
      timeout: PATIENCE_MS,
    },
    async (operation) => {
      await walk.callValid(operation)
    },
  )

  it.each(MUTATION_KINDS.map((kind) => ({ kind, sentence: SENTENCES[kind] })))(
    'refuse $sentence',
    {
      timeout: operations.length * PATIENCE_MS,
    },
    async ({ kind }) => {
      let sent = 0
      for (const operation of operations) sent += await walk.callSpoiled(operation, kind)
      if (isWhole) expect(sent).toBeGreaterThan(0)
    },
  )

  it.runIf(isWhole)(
    'are for the greater part done at least once and not only refused, as the generator speaks of things that it has seen',
    () => {
      const missing = operations.filter(({ name }) => !walk.done.has(name)).map(({ name }) => name)
      expect(missing.length, `never done: ${missing.join(', ')}`).toBeLessThan(operations.length / 2)
    },
  )
})
