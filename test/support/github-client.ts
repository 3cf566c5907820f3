/** Selvage as GitHub knows it in tests. */
export const GITHUB = {
  kind: 'github' as const,
  clientId: 'Iv1.0123456789abcdef',
  clientSecret: 'a-secret-of-github',
}
