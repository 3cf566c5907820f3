import { Controller, Get } from '@nestjs/common'

@Controller()
export class HealthController {
  @Get('health')
  health() {
    return { data: { status: 'ok' } }
  }

  @Get('version')
  version() {
    return { data: { name: 'peer', version: '0.1.0', environment: 'production' } }
  }
}
