/** A place in the chain and its hash (64 hex digits), which stands for every row up to there. */
export interface Head {
  position: number
  hash: string
}

/** What is wrong with a trail. */
type Flaw =
  /** A table or one of the triggers that make it append-only is not there. */
  | 'table-missing'
  | 'trigger-missing'
  /** Positions without a seal. */
  | 'seal-missing'
  /** A seal before the first position, or one whose row does not come after that of the seal before. */
  | 'seal-out-of-order'
  /** The row fits the seals around it, and its own seal does not. */
  | 'seal-changed'
  /** The seals fit each other, and the row does not. */
  | 'row-changed'
  | 'row-missing'
  /** The row has another rowid than its seal says. */
  | 'row-moved'
  /** A row without a seal, before one that has a seal. */
  | 'row-inserted'
  /** A seal does not fit its row, and what follows does not tell which of the two was changed. */
  | 'hash-mismatch'
  /** There is no seal at the position of a head that is known from outside, or it has another hash. */
  | 'head-missing'
  | 'head-differs'

export interface Problem {
  flaw: Flaw
  /** A sentence for a person. */
  what: string
  /** Where in the chain, if it has such a place. */
  position?: number
  auditId?: string
}

export interface AuditReport {
  database: string
  /** False where the database has neither of the tables. */
  hasTrail: boolean
  sealed: number
  /** Rows after the last sealed one: the sealer's next run takes them. */
  unsealed: number
  head: Head | null
  /** Empty where the trail is intact. */
  problems: Problem[]
}
