import type { Call } from '../call.ts'
import { type CallSettings, dataOf } from './shared.ts'

/** Work that goes on after its answer: the ids are those of the operations that begin it. */
export function longWorkCalls(call: Call) {
  return {
    get: (id: string, settings?: CallSettings) =>
      dataOf(call('GET', '/v1/operations/{id}', { params: { id }, ...settings })),
    /** What was done stays done. */
    cancel: (id: string, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/operations/{id}/cancel', { params: { id }, ...settings })),
  }
}
