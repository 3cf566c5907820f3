import * as z from 'zod'
import { findExamples, placeExamples } from './field-examples.ts'

export type Json = Record<string, unknown>

/** JSON Schema 2020-12, as OpenAPI 3.1 has it. */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override: ({ jsonSchema: node, zodSchema }) => {
      // zod's own pattern for a time is a monster beside `format`, and its bounds of an integer say nothing.
      if (node.format === 'date-time' || node.format === 'uuid') delete node.pattern
      if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum
      if (node.minimum === Number.MIN_SAFE_INTEGER) delete node.minimum
      // Several patterns are one part each: without its type, programs that make clients take a part for anything.
      if (node.type === 'string') for (const part of node.allOf ?? []) part.type = 'string'
      findExamples(node as Json, zodSchema)
    },
  })
  return placeExamples(rest) as Json
}

/** Moves the `$defs` of one schema to the document's components. */
export function lift(schema: Json, components: Json): Json {
  const { $defs = {}, ...root } = JSON.parse(
    JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'),
  ) as Json & { $defs?: Json }
  Object.assign(components, $defs)
  return root
}
