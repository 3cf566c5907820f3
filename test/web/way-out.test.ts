import { describe, expect, it } from 'vitest'
import { lossOf } from '../../src/web/account/way-out.ts'

describe('the way out', () => {
  it('says how many messages it would lose, and nothing where there are none', () => {
    expect([0, 1, 3].map(lossOf)).toEqual([
      null,
      'One message was not sent yet. It is lost if you sign out now.',
      '3 messages were not sent yet. They are lost if you sign out now.',
    ])
  })
})
