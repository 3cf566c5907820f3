import type { NotificationPreferences, PreferencesBody } from '../../client/index.ts'
import { type Category, isWanted, type OutsideChannel } from './preferences-store.ts'

/** Those that something makes news of. The API has more, and what was chosen of them there stays. */
const CATEGORIES: readonly [category: Category, label: string, hint: string][] = [
  ['new_message', 'Messages', 'Somebody writes to you or mentions you.'],
  ['system', 'Rooms and account', 'Invitations, and what concerns your account.'],
]

const CHANNELS: readonly [channel: OutsideChannel, label: string, isOn: (of: NotificationPreferences) => boolean][] = [
  ['email', 'E-mail', ({ emailEnabled }) => emailEnabled],
  ['push', 'Push', ({ pushEnabled }) => pushEnabled],
]

interface CategoryChoicesProps {
  shown: NotificationPreferences
  change: (wanted: PreferencesBody) => void
}

/** A box for each kind of news and each channel that leaves the house. */
export function CategoryChoices({ shown, change }: CategoryChoicesProps) {
  return (
    <table class="channel-table">
      <caption class="visually-hidden">What is sent out, by kind and channel</caption>
      <thead>
        <tr>
          <th scope="col">
            <span class="visually-hidden">Kind</span>
          </th>
          {CHANNELS.map(([channel, label]) => (
            <th key={channel} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {CATEGORIES.map(([category, label, hint]) => (
          <tr key={category}>
            <th scope="row">
              {label}
              <span class="channel-hint">{hint}</span>
            </th>
            {CHANNELS.map(([channel, channelLabel, isOn]) => (
              <td key={channel}>
                <label class="channel-pick">
                  <span class="visually-hidden">
                    {label} by {channelLabel}
                  </span>
                  <input
                    type="checkbox"
                    checked={isWanted(shown, category, channel)}
                    disabled={!isOn(shown)}
                    data-testid={`choice-${category}-${channel}`}
                    onChange={({ currentTarget }) => {
                      const wanted = currentTarget.checked
                      change({ categoryPreferences: { [category]: { [channel]: wanted } } })
                    }}
                  />
                </label>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
