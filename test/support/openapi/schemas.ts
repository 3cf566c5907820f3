import { Validator } from '@cfworker/json-schema'
import type { OpenApi, Schema } from './document.ts'

export interface Problem {
  /** Dotted, as `errors[].field` names it; `(all)` for the whole value. */
  field: string
  what: string
}

/** The document's schemas, followed and applied. */
export interface Schemas {
  /** The schema itself where it is a reference to one. */
  resolve(schema: Schema): Schema
  /** Everything in a value that its schema does not allow. */
  problems(schema: Schema, value: unknown): Problem[]
}

export function schemasOf(document: OpenApi): Schemas {
  const validators = new WeakMap<Schema, Validator>()
  const validatorOf = (schema: Schema): Validator => {
    const known = validators.get(schema)
    if (known) return known
    // The components come along, so that references are found.
    const made = new Validator({ ...schema, components: document.components } as object, '2020-12', false)
    validators.set(schema, made)
    return made
  }
  const resolve = (schema: Schema): Schema => {
    if (schema.$ref === undefined) return schema
    const found = document.components.schemas[schema.$ref.replace('#/components/schemas/', '')]
    if (!found) throw new Error(`The document has no ${schema.$ref}`)
    const { $ref: _, ...beside } = schema
    return resolve({ ...found, ...beside })
  }
  return {
    resolve,
    problems: (schema, value) =>
      validatorOf(schema)
        .validate(value)
        .errors.map(({ instanceLocation, keyword, error }) => ({
          field: fieldOf(instanceLocation),
          what: `${keyword}: ${error}`,
        })),
  }
}

function fieldOf(location: string): string {
  const path = location
    .split('/')
    .slice(1)
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
  return path.length === 0 ? '(all)' : path.join('.')
}
