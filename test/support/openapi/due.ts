import type { Call } from './calls.ts'

/** What is due for a call that was spoiled on purpose. */
export type Due =
  /** As for a call that the document allows. */
  | { kind: 'acceptance' }
  /** 400, naming one of these. */
  | { kind: 'naming'; fields: string[] }
  | { kind: 'refusal'; status: number; code: string }
  /** Nothing is said of it: any answer that is promised, and none that fails. */
  | { kind: 'survival' }

export interface Mutation {
  call: Call
  due: Due
}

/** To make a mutation and to judge it costs more than to know that there is one. */
export type Maker = () => Mutation

export function made(call: Call, due: Due): Maker {
  return () => ({ call, due })
}
