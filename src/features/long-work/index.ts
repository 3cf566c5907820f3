/** What features use that have long work to do, and the composition. */
export { beginOperation } from './begin-operation.ts'
export { anyKind, type OperationKind } from './operation-kind.ts'
export { pruneOperations } from './prune-operations.ts'
export { runPage } from './run-page.ts'
export { ASK_AGAIN_SECONDS, type ShownOperation } from './view-operation.ts'
