import Database from 'better-sqlite3'

interface Message {
  id: string
  roomId: string
  senderId: string
  content: string
}

interface Notification {
  id: string
  userId: string
  title: string
  message: string
}

export interface Store {
  /** Answers its place among all messages. */
  keepMessage(message: Message): number
  keepNotifications(notifications: readonly Notification[]): void
}

/** Each call is stored when it returns. */
export function openStore(file: string): Store {
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = NORMAL')
  database.exec(`
    create table if not exists messages (seq integer primary key, id text, room text, author text, content text, at integer);
    create table if not exists notifications (id text primary key, user_id text, title text, message text, at integer)`)
  const insert = database.prepare('insert into messages (id, room, author, content, at) values (?, ?, ?, ?, ?)')
  const notify = database.prepare('insert into notifications (id, user_id, title, message, at) values (?, ?, ?, ?, ?)')
  return {
    keepMessage: ({ id, roomId, senderId, content }) =>
      Number(insert.run(id, roomId, senderId, content, Date.now()).lastInsertRowid),
    keepNotifications: database.transaction((notifications: readonly Notification[]) => {
      for (const { id, userId, title, message } of notifications) notify.run(id, userId, title, message, Date.now())
    }),
  }
}
