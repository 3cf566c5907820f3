import { describe, expect, it } from 'vitest'
import { SELVAGE, SOCKET_IO } from '../bench/load/chat-protocols.ts'
import { Delays } from '../bench/load/delays.ts'
import { Hearing } from '../bench/load/hearing.ts'

const line = (number: number) => `{"event":"message:new","seq":${number},"data":{"content":"#${number} hello"}}`

function tell(hearing: Hearing, frames: string[][]) {
  for (const [place, heard] of frames.entries()) for (const frame of heard) hearing.hear(place, frame)
  return hearing.untilWhole()
}

describe('what the benchmark takes for heard', () => {
  it('is each message once by each client, whether frames hold one or several', async () => {
    const complete: number[] = []
    const hearing = new Hearing({ messages: 3, clients: 2, onComplete: (place) => complete.push(place) })
    for (const number of [0, 1, 2]) hearing.say(number)
    await tell(hearing, [[line(0), line(1), line(2)], [[line(0), line(1), line(2)].join('\n')]])
    expect(complete).toEqual([0, 1])
  })

  it('is no acknowledgement, which tells only who has sent', () => {
    const hearing = new Hearing({ messages: 1, clients: 1 })
    expect(hearing.hear(0, '{"id":0,"event":"ack","data":{"success":true,"message":{"content":"#0 hello"}}}')).toBe(
      false,
    )
  })

  it('fails where a client heard a message twice', async () => {
    const hearing = new Hearing({ messages: 2, clients: 1 })
    await expect(tell(hearing, [[line(0), line(0), line(1)]])).rejects.toThrow('1 deliveries came twice')
  })

  it('fails where two clients heard them in another order', async () => {
    const hearing = new Hearing({ messages: 2, clients: 2 })
    const heard = tell(hearing, [
      [line(0), line(1)],
      [line(1), line(0)],
    ])
    await expect(heard).rejects.toThrow('one order')
  })
})

describe('where a client of the benchmark comes back', () => {
  it('is after the newest message of the last frame, or where the greeting stood', () => {
    const visitor = { room: 'r', token: 't' }
    const comesBackTo = (lastFrame: string) => SELVAGE.url('http://h', { ...visitor, lastFrame }, true)
    expect(comesBackTo([line(7), line(8)].join('\n'))).toBe('ws://h/v1/chat/rooms/r/ws?since=8')
    expect(comesBackTo('{"event":"room:ready","data":{"roomId":"r","seq":5,"online":null}}')).toMatch(/since=5$/)
  })

  it('is told to socket.io with its id and the last offset, and it must be known there still', () => {
    const said: string[] = []
    const socket = { send: (text: string) => said.push(text) } as unknown as Parameters<typeof SOCKET_IO.greet>[0]
    const visitor = { room: 'r', token: 't', pid: 'p', lastFrame: '42["message:new",{"content":"#1"},"OFF.1"]' }
    SOCKET_IO.greet(socket, '0{"sid":"x"}', visitor, true)
    expect(said).toEqual(['40{"room":"r","token":"t","pid":"p","offset":"OFF.1"}'])
    expect(() => SOCKET_IO.greet(socket, '40{"sid":"y","pid":"other"}', visitor, true)).toThrow('not recovered')
  })
})

describe('delays', () => {
  it('answers the whole milliseconds within which a share of them lies', () => {
    const delays = new Delays()
    for (let ms = 0; ms < 100; ms += 1) delays.add(ms + 0.5)
    expect([delays.at(0.5), delays.at(0.99), delays.at(1)]).toEqual([50, 99, 100])
  })
})
