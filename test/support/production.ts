/** What must differ in production, where a test looks at how it is there. */
export const PRODUCTION = {
  ENVIRONMENT: 'production',
  FRONTEND_URL: 'https://selvage.test',
  MAIL_ADAPTER: 'send-email',
}
