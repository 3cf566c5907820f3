import { dailyOf } from './day.ts'
import type { Inputs } from './inputs.ts'
import { code, percent, short, type Table } from './table.ts'

/** What is assumed, and how long what people leave behind is kept. */
export function dataTables(inputs: Inputs): Table[] {
  const { behaviour } = inputs
  return [
    {
      name: 'behaviour',
      title: 'What a daily user does a day',
      head: ['', 'does', 'a day', 'in the ledger'],
      rows: [
        ...behaviour.acts.map(({ group, what, aDay, entry }) => [group, what, short(aDay), code(entry)]),
        ...behaviour.chat.rooms.map((room) => [
          ...['talk', `writes in a ${room.class} of ${short(room.members)}`],
          ...[short(behaviour.chat.messagesADay * room.messageShare), code(room.entry)],
        ]),
      ],
    },
    {
      name: 'rooms',
      title: 'Rooms',
      head: ['class', 'members', 'rooms of a person', 'share of messages', 'Zipf', 'told elsewhere', 'online'],
      rows: behaviour.chat.rooms.map((room) => [
        ...[room.class, short(room.members), short(room.roomsAUser), percent(room.messageShare), short(room.zipf)],
        ...[percent(room.absentShare), percent(room.onlineShare)],
      ]),
    },
    {
      name: 'assumptions',
      title: 'What else is assumed',
      head: ['', '', ''],
      rows: (['day', 'chat', 'machine'] as const).flatMap((part) =>
        Object.entries(behaviour[part]).flatMap(([name, value]) =>
          typeof value === 'number' ? [[part, code(name), short(value)]] : [],
        ),
      ),
    },
    storageTable(inputs),
  ]
}

function storageTable(inputs: Inputs): Table {
  return {
    name: 'storage',
    title: 'What a daily user leaves behind in a year',
    head: ['database', 'table', 'rows a day', 'kept', 'KB after a year'],
    rows: dailyOf(inputs).stored.map(({ database, table, rowsADay, keepDays, bytesAUser }) => [
      ...[database, table, short(rowsADay), keepDays === undefined ? 'for ever' : `${keepDays} days`],
      short(bytesAUser / 1_000),
    ]),
  }
}
