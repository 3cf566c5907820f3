import { CacheModule } from '@nestjs/cache-manager'
import { Module } from '@nestjs/common'
import { APP_GUARD } from '@nestjs/core'
import { JwtModule } from '@nestjs/jwt'
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler'
import { AuthController } from './auth/auth.controller.ts'
import { AuthService } from './auth/auth.service.ts'
import { DatabaseService } from './database.service.ts'
import { HealthController } from './health.controller.ts'
import { ProductsController } from './products/products.controller.ts'
import { ProductsService } from './products/products.service.ts'
import { WindowStorage } from './window.storage.ts'

const FIFTEEN_MINUTES_S = 15 * 60
const A_MINUTE_MS = 60_000

@Module({
  imports: [
    // Counted for everybody, as the Worker does, and never reached here.
    ThrottlerModule.forRoot({
      throttlers: [{ ttl: A_MINUTE_MS, limit: 100_000_000 }],
      storage: new WindowStorage(),
    }),
    CacheModule.register({ ttl: A_MINUTE_MS }),
    JwtModule.register({ secret: process.env.JWT_SECRET, signOptions: { expiresIn: FIFTEEN_MINUTES_S } }),
  ],
  controllers: [HealthController, ProductsController, AuthController],
  providers: [DatabaseService, ProductsService, AuthService, { provide: APP_GUARD, useClass: ThrottlerGuard }],
})
export class AppModule {}
