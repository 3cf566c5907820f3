/** A user as they are stored, whichever version of the API tells of them. Times are milliseconds. */
export interface StoredUser {
  id: string
  email: string
  username: string
  firstName: string
  lastName: string
  phoneNumber: string | null
  avatar: string | null
  bio: string | null
  address: string | null
  isActive: boolean
  version: number
  createdAt: number
  updatedAt: number
  roles: readonly string[]
}

/** Whether the caller may know how to reach the person: themselves, and those who look after accounts. */
export interface Sight {
  seesReach: boolean
}
