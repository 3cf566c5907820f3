const ENDED: ReadonlySet<string> = new Set(['errored', 'terminated', 'complete'])

/** Begins the instance of this id, unless there is one. */
export async function beginInstance<P>(workflow: Workflow<P>, id: string, params: P): Promise<void> {
  // Of many at once it makes one, and says nothing of the others.
  await workflow.createBatch([{ id, params }])
}

/** Sees to it that the instance of this id is at work: begins it where there is none, or again where it has ended. */
export async function resumeInstance<P>(workflow: Workflow<P>, id: string, params: P): Promise<void> {
  await beginInstance(workflow, id, params)
  const instance = await workflow.get(id)
  const { status } = await instance.status()
  if (ENDED.has(status)) await instance.restart()
}
