import { MeteredSql } from '../../durable-objects/shared/metered-sql.ts'
import { MeteredD1 } from '../../src/platform/db/metered-d1.ts'

/** How SQLite finds what a statement asks for, step by step. */
export interface QueryPlan {
  of: 'database' | 'object'
  sql: string
  steps: string[]
}

interface Watch {
  /** Statements to a database that were not explained yet, with what was bound to them last. */
  waiting: Map<string, unknown[]>
  /** All that were met. */
  known: Set<string>
  explained: QueryPlan[]
}

const WATCH = Symbol.for('selvage.query-plans')

/** One an isolate: files of tests share it, and what they test. */
function watchOf(): Watch {
  const shared = globalThis as { [WATCH]?: Watch }
  shared[WATCH] ??= startWatch()
  return shared[WATCH]
}

/** From here on every statement of the code under test is noted, those of objects with their plan. */
function startWatch(): Watch {
  const watch: Watch = { waiting: new Map(), known: new Set(), explained: [] }
  const isNew = (sql: string) => !watch.known.has(sql) && watch.known.add(sql) !== undefined

  const { prepare } = MeteredD1.prototype
  MeteredD1.prototype.prepare = function note(this: MeteredD1, sql: string) {
    const statement = prepare.call(this, sql)
    if (!isNew(sql)) return statement
    watch.waiting.set(sql, [])
    const bind = statement.bind.bind(statement)
    return Object.assign(statement, {
      bind: (...values: unknown[]) => {
        watch.waiting.set(sql, values)
        return bind(...values)
      },
    })
  }

  const { all } = MeteredSql.prototype
  MeteredSql.prototype.all = function note<T extends object>(
    this: MeteredSql,
    sql: string,
    ...values: Parameters<typeof all>[1][]
  ): T[] {
    const rows = all.call(this, sql, ...values) as T[]
    if (isNew(sql)) {
      const plan = all.call(this, `explain query plan ${sql}`, ...values) as { detail: string }[]
      watch.explained.push({ of: 'object', sql, steps: plan.map(({ detail }) => detail) })
    }
    return rows
  }
  return watch
}

export function watchPlans(): void {
  watchOf()
}

/** The plans of all statements that were met for the first time since it was asked last. */
export async function newPlans(databases: readonly D1Database[]): Promise<QueryPlan[]> {
  const { waiting, explained } = watchOf()
  const statements = [...waiting]
  waiting.clear()
  const plans = await Promise.all(statements.map(([sql, values]) => planOf(sql, values, databases)))
  return [...explained.splice(0), ...plans.filter((plan) => plan !== undefined)]
}

/** For a test whose tables are its own: what it asks of them is no statement of ours. */
export async function forgetNewPlans(): Promise<void> {
  await newPlans([])
}

/** By the first database that knows its tables; undefined where none does: a test had made them. */
async function planOf(
  sql: string,
  values: unknown[],
  databases: readonly D1Database[],
): Promise<QueryPlan | undefined> {
  for (const database of databases) {
    try {
      const statement = database.prepare(`explain query plan ${sql}`).bind(...values)
      const { results } = await statement.all<{ detail: string }>()
      return { of: 'database', sql, steps: results.map(({ detail }) => detail) }
    } catch (error) {
      if (!/no such (table|column)/.test(String(error))) throw error
    }
  }
  return undefined
}
