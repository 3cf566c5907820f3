import { Body, Controller, Get, HttpCode, Post, Req, UseGuards } from '@nestjs/common'
import { AuthService } from './auth.service.ts'
import { LoginDto, RegisterDto } from './credentials.dto.ts'
import { JwtGuard, type Signed } from './jwt.guard.ts'

@Controller('v1/auth')
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @Post('register')
  register(@Body() body: RegisterDto) {
    return this.auth.register(body)
  }

  @Post('login')
  @HttpCode(200)
  login(@Body() body: LoginDto) {
    return this.auth.login(body)
  }

  @Get('me')
  @UseGuards(JwtGuard)
  me(@Req() request: Signed) {
    return this.auth.find(request.user?.sub ?? '')
  }
}
