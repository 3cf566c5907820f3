import { useState } from 'preact/hooks'
import type { Person } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { fullName } from '../../names.ts'
import { PeoplePicker } from '../../people/people-picker.tsx'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { fieldProblemsOf, NO_FIELD_PROBLEMS } from './field-problems.ts'
import { FormProblem } from './form-problem.tsx'
import type { RoomDetails } from './room-details-store.ts'

const MOST_PEOPLE = 100

export function AddPeople({ details, onClose }: { details: RoomDetails; onClose: () => void }) {
  const { client } = useWorkspace()
  const { members } = useStore(details.state)
  const [people, setPeople] = useState<Person[]>([])
  const [problems, setProblems] = useState(NO_FIELD_PROBLEMS)
  const add = useAction(
    async () => {
      setProblems(NO_FIELD_PROBLEMS)
      await client.rooms.addMembers(
        details.roomId,
        people.map(({ id }) => id),
      )
      void details.load()
      onClose()
      const [first] = people
      toast({
        text: people.length === 1 && first ? `${fullName(first)} was added` : `${people.length} people were added`,
        tone: 'good',
      })
    },
    {
      onProblem: (_words, problem) => {
        const { form, fields } = fieldProblemsOf(problem, ['userIds'])
        setProblems({ form, fields: { memberIds: fields.userIds ?? '' } })
      },
    },
  )
  const submit = () => {
    if (people.length === 0) setProblems({ form: null, fields: { memberIds: 'Choose somebody first' } })
    else void add.run()
  }
  return (
    <Dialog
      title="Add people"
      onClose={onClose}
      testId="add-people-dialog"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isBusy={add.isBusy} onPress={submit} testId="add-people-yes">
            Add
          </Button>
        </>
      }
    >
      <div class="form">
        <FormProblem text={problems.form} />
        <PeoplePicker
          label="People"
          picked={people}
          onChange={setPeople}
          refusalOf={({ id }) => (members.some((member) => member.id === id) ? 'Is a member' : null)}
          error={problems.fields.memberIds || undefined}
          most={MOST_PEOPLE}
        />
      </div>
    </Dialog>
  )
}
