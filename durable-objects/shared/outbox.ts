import { currentCall } from '../../src/platform/call.ts'
import { type EventEnvelope, type EventType, payloadOf } from '../../src/platform/events.ts'
import { newId } from '../../src/platform/ids.ts'
import { type RelayPorts, sendToSubscribers } from '../../src/platform/outbox/relay.ts'
import type { MeteredSql } from './metered-sql.ts'
import type { Migration } from './migrations.ts'

/** The outbox of an object: the same columns as a database's, without the mark, as sent rows go. */
export const OUTBOX_TABLE: Migration = `
  create table outbox (
    id text primary key,
    type text not null,
    version integer not null,
    aggregate_type text not null,
    aggregate_id text not null,
    sequence integer not null,
    occurred_at integer not null,
    correlation_id text not null,
    traceparent text not null,
    payload text not null
  )`

const DRAIN_LIMIT = 100

interface Row {
  id: string
  type: string
  version: number
  aggregate_type: string
  aggregate_id: string
  sequence: number
  occurred_at: number
  correlation_id: string
  traceparent: string
  payload: string
}

export function makeEvent<P>(
  type: EventType<P>,
  fact: { aggregateId: string; sequence: number; payload: P },
): EventEnvelope<P> {
  const { correlationId, traceparent } = currentCall()
  return {
    id: newId(),
    type: type.type,
    version: type.version,
    aggregateType: type.aggregateType,
    ...fact,
    payload: payloadOf(type, fact.payload),
    occurredAt: Date.now(),
    correlationId,
    traceparent,
  }
}

/** Written in the transaction of the change, drained by the object's alarm. */
export class ObjectOutbox {
  readonly #sql: MeteredSql

  constructor(sql: MeteredSql) {
    this.#sql = sql
  }

  add(event: EventEnvelope): void {
    this.#sql.all(
      'insert into outbox values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      event.id,
      event.type,
      event.version,
      event.aggregateType,
      event.aggregateId,
      event.sequence,
      event.occurredAt,
      event.correlationId,
      event.traceparent,
      JSON.stringify(event.payload),
    )
  }

  get isEmpty(): boolean {
    return this.#sql.first('select 1 as found from outbox limit 1') === undefined
  }

  /** Drops events whose effect is there already. */
  remove(ids: readonly string[]): void {
    if (ids.length === 0) return
    this.#sql.all('delete from outbox where id in (select value from json_each(?))', JSON.stringify(ids))
  }

  /** Sends the oldest rows and forgets them. At least once. Resolves to whether there may be more. */
  async drain(ports: RelayPorts): Promise<boolean> {
    const rows = this.#sql.all<Row>('select * from outbox order by id limit ?', DRAIN_LIMIT)
    if (rows.length === 0) return false
    await sendToSubscribers(rows.map(toEnvelope), ports)
    this.remove(rows.map(({ id }) => id))
    return rows.length === DRAIN_LIMIT
  }
}

function toEnvelope(row: Row): EventEnvelope {
  return {
    id: row.id,
    type: row.type,
    version: row.version,
    aggregateType: row.aggregate_type,
    aggregateId: row.aggregate_id,
    sequence: row.sequence,
    occurredAt: row.occurred_at,
    correlationId: row.correlation_id,
    traceparent: row.traceparent,
    payload: JSON.parse(row.payload),
  }
}
