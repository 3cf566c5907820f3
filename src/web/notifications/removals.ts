import type { Notification } from '../../client/index.ts'

/** How long a removal can be undone. */
export const UNDO_MS = 6_000

interface Effects {
  hide(item: Notification): void
  show(item: Notification): void
  /** Never rejects. */
  remove(id: string): Promise<void>
}

interface Removal {
  item: Notification
  timer: ReturnType<typeof setTimeout>
}

/** What was taken away here and is not gone yet. The server has no way to bring one back, so it is asked late. */
export function createRemovals({ hide, show, remove }: Effects) {
  const waiting = new Map<string, Removal>()
  /** Gone for good: a page that was on its way may still hold it. */
  const gone = new Map<string, number>()

  const take = (id: string): Removal | undefined => {
    const removal = waiting.get(id)
    waiting.delete(id)
    clearTimeout(removal?.timer)
    return removal
  }
  const finish = async (id: string) => {
    const removal = take(id)
    if (!removal) return
    gone.set(id, removal.item.version)
    await remove(id)
  }
  return {
    /** A newer version than the one that was removed is shown again. */
    hides: ({ id, version }: Notification): boolean => (waiting.get(id)?.item.version ?? gone.get(id) ?? 0) >= version,
    unreadCount: (): number => [...waiting.values()].filter(({ item }) => !item.read).length,
    /** Returns the way to undo it. */
    add(item: Notification): () => void {
      const timer = setTimeout(() => void finish(item.id), UNDO_MS)
      waiting.set(item.id, { item, timer })
      hide(item)
      return () => {
        const removal = take(item.id)
        if (removal) show(removal.item)
      }
    },
    /** It has happened again: there is nothing to remove. */
    forget(id: string): void {
      take(id)
    },
    async flush(): Promise<void> {
      await Promise.all([...waiting.keys()].map(finish))
    },
  }
}
