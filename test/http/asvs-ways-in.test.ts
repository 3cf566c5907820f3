import { expect, it } from 'vitest'
import ways from '../../docs/security/authentication.md?raw'
import { createApiToWalk, documentsOf } from '../support/openapi/walk.ts'

const documents = await documentsOf(createApiToWalk())

/** The names of the schemas that hold an access token, at whatever depth. */
function holdersOfTokens(schemas: Record<string, unknown>): string[] {
  const texts = Object.entries(schemas).map(([name, schema]) => [name, JSON.stringify(schema)] as const)
  const holds = (text: string, seen: readonly string[] = []): boolean =>
    text.includes('"accessToken"') ||
    texts.some(([name, inner]) => !seen.includes(name) && refersTo(text, name) && holds(inner, [...seen, name]))
  return texts.filter(([, text]) => holds(text)).map(([name]) => name)
}

const refersTo = (text: string, name: string) => text.includes(`"#/components/schemas/${name}"`)

it('every route that hands out a session stands among the documented ways in', () => {
  for (const { info, paths, components } of documents) {
    const holders = holdersOfTokens(components.schemas)
    const found = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, { responses }]) => {
        const answers = JSON.stringify(responses)
        const gives = answers.includes('"accessToken"') || holders.some((name) => refersTo(answers, name))
        return gives ? [`${method.toUpperCase()} ${path}`] : []
      }),
    )
    // All of them are of the first version.
    expect(found.length > 2).toBe(info.version === '1.0')
    expect(found.filter((route) => !ways.includes(`\`${route}\``))).toEqual([])
  }
})
