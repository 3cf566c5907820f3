import 'reflect-metadata'
import { ValidationPipe } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { AppModule } from './app.module.ts'
import { EnvelopeInterceptor } from './envelope.interceptor.ts'

const adapter = process.argv[2] === 'fastify' ? new FastifyAdapter() : new ExpressAdapter()
const app = await NestFactory.create(AppModule, adapter, { logger: false })
app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }))
app.useGlobalInterceptors(new EnvelopeInterceptor())
await app.listen(0, '127.0.0.1')
const { port } = app.getHttpServer().address() as { port: number }
process.send?.({ url: `http://127.0.0.1:${port}` })
