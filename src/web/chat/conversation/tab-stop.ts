import { createContext } from 'preact'
import { useContext } from 'preact/hooks'

/** Whether a message is the one that Tab stops at: only there does Tab go on into what it holds. */
export const TabStop = createContext(true)

export const useInnerTabIndex = (): number | undefined => (useContext(TabStop) ? undefined : -1)
