import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common'
import { map, type Observable } from 'rxjs'

/** The envelope that the Worker answers in. */
@Injectable()
export class EnvelopeInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { url } = context.switchToHttp().getRequest<{ url: string }>()
    return next.handle().pipe(
      map((answer: { data: unknown; meta?: object }) => ({
        success: true,
        data: answer.data,
        meta: { timestamp: new Date().toISOString(), ...answer.meta },
        path: url,
      })),
    )
  }
}
