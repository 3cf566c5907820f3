import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { Subscribers } from '../../durable-objects/chat-room/subscribers.ts'
import { LEASE_MS } from '../../durable-objects/shared/lease.ts'
import { MeteredSql } from '../../durable-objects/shared/metered-sql.ts'
import { RoomLeases } from '../../durable-objects/user-socket/leases.ts'
import { HOUR_MS, MINUTE_MS } from '../../src/platform/clock.ts'
import { newId } from '../../src/platform/ids.ts'
import { recordingLog } from '../support/queues.ts'

const ROOMS = Array.from({ length: 15 }, () => newId()).map((roomId) => ({ roomId, objectName: roomId }))
const START = Date.now()

/** The leases of a person whose object does no work of its own. */
const inPersonsObject = (work: (leases: RoomLeases, sql: MeteredSql) => void) =>
  runInDurableObject(env.USER_SOCKET.getByName(newId()), (_user, { storage }) => {
    const sql = new MeteredSql(storage.sql)
    work(new RoomLeases(sql), sql)
  })

/** As `tendLeases` does it, with rooms that agree at once. */
function tend(leases: RoomLeases, now: number): number {
  if (leases.isListDue(now)) leases.addListed(ROOMS, now)
  const due = leases.due(now)
  for (const lease of due) {
    if (leases.isHere()) leases.keep(lease, now + LEASE_MS)
    else leases.forget(lease)
  }
  return due.length
}

describe('what leases write', () => {
  it('with the person is three rows a room from the first socket to the last, and none for an hour in between', () =>
    inPersonsObject((leases, sql) => {
      leases.look(true, START)
      expect(tend(leases, START)).toBe(15)
      expect(sql.total.rowsWritten).toBe(2 + 2 * 15)
      const before = sql.total.rowsWritten
      for (let now = START; now < START + HOUR_MS; now += 5 * MINUTE_MS) {
        leases.look(true, now)
        expect(tend(leases, now)).toBe(0)
      }
      expect(sql.total.rowsWritten).toBe(before)
      leases.look(false, START + HOUR_MS)
      leases.look(false, START + HOUR_MS + MINUTE_MS)
      expect(tend(leases, START + HOUR_MS + MINUTE_MS)).toBe(15)
      expect(sql.total.rowsWritten - before).toBe(2 + 15)
    }))

  it('with the person is a row a room in half an hour, however often it relays', () =>
    inPersonsObject((leases, sql) => {
      leases.look(true, START)
      tend(leases, START)
      const before = sql.total.rowsWritten
      const roomId = ROOMS[0]?.roomId ?? ''
      for (let now = START; now <= START + HOUR_MS + MINUTE_MS; now += MINUTE_MS) {
        const lease = leases.find(roomId)
        if (lease) leases.noteRelay(lease, 1, now)
      }
      expect(sql.total.rowsWritten - before).toBe(1)
      // Relays that reach nobody are noted once.
      for (let n = 0; n < 5; n += 1) {
        const lease = leases.find(roomId)
        if (lease) leases.noteRelay(lease, 0, START + HOUR_MS + MINUTE_MS)
      }
      expect(sql.total.rowsWritten - before).toBe(2)
    }))

  it('with the room is one row that comes and goes', () =>
    runInDurableObject(env.CHAT_ROOM.getByName(newId()), (_room, { storage }) => {
      const sql = new MeteredSql(storage.sql)
      const ports = { roomId: () => 'the room', callUser: () => Promise.reject(new Error('unused')) }
      const subscribers = new Subscribers(sql, { ...ports, clock: () => START, log: recordingLog() })
      subscribers.subscribe({ userId: 'user', username: 'User', until: START + LEASE_MS })
      expect(sql.total.rowsWritten).toBe(1)
      subscribers.unsubscribe('user')
      expect(sql.total.rowsWritten).toBe(2)
    }))
})

describe('an object that slept since its tables had rows of their own', () => {
  it('keeps its leases, tickets and watches', async () => {
    const stub = env.USER_SOCKET.getByName(newId())
    await runInDurableObject(stub, (_user, { storage }) => {
      storage.sql.exec(`
        drop table leases; drop table tickets; drop table watches;
        create table leases (room_id text primary key, object_name text not null, leased_until integer not null,
          due_at integer not null, failures integer not null default 0);
        create index leases_by_due on leases (due_at);
        create table tickets (id text primary key, expires_at integer not null);
        create table watches (session_id text not null, object_name text not null, until integer not null,
          primary key (session_id, object_name));
        create index watches_by_time on watches (until);
        insert into leases values ('room', 'object', 1, 2, 3);
        insert into tickets values ('ticket', 4);
        insert into watches values ('session', 'room', 5);
      `)
      storage.kv.put('schema-version', 3)
    })
    await evictDurableObject(stub)
    const rows = await runInDurableObject(stub, (_user, { storage }) =>
      ['leases', 'tickets', 'watches'].map((table) => storage.sql.exec(`select * from ${table}`).toArray()),
    )
    expect(rows).toEqual([
      [{ room_id: 'room', object_name: 'object', leased_until: 1, due_at: 2, failures: 3 }],
      [{ id: 'ticket', expires_at: 4 }],
      [{ session_id: 'session', object_name: 'room', until: 5 }],
    ])
  })

  it('keeps its subscribers, and events that it has yet to send', async () => {
    const stub = env.CHAT_ROOM.getByName(newId())
    await runInDurableObject(stub, (_room, { storage }) => {
      storage.sql.exec(`
        drop table subscribers;
        create table subscribers (user_id text primary key, username text not null, until integer not null);
        insert into subscribers values ('user', 'User', 7);
        create table outbox_by_row (id text primary key, type text not null, version integer not null,
          aggregate_type text not null, aggregate_id text not null, sequence integer not null,
          occurred_at integer not null, correlation_id text not null, traceparent text not null, payload text not null);
        drop table outbox;
        alter table outbox_by_row rename to outbox;
        insert into outbox values ('event', 'type', 1, 'kind', 'room', 2, 3, 'request', 'trace', '{"a":1}');
      `)
      const version = storage.kv.get<number>('schema-version') ?? 0
      storage.kv.put('schema-version', version - 1)
    })
    await evictDurableObject(stub)
    const rows = await runInDurableObject(stub, (_room, { storage }) =>
      ['subscribers', 'outbox'].map((table) => storage.sql.exec(`select * from ${table}`).toArray()),
    )
    expect(rows).toEqual([
      [{ user_id: 'user', username: 'User', until: 7 }],
      [
        {
          ...{ id: 'event', type: 'type', version: 1, aggregate_type: 'kind', aggregate_id: 'room', sequence: 2 },
          ...{ occurred_at: 3, correlation_id: 'request', traceparent: 'trace', payload: '{"a":1}' },
        },
      ],
    ])
  })
})
