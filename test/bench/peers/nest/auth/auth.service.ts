import { randomBytes, randomUUID, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { ConflictException, Injectable, NotFoundException, UnauthorizedException } from '@nestjs/common'
import { JwtService } from '@nestjs/jwt'
import { DatabaseService } from '../database.service.ts'
import { type LoginDto, type RegisterDto } from './credentials.dto.ts'

interface UserRow {
  id: string
  email: string
  password_hash: string
  first_name: string
  last_name: string
  created_at: number
}

const SALT_BYTES = 16
const KEY_BYTES = 32
/** The cost that the Worker pays: 32 MiB, about a third of a second. Here it is paid beside the thread that answers. */
const COST = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 2 ** 20 }
const derive = promisify<string, Buffer, number, typeof COST, Buffer>(scrypt)

@Injectable()
export class AuthService {
  constructor(
    private readonly database: DatabaseService,
    private readonly jwt: JwtService,
  ) {}

  async register({ email, password, firstName, lastName }: RegisterDto) {
    if (this.#byEmail(email)) throw new ConflictException('The address is taken')
    const salt = randomBytes(SALT_BYTES)
    const hash = `${salt.toString('hex')}:${(await derive(password, salt, KEY_BYTES, COST)).toString('hex')}`
    const user: UserRow = {
      id: randomUUID(),
      email: email.toLowerCase(),
      password_hash: hash,
      first_name: firstName,
      last_name: lastName,
      created_at: Date.now(),
    }
    this.database.run(
      'insert into users (id, email, password_hash, first_name, last_name, created_at) values (?, ?, ?, ?, ?, ?)',
      ...[user.id, user.email, user.password_hash, user.first_name, user.last_name, user.created_at],
    )
    return { data: await this.#session(user) }
  }

  async login({ email, password }: LoginDto) {
    const user = this.#byEmail(email)
    if (!user || !(await matches(password, user.password_hash))) throw new UnauthorizedException()
    return { data: await this.#session(user) }
  }

  find(id: string) {
    const user = this.database.get<UserRow>('select * from users where id = ?', id)
    if (!user) throw new NotFoundException()
    return { data: toUser(user) }
  }

  async #session(user: UserRow) {
    const refreshToken = randomBytes(32).toString('base64url')
    this.database.run(
      'insert into sessions (id, user_id, refresh_token, created_at) values (?, ?, ?, ?)',
      ...[randomUUID(), user.id, refreshToken, Date.now()],
    )
    return { user: toUser(user), accessToken: await this.jwt.signAsync({ sub: user.id }), refreshToken }
  }

  #byEmail(email: string): UserRow | undefined {
    return this.database.get<UserRow>('select * from users where email = ?', email.toLowerCase())
  }
}

async function matches(password: string, stored: string): Promise<boolean> {
  const [salt = '', hash = ''] = stored.split(':')
  const known = Buffer.from(hash, 'hex')
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'hex'), known.byteLength, COST), known)
}

function toUser({ id, email, first_name: firstName, last_name: lastName, created_at: createdAt }: UserRow) {
  return { id, email, firstName, lastName, createdAt: new Date(createdAt).toISOString() }
}
