import { ApiError } from '../../../client/index.ts'

export interface ClosedDoor {
  kind: 'banned' | 'expired' | 'full' | 'missing'
  title: string
  text: string
}

/** Why a room does not open, in words; null where it is no matter of the room, such as a lost connection. */
export function doorOf(problem: unknown, hasCode: boolean): ClosedDoor | null {
  if (!(problem instanceof ApiError)) return null
  const { status, message } = problem
  if (status === 403 && /\bbanned\b/i.test(message)) {
    return {
      kind: 'banned',
      title: 'You are banned from this group',
      text: 'Only its owners and moderators can change that.',
    }
  }
  if (status === 403 || (status === 400 && hasCode)) {
    return {
      kind: 'expired',
      title: 'This invitation is not valid any more',
      text: 'It has expired, was used up, was taken back, or is for somebody else. Ask for a new one.',
    }
  }
  if (status === 409) {
    return { kind: 'full', title: 'This group is full', text: 'It takes no more members at the moment.' }
  }
  if (status === 404 || status === 400) {
    return {
      kind: 'missing',
      title: 'There is nothing to join here',
      text: 'The group does not exist any more, or one has to be invited to it.',
    }
  }
  return null
}
