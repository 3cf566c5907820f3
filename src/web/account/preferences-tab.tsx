import { useEffect, useMemo, useState } from 'preact/hooks'
import type { NotificationPreferences, PreferencesBody } from '../../client/index.ts'
import { ErrorState } from '../components/error-state.tsx'
import { PageSection } from '../components/page-frame.tsx'
import { lineOf, wordsOf } from '../components/problem-words.ts'
import { Select } from '../components/select.tsx'
import { SkeletonRows } from '../components/skeleton.tsx'
import { Switch } from '../components/switch.tsx'
import { toast } from '../components/toast.tsx'
import { useStore } from '../store.ts'
import { useWorkspace } from '../workspace.ts'
import { CategoryChoices } from './category-choices.tsx'
import { createPreferences } from './preferences-store.ts'

/** How one wants to be told of what. Each press holds at once, and is taken back where it could not be stored. */
export function PreferencesTab() {
  const { client } = useWorkspace()
  const preferences = useMemo(() => createPreferences(client), [client])
  const { status, problem, shown, saving } = useStore(preferences.state)
  useEffect(() => void preferences.load(), [preferences])

  const [hasFailed, setFailed] = useState(false)
  const change = async (wanted: PreferencesBody) => {
    setFailed(false)
    try {
      await preferences.change(wanted)
    } catch (error) {
      setFailed(true)
      const why = wordsOf(error).kind === 'offline' ? 'There is no connection.' : lineOf(error)
      toast({ text: `That was not stored, and is as it was. ${why}`, tone: 'bad' })
    }
  }
  if (!shown) {
    return (
      <PageSection title="Channels">
        {status === 'failed' ? (
          <ErrorState problem={problem} onRetry={() => void preferences.load()} />
        ) : (
          <SkeletonRows count={4} label="Loading your preferences" />
        )}
      </PageSection>
    )
  }
  return (
    <div class="preferences" data-testid="preferences" data-saving={saving > 0}>
      <Channels shown={shown} change={change} />
      <PageSection title="What is sent out" about="In the app you see all of it. This is what goes out beyond it.">
        <CategoryChoices shown={shown} change={change} />
      </PageSection>
      <Digest shown={shown} change={change} />
      <p class="preferences-state" role="status">
        {saving > 0 ? 'Saving…' : hasFailed ? 'The last change was not stored.' : 'All changes are stored.'}
      </p>
    </div>
  )
}

interface PartProps {
  shown: NotificationPreferences
  change: (wanted: PreferencesBody) => void
}

function Channels({ shown, change }: PartProps) {
  return (
    <PageSection title="Channels" about="A channel that is off tells you nothing, whatever is chosen below.">
      <div class="switches">
        <Switch
          label="In the app"
          hint="The bell, the inbox and the number in the title of the window."
          checked={shown.inAppEnabled}
          onChange={(inAppEnabled) => change({ inAppEnabled })}
          testId="channel-in-app"
        />
        <Switch
          label="E-mail"
          hint="Nothing goes out by e-mail yet. What you choose holds once it does."
          checked={shown.emailEnabled}
          onChange={(emailEnabled) => change({ emailEnabled })}
          testId="channel-email"
        />
        <Switch
          label="Push"
          hint="Nothing is pushed to devices yet. What you choose holds once it is."
          checked={shown.pushEnabled}
          onChange={(pushEnabled) => change({ pushEnabled })}
          testId="channel-push"
        />
      </div>
    </PageSection>
  )
}

const FREQUENCIES = [
  { value: 'daily', label: 'Once a day' },
  { value: 'weekly', label: 'Once a week' },
] as const

function Digest({ shown, change }: PartProps) {
  return (
    <PageSection title="E-mail digest">
      <div class="switches">
        <Switch
          label="One e-mail for many"
          hint="Instead of one for each happening."
          checked={shown.emailDigest}
          isDisabled={!shown.emailEnabled}
          onChange={(emailDigest) => change({ emailDigest })}
          testId="digest"
        />
      </div>
      <Select
        label="How often"
        options={FREQUENCIES}
        value={shown.digestFrequency}
        isDisabled={!shown.emailEnabled || !shown.emailDigest}
        onChange={(digestFrequency) => change({ digestFrequency })}
        testId="digest-frequency"
      />
    </PageSection>
  )
}
