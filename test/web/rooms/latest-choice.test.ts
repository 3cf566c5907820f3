import { describe, expect, it, vi } from 'vitest'
import { createLatestChoice } from '../../../src/web/chat/rooms/latest-choice.ts'

describe('the latest choice', () => {
  const open = () => {
    const shown: string[] = []
    const onProblem = vi.fn()
    const answers: PromiseWithResolvers<string>[] = []
    const store = vi.fn((_value: string) => {
      const answer = Promise.withResolvers<string>()
      answers.push(answer)
      return answer.promise
    })
    const choose = createLatestChoice<string>({ show: (value) => shown.push(value), store, onProblem })
    return { shown, onProblem, answers, store, choose }
  }

  it('is stored after the one that is under way, and what it has overtaken is not', async () => {
    const { shown, answers, store, choose } = open()
    const done = choose('mentions', 'all')
    void choose('all', 'mentions')
    void choose('none', 'all')
    expect(store.mock.calls).toEqual([['mentions']])
    answers[0]?.resolve('mentions')
    await vi.waitFor(() => expect(store.mock.calls).toEqual([['mentions'], ['none']]))
    // The answer to the first does not show through.
    expect(shown).toEqual(['mentions', 'all', 'none'])
    answers[1]?.resolve('none')
    await done
    expect(shown.at(-1)).toBe('none')
  })

  it('is taken back to what is stored where it is refused, and the next one is free', async () => {
    const { shown, onProblem, answers, store, choose } = open()
    const done = choose('mentions', 'all')
    void choose('none', 'mentions')
    answers[0]?.resolve('mentions')
    await vi.waitFor(() => expect(store).toHaveBeenCalledTimes(2))
    answers[1]?.reject(new Error('refused'))
    await done
    expect([shown.at(-1), onProblem.mock.calls.length]).toEqual(['mentions', 1])
    void choose('none', 'mentions')
    expect(store).toHaveBeenCalledTimes(3)
  })
})
