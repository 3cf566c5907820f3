import { useEffect, useRef, useState } from 'preact/hooks'
import type { RoomWithMembers, UpdateRoomBody } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { Select } from '../../components/select.tsx'
import { TextArea } from '../../components/text-area.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { useWorkspace } from '../../workspace.ts'
import { type FieldProblems, fieldProblemsOf, NO_FIELD_PROBLEMS } from './field-problems.ts'
import { FormProblem } from './form-problem.tsx'
import { LeaveGroup } from './leave-group.tsx'
import { NotifyChoice } from './notify-choice.tsx'
import { JOIN_POLICIES, slowModes, WHO_MAY } from './room-choices.ts'
import type { RoomDetails } from './room-details-store.ts'
import { permissionsIn } from './room-permissions.ts'

interface SettingsTabProps {
  details: RoomDetails
  room: RoomWithMembers
}

export function SettingsTab({ details, room }: SettingsTabProps) {
  const { mayEdit, mayGovern } = permissionsIn(room)
  return (
    <div class="details-part" data-testid="settings-tab">
      <section class="details-section">
        <h3>For you</h3>
        <NotifyChoice details={details} room={room} />
      </section>
      <section class="details-section">
        <h3>The group</h3>
        {mayEdit ? <NameForm details={details} room={room} /> : <AboutGroup room={room} />}
      </section>
      {mayEdit && (
        <section class="details-section">
          <h3>Rules</h3>
          <Rules details={details} room={room} mayGovern={mayGovern} />
        </section>
      )}
      <LeaveGroup details={details} room={room} />
    </div>
  )
}

/** Shows a change at once, and what was before where it is refused. */
function useUpdate({ details, room }: SettingsTabProps, onProblem?: (problem: unknown) => void) {
  const { client, rooms } = useWorkspace()
  return useAction(
    async (change: UpdateRoomBody) => {
      const { name, settings, topic } = room
      const { name: newName = name, ...others } = change
      details.note({ name: newName, topic: others.topic ?? topic, settings: { ...settings, ...others } })
      try {
        const updated = await client.rooms.update(room.id, change)
        rooms.add(updated)
      } catch (problem) {
        details.note({ name, topic, settings })
        throw problem
      }
      return true
    },
    onProblem ? { onProblem: (_words, problem) => onProblem(problem) } : {},
  )
}

function NameForm({ details, room }: SettingsTabProps) {
  const [name, setName] = useState(room.name)
  const [topic, setTopic] = useState(room.settings.topic)
  const [problems, setProblems] = useState<FieldProblems>(NO_FIELD_PROBLEMS)
  const update = useUpdate({ details, room }, (problem) => setProblems(fieldProblemsOf(problem, ['name', 'topic'])))
  const isChanged = name.trim() !== room.name || topic.trim() !== room.settings.topic

  // Somebody else has changed it meanwhile; what is being typed stays.
  const [known, setKnown] = useState({ name: room.name, topic: room.settings.topic })
  useEffect(() => {
    if (update.isBusy) return
    if (name === known.name) setName(room.name)
    if (topic === known.topic) setTopic(room.settings.topic)
    setKnown({ name: room.name, topic: room.settings.topic })
  }, [room.name, room.settings.topic])

  const save = async () => {
    setProblems(NO_FIELD_PROBLEMS)
    if (name.trim() === '') return setProblems({ form: null, fields: { name: 'A group has a name' } })
    const change = {
      ...(name.trim() === room.name ? {} : { name: name.trim() }),
      ...(topic.trim() === room.settings.topic ? {} : { topic: topic.trim() }),
    }
    if (await update.run(change)) toast({ text: 'Saved', tone: 'good' })
  }
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (isChanged) void save()
      }}
    >
      <FormProblem text={problems.form} />
      <Field
        label="Name"
        name="name"
        maxLength={100}
        value={name}
        onInput={setName}
        error={problems.fields.name}
        testId="settings-name"
      />
      <TextArea
        label="Topic"
        name="topic"
        rows={2}
        maxLength={500}
        value={topic}
        onInput={setTopic}
        error={problems.fields.topic}
        optional
        testId="settings-topic"
      />
      <div class="form-actions">
        <Button type="submit" kind="primary" disabled={!isChanged} isBusy={update.isBusy} testId="settings-save">
          Save
        </Button>
      </div>
    </form>
  )
}

function Rules({ details, room, mayGovern }: SettingsTabProps & { mayGovern: boolean }) {
  const { settings } = room
  const update = useUpdate({ details, room })
  // One after the other: none is dropped because the one before it is still under way.
  const last = useRef<Promise<unknown>>(Promise.resolve())
  const change = (part: UpdateRoomBody) => {
    last.current = last.current.then(() => update.run(part))
  }
  return (
    <div class="form" aria-busy={update.isBusy}>
      <Select
        label="Slow mode"
        options={slowModes(settings.slowModeSeconds)}
        value={String(settings.slowModeSeconds)}
        onChange={(value) => change({ slowModeSeconds: Number(value) })}
        hint="The least time between two messages of one member. Owners and moderators need not wait."
        testId="settings-slow-mode"
      />
      <Select
        label="Who may join"
        options={JOIN_POLICIES}
        value={settings.joinPolicy}
        onChange={(joinPolicy) => change({ joinPolicy })}
        isDisabled={!mayGovern}
        testId="settings-join-policy"
      />
      <Select
        label="Who may add and invite people"
        options={WHO_MAY}
        value={settings.whoInvites}
        onChange={(whoInvites) => change({ whoInvites })}
        isDisabled={!mayGovern}
        testId="settings-who-invites"
      />
      <Select
        label="Who may write"
        options={WHO_MAY}
        value={settings.whoPosts}
        onChange={(whoPosts) => change({ whoPosts })}
        isDisabled={!mayGovern}
        testId="settings-who-posts"
      />
      {!mayGovern && <p class="details-hint">Who may join, invite and write is for owners to say.</p>}
    </div>
  )
}

const labelOf = <Value extends string>(options: readonly { value: Value; label: string }[], value: Value) =>
  options.find((option) => option.value === value)?.label ?? value

/** For those who may look and not touch. */
function AboutGroup({ room: { name, settings } }: { room: RoomWithMembers }) {
  const facts = [
    ['Name', name],
    ['Topic', settings.topic || 'None'],
    ['Who may join', labelOf(JOIN_POLICIES, settings.joinPolicy)],
    ['Who may add and invite people', labelOf(WHO_MAY, settings.whoInvites)],
    ['Who may write', labelOf(WHO_MAY, settings.whoPosts)],
    ['Slow mode', labelOf(slowModes(settings.slowModeSeconds), String(settings.slowModeSeconds))],
  ]
  return (
    <>
      <dl class="group-facts" data-testid="group-facts">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="details-hint">Owners and moderators change this.</p>
    </>
  )
}
