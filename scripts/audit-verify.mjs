import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { main, Refusal, requirePackages } from './lib/cli.mjs'
import { importSource } from './lib/import-source.mjs'
import { withCopyOfDatabases } from './lib/local-databases.mjs'
import { runTool } from './lib/tool.mjs'
import { QUIET_ENVIRONMENT, readWranglerConfig } from './lib/wrangler-config.mjs'

const USAGE = 'Usage: npm run audit:verify -- [--remote] [--json] [--head DATABASE=HASH@POSITION]...'
/** Each remote read starts wrangler, so it takes more at a time. */
const REMOTE_PAGE_SIZE = 2_000
const SHOWN_PROBLEMS = 20

await main(async () => {
  requirePackages()
  const config = await readWranglerConfig()
  const databases = config.databases.map(({ binding, directory }) => ({ binding, name: basename(directory) }))
  const { remote, json, heads } = readArguments(databases)
  const { verifyAudit } = await importSource('src/platform/audit/verify-audit.ts')
  const { showHash } = await importSource('src/platform/audit/chain.ts')

  const verifyAll = async (readerOf, pageSize) => {
    const reports = []
    for (const { binding, name } of databases) {
      reports.push(await verifyAudit(await readerOf(binding), { database: name, anchor: heads.get(name), pageSize }))
    }
    return reports
  }
  const reports = remote
    ? await verifyAll(readRemote, REMOTE_PAGE_SIZE)
    : await withCopyOfDatabases(config, (open) => verifyAll(async (binding) => readLocal(await open(binding))))

  const isIntact = reports.every(({ problems }) => problems.length === 0)
  if (json) console.log(JSON.stringify({ intact: isIntact, databases: reports }, null, 2))
  else for (const report of reports) console.log(describe(report, showHash))
  return isIntact ? 0 : 1
})

function readLocal(database) {
  return async (sql) => (await database.prepare(sql).all()).results
}

function readRemote(binding) {
  return async (sql) => {
    const args = ['d1', 'execute', binding, '--remote', '--json', '--command', sql]
    const { code, output, stdout } = await runTool('wrangler', args, { env: QUIET_ENVIRONMENT })
    if (code === 0) return JSON.parse(stdout)[0].results
    throw new Refusal(
      `wrangler could not read the database ${binding}:\n${output.trim()}`,
      'It needs CLOUDFLARE_API_TOKEN, or `npx wrangler login`, and the database_id of the deployment in wrangler.toml.',
    )
  }
}

function describe({ database, hasTrail, sealed, unsealed, head, problems }, showHash) {
  const lines = problems.slice(0, SHOWN_PROBLEMS).map(({ flaw, what, position, auditId }) => {
    const place = [position && `position ${position}`, auditId && `row ${auditId}`].filter(Boolean).join(', ')
    return `  ${flaw}${place && ` at ${place}`}: ${what}`
  })
  if (problems.length > lines.length) lines.push(`  and ${problems.length - lines.length} more, see --json`)
  const verdict = problems.length === 0 ? 'intact' : 'BROKEN'
  const counts = hasTrail ? `${verdict}, ${sealed} sealed, ${unsealed} not yet` : 'has no audit trail'
  const where = head ? `, head ${database}=${showHash(head.hash)}@${head.position}` : ''
  return [`${database}: ${counts}${where}`, ...lines].join('\n')
}

function readArguments(databases) {
  try {
    const { values } = parseArgs({
      options: {
        remote: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        head: { type: 'string', multiple: true, default: [] },
      },
    })
    return { ...values, heads: new Map(values.head.map((text) => readHead(text, databases))) }
  } catch (error) {
    throw new Refusal(`npm run audit:verify: ${error.message}`, USAGE)
  }
}

/** `core=HASH@POSITION`, the hash with or without the colons with which it is logged. */
function readHead(text, databases) {
  const [, name, hash = '', position] = /^([\w-]+)=([\da-f:]+)@([1-9]\d{0,14})$/i.exec(text) ?? []
  const digits = hash.replaceAll(':', '').toLowerCase()
  if (!databases.some((database) => database.name === name) || digits.length !== 64) {
    const names = databases.map((database) => database.name).join(', ')
    throw new Error(`'${text}' is no head. It is DATABASE=HASH@POSITION; the databases are ${names}.`)
  }
  return [name, { hash: digits, position: Number(position) }]
}
