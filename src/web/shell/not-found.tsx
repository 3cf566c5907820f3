import { Button } from '../components/button.tsx'
import { Notice } from '../components/notice.tsx'
import { HOME, navigate } from '../route.ts'
import { useTitle } from './title.ts'

export function NotFound() {
  useTitle('Page not found')
  return (
    <main class="splash">
      <Notice title="There is no such page" withMark level={1} testId="unknown-address">
        <p>The address may be mistyped, or the page has moved.</p>
        <Button kind="primary" onPress={() => navigate(HOME)}>
          To the start
        </Button>
      </Notice>
    </main>
  )
}
