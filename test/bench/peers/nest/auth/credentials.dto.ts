import { IsEmail, IsOptional, IsString, Length, Matches } from 'class-validator'

const PASSWORD = /(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^A-Za-z\d])/

export class LoginDto {
  @IsEmail() @Length(3, 254) email!: string

  @IsString() @Length(8, 128) password!: string
}

export class RegisterDto {
  @IsEmail() @Length(3, 254) email!: string

  @IsString() @Length(8, 128) @Matches(PASSWORD) password!: string

  @IsString() @Length(1, 50) firstName!: string

  @IsString() @Length(1, 50) lastName!: string

  @IsOptional() @IsString() @Length(3, 30) username?: string
}
