import { ADDRESSES } from '../route.ts'
import { type LazyPage, lazyPage } from '../shell/lazy-page.tsx'
import { Splash, SplashProblem } from '../shell/splash.tsx'

const meanwhile = {
  waiting: () => <Splash />,
  failed: (problem: unknown, retry: () => void) => <SplashProblem problem={problem} onRetry={retry} />,
}

/** Pages that the links of mails lead to: there whether somebody is signed in or not. */
const PAGES = new Map<string, LazyPage>([
  [
    ADDRESSES.forgotPassword,
    lazyPage(async () => (await import('./forgot-password-page.tsx')).ForgotPasswordPage, meanwhile),
  ],
  [
    ADDRESSES.resetPassword,
    lazyPage(async () => (await import('./reset-password-page.tsx')).ResetPasswordPage, meanwhile),
  ],
  [ADDRESSES.verifyEmail, lazyPage(async () => (await import('./verify-email-page.tsx')).VerifyEmailPage, meanwhile)],
])

export function openPageAt(path: string): LazyPage | undefined {
  return PAGES.get(path)
}
