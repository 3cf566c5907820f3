import { expect, it } from 'vitest'
import * as z from 'zod'
import { jsonSchema } from '../../src/http/openapi/schema.ts'

it('each field has the example of its own name, also where two are of one schema (R1.12)', () => {
  const Name = z.string().min(2).optional()
  const person = z.object({ firstName: Name, lastName: Name, inner: z.object({ lastName: Name }).optional() })
  for (const schema of [person, person.partial(), person.extend({ lastName: Name.nullable() })]) {
    const { firstName, lastName, inner } = jsonSchema(schema, 'input').properties as Record<string, object>
    expect(firstName).toMatchObject({ examples: ['Ada'] })
    expect(lastName).toMatchObject({ examples: ['Lovelace'] })
    expect(inner).toMatchObject({ properties: { lastName: { examples: ['Lovelace'] } } })
    expect(JSON.stringify(jsonSchema(schema, 'input'))).not.toContain('x-field')
  }
})
