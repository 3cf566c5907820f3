import { describe, expect, it, vi } from 'vitest'
import { lossOf, signOut } from '../../src/web/account/way-out.ts'

describe('the way out', () => {
  it('says how many messages it would lose, and nothing where there are none', () => {
    expect([0, 1, 3].map(lossOf)).toEqual([
      null,
      'One message was not sent yet. It is lost if you sign out now.',
      '3 messages were not sent yet. They are lost if you sign out now.',
    ])
  })

  it('is taken when the other tabs know and what was removed is gone, and taken back where it fails', async () => {
    const done: string[] = []
    const logout = vi.fn(async () => void done.push('logout'))
    const logoutEverywhere = vi.fn(async () => void done.push('everywhere'))
    const leaver = {
      client: { auth: { logout, logoutEverywhere } },
      inbox: {
        flush: async () => {
          await Promise.resolve()
          done.push('flushed')
        },
      },
      setLeaving: (isLeaving: boolean) => void done.push(isLeaving ? 'leaving' : 'staying'),
    }
    await signOut(leaver, 'here')
    await signOut(leaver, 'everywhere')
    expect(done.splice(0)).toEqual(['leaving', 'flushed', 'logout', 'leaving', 'flushed', 'everywhere'])
    logout.mockRejectedValueOnce(new Error('offline'))
    await expect(signOut(leaver, 'here')).rejects.toThrow('offline')
    expect(done).toEqual(['leaving', 'flushed', 'staying'])
  })
})
