/** An OpenAPI document, as far as joining looks into it. */
export interface ApiDocument {
  info: { title: string; version: string; description?: string }
  servers: Server[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: object; securitySchemes: object }
}

interface Operation {
  description?: string
  deprecated?: boolean
  parameters?: { name: string; in: string; required?: boolean }[]
  requestBody?: { content: Content }
  responses: Record<string, { content?: Content }>
  servers?: Server[]
}

interface Server {
  url: string
}

type Content = Record<string, { schema?: object }>

/** What one version has at a path and method. */
interface Offer {
  /** `/v1`, or `/` for what has no version. */
  server: string
  operation: Operation
}

/**
 * One document of several versions, the oldest first: paths without their version, and a server a version that one
 * chooses from. What not every version has names its own servers, and so is never asked of another. What several have
 * takes and answers what any of them does; all else is said as the newest says it.
 */
export function joinDocuments(documents: readonly ApiDocument[]): ApiDocument {
  const newest = documents.at(-1)
  if (!newest) throw new Error('There is no document to join')
  const offers = new Map<string, Map<string, Offer[]>>()
  for (const { paths } of documents) {
    for (const [path, item] of Object.entries(paths)) {
      const [, server = '/', rest = path] = /^(\/v\d+)(\/.*)$/.exec(path) ?? []
      const methods = offers.get(rest) ?? new Map<string, Offer[]>()
      offers.set(rest, methods)
      for (const [method, operation] of Object.entries(item)) {
        methods.set(method, [...(methods.get(method) ?? []), { server, operation }])
      }
    }
  }
  const servers = [...new Set([...offers.values()].flatMap((methods) => [...methods.values()].flat()))]
    .map(({ server }) => server)
    .filter((server, i, all) => server !== '/' && all.indexOf(server) === i)
    .toSorted()
  return {
    ...newest,
    info: { ...newest.info, title: 'Selvage' },
    servers: servers.map((url) => ({ url })),
    paths: Object.fromEntries(
      [...offers].map(([path, methods]) => [
        path,
        Object.fromEntries([...methods].map(([method, found]) => [method, joinOffers(found, servers)])),
      ]),
    ),
    components: {
      ...newest.components,
      // The same name is the same schema in all of them: one program prints them.
      schemas: Object.assign({}, ...documents.map(({ components }) => components.schemas)),
      securitySchemes: Object.assign({}, ...documents.map(({ components }) => components.securitySchemes)),
    },
  }
}

function joinOffers(offers: readonly Offer[], servers: readonly string[]): Operation {
  const operations = offers.map(({ operation }) => operation)
  const newest = operations.at(-1)
  if (!newest) throw new Error('There is no operation to join')
  const isEverywhere = servers.every((url) => offers.some(({ server }) => server === url))
  const own = isEverywhere ? {} : { servers: offers.map(({ server }) => ({ url: server })) }
  if (operations.length === 1) return { ...newest, ...own }
  const statuses = [...new Set(operations.flatMap(({ responses }) => Object.keys(responses)))]
  const versions = offers.map(({ server }) => server).join(' and ')
  const note = `At ${versions}, each in its own shape: choose the server. The page of a version says exactly what it takes.`
  return {
    ...newest,
    ...own,
    description: [newest.description, note].filter(Boolean).join(' '),
    deprecated: operations.every(({ deprecated }) => deprecated === true),
    ...joinedParameters(operations),
    ...(newest.requestBody && {
      requestBody: { ...newest.requestBody, content: joinedContent(operations.map(({ requestBody }) => requestBody)) },
    }),
    responses: Object.fromEntries(
      statuses.map((status) => {
        const answers = operations.flatMap(({ responses }) => responses[status] ?? [])
        const content = joinedContent(answers)
        return [status, { ...answers.at(-1), ...(Object.keys(content).length > 0 && { content }) }]
      }),
    ),
  }
}

/** Whoever asks an older version may leave out what only the newest demands. */
function joinedParameters(operations: readonly Operation[]): Pick<Operation, 'parameters'> {
  const all = operations.flatMap(({ parameters = [] }) => parameters)
  const byName = new Map(all.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter]))
  const parameters = [...byName].map(([key, parameter]) => {
    const same = all.filter((one) => `${one.in} ${one.name}` === key)
    const isDemanded = same.length === operations.length && same.every(({ required }) => required)
    return { ...parameter, required: isDemanded }
  })
  return parameters.length > 0 ? { parameters } : {}
}

/** Each media type with the schemas that anybody has for it. */
function joinedContent(parts: readonly ({ content?: Content } | undefined)[]): Content {
  const contents = parts.flatMap((part): Content[] => (part?.content ? [part.content] : []))
  const types = [...new Set(contents.flatMap((content) => Object.keys(content)))]
  return Object.fromEntries(
    types.map((type) => {
      const schemas = contents.flatMap((content) => content[type]?.schema ?? [])
      const different = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()]
      return [type, { schema: different.length === 1 ? different[0] : { anyOf: different } }]
    }),
  )
}
