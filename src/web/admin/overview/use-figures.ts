import { useEffect, useState } from 'preact/hooks'
import type { LiveFigures } from '../../../client/index.ts'
import { type Loaded, useLoad } from '../../components/use-load.ts'
import { useWorkspace } from '../../workspace.ts'

const EVERY_MS = 15_000

export interface WatchedFigures extends Loaded<LiveFigures> {
  /** When they came; null before. */
  cameAt: Date | null
}

/** The figures of the last so many minutes, asked for again every 15 seconds while the page is seen and not paused. */
export function useFigures(minutes: number, isPaused: boolean): WatchedFigures {
  const { client } = useWorkspace()
  const figures = useLoad((signal) => client.operations.figures({ minutes }, { signal }), [client, minutes])
  const [cameAt, setCameAt] = useState<Date | null>(null)
  const { status, reload } = figures

  useEffect(() => {
    if (status === 'ready') setCameAt(new Date())
  }, [figures.data])

  useEffect(() => {
    if (isPaused) return
    const look = () => document.hidden || reload()
    const timer = setInterval(look, EVERY_MS)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [isPaused, reload])
  return { ...figures, cameAt }
}
