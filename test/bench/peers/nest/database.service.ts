import { Injectable, type OnModuleDestroy } from '@nestjs/common'
import Database from 'better-sqlite3'

/** One file in this process, as fast as SQLite can be asked: every statement is prepared once. */
@Injectable()
export class DatabaseService implements OnModuleDestroy {
  readonly #database = new Database(process.env.DATABASE_FILE ?? ':memory:')
  readonly #statements = new Map<string, Database.Statement>()

  constructor() {
    this.#database.pragma('journal_mode = WAL')
    this.#database.pragma('synchronous = NORMAL')
  }

  all<Row>(sql: string, ...values: unknown[]): Row[] {
    return this.#statement(sql).all(...values) as Row[]
  }

  get<Row>(sql: string, ...values: unknown[]): Row | undefined {
    return this.#statement(sql).get(...values) as Row | undefined
  }

  run(sql: string, ...values: unknown[]): void {
    this.#statement(sql).run(...values)
  }

  onModuleDestroy() {
    this.#database.close()
  }

  #statement(sql: string): Database.Statement {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#database.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}
