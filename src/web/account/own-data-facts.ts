import type { AccountExport } from '../../client/index.ts'
import { fullTime, longDate } from '../times.ts'

type List = AccountExport['cut'][number]

/** What is kept of somebody in a few lines, each list by how long it is: the file has the lists themselves. */
export function factsOf(data: AccountExport): [term: string, value: string][] {
  const { account, security, cut } = data
  const count = (list: List, items: readonly unknown[], one: string, many: string): string =>
    cut.includes(list) ? `more than ${items.length} ${many}` : `${items.length} ${items.length === 1 ? one : many}`
  const ways = [
    security.hasPassword ? 'a password' : 'no password',
    count('passkeys', security.passkeys, 'passkey', 'passkeys'),
    count('linkedAccounts', security.linkedAccounts, 'linked account', 'linked accounts'),
    count('apiKeys', security.apiKeys, 'API key', 'API keys'),
  ]
  const given = [
    count('grants', security.grants, 'permission', 'permissions'),
    count('grantsOnThings', security.grantsOnThings, 'grant on a thing', 'grants on things'),
  ]
  const sessions = [
    count('sessions', data.sessions, 'now', 'now'),
    count('endedSessions', data.endedSessions, 'that has ended', 'that have ended'),
  ]
  return [
    ['Account', `${account.firstName} ${account.lastName}, @${account.username}, ${account.email}`],
    ['Made on', longDate(account.createdAt)],
    ['Last signed in', account.lastLoginAt === null ? 'Not known' : fullTime(account.lastLoginAt)],
    ['Found by name', account.isDiscoverable ? 'Yes' : 'No'],
    ['Tier', account.tier],
    ['Ways to sign in', ways.join(', ')],
    ['Given besides roles', given.join(', ')],
    ['Sessions', sessions.join(', ')],
    ['Mails with a link', data.mailedTo.map(({ email }) => email).join(', ') || 'None'],
    ['Mails asked for', count('actsOnAddress', data.actsOnAddress, 'time', 'times')],
    ['Rooms, left ones too', count('rooms', data.rooms, 'room', 'rooms')],
    ['Blocked', count('blocked', data.blocked, 'person', 'people')],
    ['Reported', count('reports', data.reports, 'message', 'messages')],
    ['Products reviewed', count('productReviews', data.productReviews, 'product', 'products')],
    ['Told', count('notifications', data.notifications, 'notification', 'notifications')],
    ['Done to the account', count('acts', data.acts, 'act', 'acts')],
    ['Done to anything else', count('actsBy', data.actsBy, 'act', 'acts')],
    ['As of', fullTime(data.exportedAt)],
  ]
}
