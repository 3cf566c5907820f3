import { billByGroup, monthlyBill, pricedActs, priceOfAMillion } from './bill.ts'
import { type Inputs, PLAN, PRICES } from './inputs.ts'
import { opsOf } from './ledger.ts'
import { savingRows } from './savings.ts'
import { code, dollars, short, type Table } from './table.ts'

const BILLED_USERS = 10_000

/** Prices, what a million of each cost, and the bill of a month. */
export function billTables(inputs: Inputs): Table[] {
  const { lines, gross, net } = monthlyBill(inputs, BILLED_USERS)
  const { behaviour } = inputs
  const perMillion = [
    ...pricedActs(inputs).map(({ act, dollars, isEstimated }) => ({ entry: act.entry, dollars, isEstimated })),
    ...behaviour.chat.rooms.map((room) => {
      const { entry } = room
      const { ops, isEstimated } = opsOf(inputs, room)
      const cpuMs = behaviour.machine.cpuMs * (ops.worker ?? 0)
      return { entry, isEstimated, dollars: priceOfAMillion(ops, { cpuMs }, behaviour) }
    }),
  ].toSorted((a, b) => b.dollars - a.dollars)
  return [
    {
      name: 'prices',
      title: `Prices of ${PLAN.asOf}; the plan itself is ${dollars(PLAN.monthly)} a month`,
      head: ['product', 'unit', 'price', 'included a month'],
      rows: Object.values(PRICES).map(({ product, what, price, per, included, page }) => [
        `[${product}](${page})`,
        what,
        per === 1 ? `$${price}` : `$${price} for ${short(per)}`,
        short(included),
      ]),
    },
    {
      name: 'million',
      title: 'What a million cost, nothing included',
      head: ['a million of', 'dollars', ''],
      rows: perMillion.map((row) => [code(row.entry), dollars(row.dollars), row.isEstimated ? 'estimated' : '']),
    },
    {
      name: 'bill',
      title: `A month of ${short(BILLED_USERS)} daily users, a year after the first of them`,
      head: ['', 'a month', 'nothing included', 'as billed'],
      rows: [
        ...lines
          .filter(({ amount }) => amount > 0)
          .map((line) => [
            `${PRICES[line.name].product}: ${PRICES[line.name].what}`,
            ...[short(line.amount), dollars(line.gross), dollars(line.net)],
          ]),
        ['the plan', '', '', dollars(PLAN.monthly)],
        ['together', '', dollars(gross), dollars(net)],
      ],
    },
    {
      name: 'groups',
      title: 'The same by what people do, without storage and mails, nothing included',
      head: ['', 'dollars a month'],
      rows: billByGroup(inputs, BILLED_USERS).map((row) => [row.group, dollars(row.gross)]),
    },
    {
      name: 'savings',
      title: 'What would change the bill, each alone',
      head: ['', 'dollars a month'],
      rows: savingRows(inputs, BILLED_USERS).map((row) => [row.what, dollars(row.net)]),
    },
  ]
}
