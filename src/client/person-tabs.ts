import type { SessionMode } from './session.ts'
import { aloneTab, type Channel, joinTabs, type Tabs } from './tabs.ts'
import { tell } from './tell.ts'

interface Note {
  userId: string
  topic: string
  data: unknown
}

/** Nobody hears what another person's tabs say: who signs in as somebody else in one tab does so in all, but not at once. */
export function personTabs(mode: SessionMode, userId: () => string | undefined): Tabs & { close(): void } {
  const listeners = new Map<string, Set<(data: unknown) => void>>()
  const hear = ({ userId: of, topic, data }: Note) => {
    if (of !== userId()) return
    for (const listener of [...(listeners.get(topic) ?? [])]) tell(() => listener(data))
  }
  const channel: Channel<Note> = mode === 'cookie' ? joinTabs('selvage-tabs', hear) : aloneTab()
  return {
    tell: (topic, data) => {
      const of = userId()
      if (of !== undefined) channel.tell({ userId: of, topic, data })
    },
    listen: (topic, listener) => {
      const known = listeners.get(topic) ?? new Set()
      listeners.set(topic, known.add(listener))
      return () => known.delete(listener)
    },
    close: () => channel.close(),
  }
}
