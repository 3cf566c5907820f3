import { attempt, type Shelf } from './shelf.ts'

/** Offered where nothing was used yet, and after what was. */
const QUICK_EMOJI = ['👍', '❤️', '😂', '🎉', '🙏', '👀']

export const EMOJI_GROUPS: { title: string; emoji: string[] }[] = [
  {
    title: 'Faces',
    emoji: ['😀', '😄', '😂', '🤣', '😊', '😍', '😎', '🤔', '😮', '😢', '😭', '😡', '😴', '🤯', '🥳', '🫡', '😅', '🙃'],
  },
  {
    title: 'Hands',
    emoji: ['👍', '👎', '👏', '🙌', '🙏', '💪', '👋', '🤝', '✌️', '🤞', '👌', '🫶'],
  },
  {
    title: 'Things',
    emoji: ['❤️', '💙', '💔', '🔥', '✨', '🎉', '🚀', '⭐', '✅', '❌', '❓', '❗', '👀', '💡', '🧵', '🪡', '☕', '🍰'],
  },
]

const KEY = 'selvage:emoji:'
const MOST = 6

/** What this person has reacted with lately, newest first, filled up with what most people use. */
export function recentEmoji(shelf: Shelf, userId: string): string[] {
  return [...new Set([...read(shelf, userId), ...QUICK_EMOJI])].slice(0, MOST)
}

export function rememberEmoji(shelf: Shelf, userId: string, emoji: string): void {
  const recent = [...new Set([emoji, ...read(shelf, userId)])].slice(0, MOST)
  attempt(() => shelf.setItem(KEY + userId, JSON.stringify(recent)))
}

function read(shelf: Shelf, userId: string): string[] {
  try {
    const kept: unknown = JSON.parse(shelf.getItem(KEY + userId) ?? '[]')
    return Array.isArray(kept) ? kept.filter((it) => typeof it === 'string') : []
  } catch {
    return []
  }
}
