import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** A module of the Worker, named at run time: its types are those of workerd, which tests in Node do not have. */
export async function importSource<T>(file: string): Promise<T> {
  return (await import(/* @vite-ignore */ pathToFileURL(resolve(file)).href)) as T
}
