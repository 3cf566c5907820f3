import { useState } from 'preact/hooks'
import type { Person } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Field } from '../../components/field.tsx'
import { Select } from '../../components/select.tsx'
import { useAction } from '../../components/use-action.ts'
import { PeoplePicker } from '../../people/people-picker.tsx'
import { navigate, roomHref } from '../../route.ts'
import { useWorkspace } from '../../workspace.ts'
import { fieldProblemsOf, NO_FIELD_PROBLEMS } from './field-problems.ts'
import { FormProblem } from './form-problem.tsx'
import { JOIN_POLICIES } from './room-choices.ts'

const FIELDS = ['name', 'topic', 'joinPolicy', 'memberIds']
const MOST_PEOPLE = 100

/** A name is enough to begin: topic and people can come later. */
export function NewGroup({ onClose }: { onClose: () => void }) {
  const { client, rooms, user } = useWorkspace()
  const [name, setName] = useState('')
  const [topic, setTopic] = useState('')
  const [joinPolicy, setJoinPolicy] = useState<'open' | 'invite'>('invite')
  const [people, setPeople] = useState<Person[]>([])
  const [problems, setProblems] = useState(NO_FIELD_PROBLEMS)

  const create = useAction(
    async () => {
      setProblems(NO_FIELD_PROBLEMS)
      const memberIds = people.map(({ id }) => id)
      const room = await client.rooms.create({ name: name.trim(), topic, joinPolicy, memberIds })
      rooms.add(room)
      onClose()
      navigate(roomHref(room.id))
    },
    { onProblem: (_words, problem) => setProblems(fieldProblemsOf(problem, FIELDS)) },
  )
  const submit = () => {
    if (name.trim() === '') setProblems({ form: null, fields: { name: 'Give the group a name' } })
    else void create.run()
  }

  return (
    <Dialog
      title="New group"
      onClose={onClose}
      testId="new-group-dialog"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isBusy={create.isBusy} onPress={submit} testId="create-group">
            {create.isBusy ? 'Creating' : 'Create group'}
          </Button>
        </>
      }
    >
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
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
          placeholder="What is it about?"
        />
        <Field
          label="Topic"
          name="topic"
          maxLength={500}
          value={topic}
          onInput={setTopic}
          error={problems.fields.topic}
          optional
        />
        <Select
          label="Who may join"
          name="joinPolicy"
          options={JOIN_POLICIES}
          value={joinPolicy}
          onChange={setJoinPolicy}
          hint={
            joinPolicy === 'open' ? 'It is listed among the open groups.' : 'You can invite more people at any time.'
          }
          error={problems.fields.joinPolicy}
        />
        <PeoplePicker
          label="People"
          picked={people}
          onChange={setPeople}
          refusalOf={({ id }) => (id === user.id ? 'That is you' : null)}
          error={problems.fields.memberIds}
          most={MOST_PEOPLE}
          optional
        />
        {/* Enter in a field creates the group. */}
        <button type="submit" hidden tabIndex={-1} />
      </form>
    </Dialog>
  )
}
