import type { MeteredSql } from '../shared/metered-sql.ts'

export class Subscribers {
  constructor(_sql: MeteredSql, _callUser: unknown, _clock: () => number) {}
  subscribe(_userId: string, _username: string, _until: number): void {}
  unsubscribe(_userId: string): void {}
  drop(_userId: string): void {}
  tell(_lines: readonly string[], _seq: number): void {}
  userIds(): string[] {
    return []
  }
}
