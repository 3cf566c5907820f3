import { ApiError } from '../api-error.ts'
import type { CallSettings } from '../call.ts'
import type { Answer } from '../http.ts'

export type { CallSettings }

export interface PageRequest {
  cursor?: string | null | undefined
  /** At most 100; what the server takes without it differs by list. */
  limit?: number | undefined
}

export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

export async function dataOf<T>(answer: Promise<Answer<T>>): Promise<T> {
  return (await answer).data
}

export async function pageOf<T>(answer: Promise<Answer<T[], { nextCursor: string | null }>>): Promise<Page<T>> {
  const { data, meta } = await answer
  return { items: data, nextCursor: meta.nextCursor }
}

/** Of a short list, which the API gives as a whole: so it is shown by what shows pages. */
export async function onePage<T>(answer: Promise<Answer<T[]>>): Promise<Page<T>> {
  return { items: (await answer).data, nextCursor: null }
}

/** Something as it was read, and the tag by which a change of it says so. */
export interface Versioned<T> {
  value: T
  etag: string
}

export async function versionedOf<T>(answer: Promise<Answer<T>>): Promise<Versioned<T>> {
  const { data, etag = '' } = await answer
  return { value: data, etag }
}

/** Where only that it is done is of interest. */
export async function done(answer: Promise<unknown>): Promise<void> {
  await answer
}

/** The same of what takes something away: gone after a lost answer is what was asked for. */
export async function removed(answer: Promise<unknown>): Promise<void> {
  try {
    await answer
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404 && error.mayBeDone)) throw error
  }
}
