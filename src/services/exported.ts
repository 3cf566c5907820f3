/**
 * A service of this Worker, by the name under which src/index.ts exports it: in a Worker of its own it would be a
 * binding. Loaded when it is called, as scripts that print what the API is have no such module.
 */
export async function exportedService<Service>(name: string): Promise<Service> {
  const { exports } = await import('cloudflare:workers')
  const service = (exports as unknown as Record<string, Service | undefined>)[name]
  if (service === undefined) throw new Error(`src/index.ts exports no ${name}`)
  return service
}
