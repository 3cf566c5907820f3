import { initialsOf } from '../names.ts'

const SWATCHES = 6

interface AvatarProps {
  /** Whose it is: the same id always has the same cloth. */
  id: string
  name: string
  small?: boolean
}

export function Avatar({ id, name, small }: AvatarProps) {
  const classes = `avatar avatar-${swatchOf(id)} ${small ? 'avatar-small' : ''}`
  return <span class={classes} data-initials={initialsOf(name)} aria-hidden="true" />
}

/** Of the dyed swatches: the same id always has the same. */
export function swatchOf(id: string): number {
  let sum = 0
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973
  return sum % SWATCHES
}
