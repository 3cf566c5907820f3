import { CacheInterceptor } from '@nestjs/cache-manager'
import { Controller, Get, Param, ParseUUIDPipe, Query, UseGuards, UseInterceptors } from '@nestjs/common'
import { JwtGuard } from '../auth/jwt.guard.ts'
import { ListProductsDto, SearchProductsDto } from './list-products.dto.ts'
import { ProductsService } from './products.service.ts'

@Controller('v1')
export class ProductsController {
  constructor(private readonly products: ProductsService) {}

  @Get('products')
  list(@Query() query: ListProductsDto) {
    return this.products.list(query)
  }

  @Get('products/search')
  search(@Query() query: SearchProductsDto) {
    return this.products.search(query)
  }

  /** From the table each time. */
  @Get('products/:id')
  find(@Param('id', ParseUUIDPipe) id: string) {
    return this.products.find(id)
  }

  /** A list out of the cache of the framework. */
  @Get('cached-products')
  @UseInterceptors(CacheInterceptor)
  listCached(@Query() query: ListProductsDto) {
    return this.products.list(query)
  }

  /** The same, for somebody who is signed in: guards come before the cache. */
  @Get('signed-in-cached-products')
  @UseGuards(JwtGuard)
  @UseInterceptors(CacheInterceptor)
  listCachedSignedIn(@Query() query: ListProductsDto) {
    return this.products.list(query)
  }

  /** One product out of the cache, for somebody who is signed in. */
  @Get('signed-in-cached-products/:id')
  @UseGuards(JwtGuard)
  @UseInterceptors(CacheInterceptor)
  findCachedSignedIn(@Param('id', ParseUUIDPipe) id: string) {
    return this.products.find(id)
  }

  /** One product, for somebody who is signed in. */
  @Get('signed-in-products/:id')
  @UseGuards(JwtGuard)
  findSignedIn(@Param('id', ParseUUIDPipe) id: string) {
    return this.products.find(id)
  }
}
